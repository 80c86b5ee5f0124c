"""The old official client of the service's HTTP interface, azure-servicebus 0.21.1, against the emulator: it makes, reads, changes and
deletes an event hub, and sends events, which the official client of today reads over AMQP. `python_administration.py PHASE`.

The client knows one port, 443, and signs URLs with it: an adapter carries its requests to the emulator's port.
"""

import os
import re
import sys
import threading
import urllib.parse

import requests
from azure.eventhub import EventData, EventHubConsumerClient, EventHubProducerClient
from azure.servicebus import EventHub, ServiceBusService

connection_string = os.environ["EVENTHUBS_CONNECTION_STRING"]
endpoint = os.environ["EVENTHUBS_HTTP"]
failed = 0


class ToTheEmulator(requests.adapters.HTTPAdapter):
    def send(self, request, **options):
        url = urllib.parse.urlsplit(request.url)
        assert url.hostname == "namespace.servicebus.windows.net" and (url.port or 443) == 443, request.url
        request.url = endpoint + urllib.parse.urlunsplit(("", "", url.path, url.query, ""))
        return super().send(request, **options)


def service(key):
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", ToTheEmulator())
    return ServiceBusService(
        "namespace",
        shared_access_key_name=re.search("SharedAccessKeyName=([^;]*)", connection_string).group(1),
        shared_access_key_value=key,
        request_session=session,
    )


def check(title, condition, seen=""):
    global failed
    failed += 0 if condition else 1
    print(f"{'ok    ' if condition else 'FAILED'} {title}{f': {seen}' if seen != '' else ''}")


def failure_of(action, *arguments, **options):
    try:
        action(*arguments, **options)
    except Exception as error:  # whatever it is, it is reported
        return error
    return None


def describe(hub):
    return hub.name, hub.message_retention_in_days, hub.status, hub.user_metadata, hub.partition_count, hub.partition_ids


old = service(re.search("SharedAccessKey=([^;]*)", connection_string).group(1))


def make():
    hub = EventHub(message_retention_in_days=3, user_metadata="a < b", partition_count=2)
    check("creates a hub", old.create_event_hub("made", hub) is True)
    check("is told that there is one already", old.create_event_hub("made", hub) is False)
    check("and by an exception", "Conflict" in type(failure_of(old.create_event_hub, "made", hub, fail_on_exist=True)).__name__)
    seen = describe(old.get_event_hub("made"))
    check("reads it", seen == ("made", 3, "Active", "a < b", 2, ["0", "1"]), seen)
    check("creates one with the service's defaults", old.create_event_hub("defaults") is True)
    seen = old.get_event_hub("defaults").partition_count
    check("of 16 partitions", seen == 16, seen)
    changed = old.update_event_hub("made", EventHub(message_retention_in_days=5, user_metadata="changed", partition_count=2))
    seen = describe(changed)
    check("changes it", seen == ("made", 5, "Active", "changed", 2, ["0", "1"]), seen)
    check("reads one of the configuration", old.get_event_hub("telemetry").partition_count == 8)

    old.send_event("made", "plain")
    old.send_event("made", '{"location":"r\u00f8d"}'.encode(), broker_properties='{"PartitionKey":"vehicle-7"}')
    old.send_event("made", "by a device", device_id="device-1")
    print("sent 3 events")

    wrong = service("d3Jvbmcga2V5")
    for title, action in [
        ("reading", lambda: wrong.get_event_hub("made")),
        ("creating", lambda: wrong.create_event_hub("other", fail_on_exist=True)),
        ("sending", lambda: wrong.send_event("made", "x")),
    ]:
        error = failure_of(action)
        check(f"a wrong key keeps it from {title}", getattr(error, "status_code", None) == 401, repr(error))
    error = failure_of(old.get_event_hub, "none")
    check("a hub that is not there is missing", "NotFound" in type(error).__name__, repr(error))
    error = failure_of(old.send_event, "none", "x")
    check("and takes no events", error is not None, repr(error))


def use():
    """Reads what `make` has sent, over AMQP, in a consumer group that our command line has made."""
    events, over = [], threading.Event()

    def on_event(context, event):
        events.append((context.partition_id, event))
        if len(events) == 3:
            over.set()

    client = EventHubConsumerClient.from_connection_string(connection_string, consumer_group="readers", eventhub_name="made")
    worker = threading.Thread(target=lambda: client.receive(on_event, starting_position="-1"), daemon=True)
    worker.start()
    over.wait(60)
    client.close()
    worker.join(10)
    bodies = {event.body_as_str(): event for _, event in events}
    check("the official client reads the events", set(bodies) == {"plain", '{"location":"r\u00f8d"}', "by a device"}, list(bodies))
    key = next((event.partition_key for body, event in bodies.items() if "location" in body), None)
    check("with the key", key == b"vehicle-7", key)
    publisher = {bytes(name): value for name, value in bodies["by a device"].system_properties.items()}.get(b"x-opt-publisher")
    check("with the publisher", publisher in (b"device-1", "device-1"), publisher)
    # The key that was sent over HTTP leads where the official client leads it over AMQP.
    with EventHubProducerClient.from_connection_string(connection_string, eventhub_name="made") as producer:
        before = {id: producer.get_partition_properties(id)["last_enqueued_sequence_number"] for id in ("0", "1")}
        producer.send_event(EventData(b"again"), partition_key="vehicle-7")
        after = {id: producer.get_partition_properties(id)["last_enqueued_sequence_number"] for id in ("0", "1")}
    grown = [id for id in before if after[id] > before[id]]
    first = [partition for partition, event in events if event.partition_key]
    check("in the partition of the key", grown == first, (grown, first))


def remove():
    seen = describe(old.get_event_hub("ours"))
    check("the old client reads the hub that our command line has made", seen == ("ours", 1, "SendDisabled", "words", 5, ["0", "1", "2", "3", "4"]), seen)
    error = failure_of(old.send_event, "ours", "x")
    check("which takes no events", getattr(error, "status_code", None) == 403, repr(error))
    check("deletes the hub", old.delete_event_hub("made") is True)
    check("once", old.delete_event_hub("made") is False)
    with EventHubProducerClient.from_connection_string(connection_string, eventhub_name="made", retry_total=0) as producer:
        error = failure_of(lambda: producer.send_event(EventData(b"x")))
    check("after which no token is taken for it over AMQP", type(error).__name__ == "AuthenticationError", repr(error))


{"make": make, "use": use, "remove": remove}[sys.argv[1]]()
sys.exit(1 if failed else 0)
