/* proton receive|send PORT EVENTS BODY-SIZE: Qpid Proton's C proactor against the replay listener.
 *
 * Receives as its example does: the sender settles, every message is decoded, the sequence number and the body's ends are
 * looked at. Sends one message per event, as many as there is credit for, and waits for every outcome. */

#include <proton/codec.h>
#include <proton/connection.h>
#include <proton/delivery.h>
#include <proton/link.h>
#include <proton/message.h>
#include <proton/proactor.h>
#include <proton/session.h>
#include <proton/transport.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static const int CREDIT = 5000;

static bool receiving;
static long goal, events, sent;
static size_t body_size;
static long long checksum;
static char *buffer;
static size_t capacity;
static pn_message_t *message;
static char *encoded;
static size_t encoded_size;

static struct timespec start_wall;
static struct rusage start_usage;
static bool begun;

static double seconds(struct timeval t) { return t.tv_sec + t.tv_usec * 1e-6; }

static void begin(void) {
    if (begun) return;
    begun = true;
    clock_gettime(CLOCK_MONOTONIC, &start_wall);
    getrusage(RUSAGE_SELF, &start_usage);
}

static void finish(void) {
    struct timespec now;
    struct rusage usage;
    clock_gettime(CLOCK_MONOTONIC, &now);
    getrusage(RUSAGE_SELF, &usage);
    double wall = (now.tv_sec - start_wall.tv_sec) + (now.tv_nsec - start_wall.tv_nsec) * 1e-9;
    double user = seconds(usage.ru_utime) - seconds(start_usage.ru_utime);
    double system = seconds(usage.ru_stime) - seconds(start_usage.ru_stime);
    printf("{\"events\": %ld, \"seconds\": %.6f, \"events_per_second\": %.1f, \"mb_per_second\": %.3f, "
           "\"cpu_us_per_event\": %.6f, \"user_us_per_event\": %.6f, \"system_us_per_event\": %.6f, "
           "\"peak_rss_bytes\": %ld}\n",
           goal, wall, goal / wall, (double)goal * body_size / wall / 1e6, (user + system) / goal * 1e6,
           user / goal * 1e6, system / goal * 1e6, usage.ru_maxrss * 1024L);
    fflush(stdout);
}

/* The first message annotation of the replayed events is the sequence number. */
static void look_at_message(void) {
    pn_data_t *annotations = pn_message_annotations(message);
    pn_data_rewind(annotations);
    if (pn_data_next(annotations) && pn_data_enter(annotations) && pn_data_next(annotations) && pn_data_next(annotations))
        checksum += pn_data_get_long(annotations);
    pn_data_t *body = pn_message_body(message);
    pn_data_rewind(body);
    if (pn_data_next(body)) {
        pn_bytes_t bytes = pn_data_get_binary(body);
        if (bytes.size > 0) checksum += bytes.start[0] + bytes.start[bytes.size - 1];
    }
}

static void take_delivery(pn_delivery_t *delivery) {
    if (!pn_delivery_readable(delivery) || pn_delivery_partial(delivery)) return;
    pn_link_t *link = pn_delivery_link(delivery);
    begin();
    size_t size = pn_delivery_pending(delivery);
    if (size > capacity) {
        capacity = size;
        buffer = realloc(buffer, capacity);
        if (!buffer) abort();
    }
    pn_link_recv(link, buffer, size);
    pn_link_advance(link);
    pn_message_clear(message);
    if (pn_message_decode(message, buffer, size) != 0) {
        fprintf(stderr, "proton: a message could not be decoded\n");
        exit(1);
    }
    look_at_message();
    pn_delivery_settle(delivery);
    if (pn_link_credit(link) <= CREDIT / 2) pn_link_flow(link, CREDIT - pn_link_credit(link));
    if (++events == goal) {
        finish();
        pn_connection_close(pn_session_connection(pn_link_session(link)));
    }
}

static void send_messages(pn_link_t *link) {
    begin();
    while (pn_link_credit(link) > 0 && sent < goal) {
        pn_delivery(link, pn_dtag((const char *)&sent, sizeof sent));
        pn_link_send(link, encoded, encoded_size);
        pn_link_advance(link);
        sent++;
    }
}

static void outcome(pn_delivery_t *delivery) {
    if (pn_delivery_remote_state(delivery) != PN_ACCEPTED) return;
    pn_link_t *link = pn_delivery_link(delivery);
    pn_delivery_settle(delivery);
    if (++events == goal) {
        finish();
        pn_connection_close(pn_session_connection(pn_link_session(link)));
    }
}

static void open_link(pn_connection_t *connection) {
    pn_connection_set_container(connection, "proton-c");
    pn_connection_open(connection);
    pn_session_t *session = pn_session(connection);
    pn_session_open(session);
    if (receiving) {
        pn_link_t *link = pn_receiver(session, "receiver");
        pn_terminus_set_address(pn_link_source(link), "replay/Partitions/0");
        pn_link_set_snd_settle_mode(link, PN_SND_SETTLED);
        pn_link_open(link);
        pn_link_flow(link, CREDIT);
    } else {
        pn_link_t *link = pn_sender(session, "sender");
        pn_terminus_set_address(pn_link_target(link), "replay");
        pn_link_set_snd_settle_mode(link, PN_SND_UNSETTLED);
        pn_link_open(link);
    }
}

static void encode_message(void) {
    char *body = malloc(body_size);
    if (!body) abort();
    for (size_t index = 0; index < body_size; index++) body[index] = (char)index;
    pn_message_set_inferred(message, true);
    pn_data_put_binary(pn_message_body(message), pn_bytes(body_size, body));
    encoded_size = body_size + 128;
    encoded = malloc(encoded_size);
    if (!encoded || pn_message_encode(message, encoded, &encoded_size) != 0) abort();
    free(body);
}

static bool handle(pn_event_t *event) {
    switch (pn_event_type(event)) {
    case PN_CONNECTION_INIT: open_link(pn_event_connection(event)); break;
    case PN_LINK_FLOW:
        if (!receiving) send_messages(pn_event_link(event));
        break;
    case PN_DELIVERY:
        if (receiving) take_delivery(pn_event_delivery(event));
        else outcome(pn_event_delivery(event));
        break;
    case PN_TRANSPORT_ERROR:
        fprintf(stderr, "proton: %s\n", pn_condition_get_description(pn_transport_condition(pn_event_transport(event))));
        exit(1);
    case PN_PROACTOR_INACTIVE: return false;
    default: break;
    }
    return true;
}

int main(int count, char **arguments) {
    if (count != 5) {
        fprintf(stderr, "usage: proton receive|send PORT EVENTS BODY-SIZE\n");
        return 2;
    }
    receiving = strcmp(arguments[1], "receive") == 0;
    goal = atol(arguments[3]);
    body_size = (size_t)atol(arguments[4]);
    message = pn_message();
    if (!receiving) encode_message();

    char address[64];
    snprintf(address, sizeof address, "127.0.0.1:%s", arguments[2]);
    pn_proactor_t *proactor = pn_proactor();
    pn_transport_t *transport = pn_transport();
    /* Frames of 64 KiB, as this package's client takes. */
    pn_transport_set_max_frame(transport, 65536);
    pn_proactor_connect2(proactor, pn_connection(), transport, address);
    for (bool running = true; running;) {
        pn_event_batch_t *batch = pn_proactor_wait(proactor);
        for (pn_event_t *event; running && (event = pn_event_batch_next(batch)) != NULL;) running = handle(event);
        pn_proactor_done(proactor, batch);
    }
    pn_proactor_free(proactor);
    return events >= goal ? 0 : 1;
}
