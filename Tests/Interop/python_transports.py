"""The official client, sync and aio, over one transport: producer, buffered producer, consumer, properties, positions,
owner level. Each check says what came. `--transport amqp|websocket --endpoint sb://localhost:PORT [--ca FILE] --hub NAME`
"""

import argparse
import asyncio
import datetime
import os
import sys
import threading
import time

from azure.eventhub import EventData, EventHubConsumerClient, EventHubProducerClient, TransportType, aio

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--transport", choices=["amqp", "websocket"], required=True)
parser.add_argument("--endpoint", required=True, help="where the client connects to, whatever the connection string says")
parser.add_argument("--ca", help="certificates to trust")
parser.add_argument("--hub", required=True)
parser.add_argument("--count", type=int, default=300)
options = parser.parse_args()

connection_string = os.environ["EVENTHUBS_CONNECTION_STRING"]
common = {
    "eventhub_name": options.hub,
    "transport_type": TransportType.AmqpOverWebsocket if options.transport == "websocket" else TransportType.Amqp,
    "custom_endpoint_address": options.endpoint,
    "retry_total": 0,
    "auth_timeout": 10,
}
if options.ca:
    common["connection_verify"] = options.ca
consuming = {**common, "consumer_group": "$Default"}
started, failed = time.monotonic(), 0


def check(title, condition, seen=""):
    global failed
    failed += 0 if condition else 1
    print(f"{'ok    ' if condition else 'FAILED'} {time.monotonic() - started:4.1f} s {title}: {seen}", flush=True)


def bodies(name):
    return [f"{name} {number} ".encode() + bytes(number) for number in range(options.count)]


def positions(times, start):
    """What to start from, and which of the events 0, 1, 2… has to come first."""
    return [
        ("the start", {"starting_position": "-1"}, 0),
        ("a sequence number, exclusive", {"starting_position": start + 9}, 10),
        ("a sequence number, inclusive", {"starting_position": start + 9, "starting_position_inclusive": True}, 9),
        ("a time", {"starting_position": times - datetime.timedelta(seconds=60)}, 0),
    ]


# --- sync -----------------------------------------------------------------------------------------------------------


class Receiving:
    """A consumer of one partition on a thread of its own."""

    def __init__(self, partition, want, **receive):
        self.events, self.errors, self.over = [], [], threading.Event()
        self.want = want
        self.client = EventHubConsumerClient.from_connection_string(connection_string, **consuming)
        self.thread = threading.Thread(
            target=self.client.receive_batch,
            kwargs={
                "on_event_batch": self.on_batch,
                "on_error": self.on_error,
                "partition_id": partition,
                "max_wait_time": 1,
                **receive,
            },
            daemon=True,
        )
        self.thread.start()

    def on_batch(self, _, events):
        self.events += events
        if len(self.events) >= self.want:
            self.over.set()

    def on_error(self, _, error):
        self.errors.append(error)
        self.over.set()

    def finish(self, seconds=20):
        self.over.wait(seconds)
        self.client.close()
        self.thread.join(10)
        return self


def sync_client():
    plain = bodies("sync")
    with EventHubProducerClient.from_connection_string(connection_string, **common) as producer:
        properties = producer.get_eventhub_properties()
        check("sync: properties", properties["partition_ids"] == ["0", "1"], properties)
        batch = producer.create_batch(partition_id="0")
        for body in plain:
            batch.add(EventData(body))
        producer.send_batch(batch)
        producer.send_batch([EventData(b"by key")], partition_key="vehicle-7")
        partition = producer.get_partition_properties("0")
        check("sync: partition properties", partition["last_enqueued_sequence_number"] >= options.count - 1, partition)
    for title, receive, first in positions(datetime.datetime.now(datetime.timezone.utc), 0):
        got = Receiving("0", options.count - first, **receive).finish()
        seen = [event.body_as_str().encode() for event in got.events][: options.count - first]
        check(f"sync: consumer from {title}", seen == plain[first:] and not got.errors, f"{len(seen)} {got.errors}")

    done, wrong = [], []
    producer = EventHubProducerClient.from_connection_string(
        connection_string,
        **common,
        buffered_mode=True,
        on_success=lambda events, partition: done.extend(events),
        on_error=lambda events, partition, error: wrong.append(error),
    )
    with producer:
        for number in range(options.count):
            producer.send_event(EventData(f"buffered {number}"), partition_id="1")
        producer.flush(timeout=20)
    check("sync: buffered producer", len(done) == options.count and not wrong, f"{len(done)} {wrong[:1]}")
    with EventHubProducerClient.from_connection_string(connection_string, **common) as asking:
        total = asking.get_partition_properties("1")["last_enqueued_sequence_number"] + 1
    got = Receiving("1", total, starting_position="-1").finish()
    seen = [text for text in (event.body_as_str() for event in got.events) if text.startswith("buffered")]
    check("sync: what was buffered came", seen == [f"buffered {number}" for number in range(options.count)], len(seen))

    low = Receiving("0", 1, starting_position="-1", owner_level=1)
    low.over.wait(20)
    low.over.clear()
    low.want = sys.maxsize
    high = Receiving("0", 1, starting_position="-1", owner_level=2)
    high.over.wait(20)
    # The lower one has read everything: what comes next is the loss.
    deadline = time.monotonic() + 20
    while not low.errors and time.monotonic() < deadline:
        time.sleep(0.05)
    check("sync: a higher owner level takes over", len(high.events) > 0 and not high.errors, high.errors)
    check("sync: the lower one is told", "stolen" in repr(low.errors).lower() or "epoch" in repr(low.errors).lower(), low.errors)
    high.finish(0)
    low.finish(0)


# --- aio ------------------------------------------------------------------------------------------------------------


async def receive(partition, want, **arguments):
    events, errors, over = [], [], asyncio.Event()
    client = aio.EventHubConsumerClient.from_connection_string(connection_string, **consuming)

    async def on_batch(_, batch):
        events.extend(batch)
        if len(events) >= want:
            over.set()

    async def on_error(_, error):
        errors.append(error)
        over.set()

    async with client:
        task = asyncio.create_task(
            client.receive_batch(
                on_event_batch=on_batch, on_error=on_error, partition_id=partition, max_wait_time=1, **arguments
            )
        )
        try:
            await asyncio.wait_for(over.wait(), 20)
        except asyncio.TimeoutError:
            pass
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    return events, errors


async def aio_client():
    plain = bodies("aio")
    async with aio.EventHubProducerClient.from_connection_string(connection_string, **common) as producer:
        properties = await producer.get_eventhub_properties()
        check("aio: properties", properties["partition_ids"] == ["0", "1"], properties)
        before = (await producer.get_partition_properties("0"))["last_enqueued_sequence_number"]
        start = datetime.datetime.now(datetime.timezone.utc)
        batch = await producer.create_batch(partition_id="0")
        for body in plain:
            batch.add(EventData(body))
        await producer.send_batch(batch)
        partition = await producer.get_partition_properties("0")
        count = partition["last_enqueued_sequence_number"] - before
        check("aio: partition properties", count == options.count, partition)
    for title, arguments, first in positions(start + datetime.timedelta(seconds=60), before + 1)[1:3]:
        events, errors = await receive("0", options.count - first, **arguments)
        seen = [event.body_as_str().encode() for event in events]
        check(f"aio: consumer from {title}", seen == plain[first:] and not errors, f"{len(seen)} {errors}")

    done, wrong = [], []

    async def on_success(events, _):
        done.extend(events)

    async def on_error(events, _, error):
        wrong.append(error)

    producer = aio.EventHubProducerClient.from_connection_string(
        connection_string, **common, buffered_mode=True, on_success=on_success, on_error=on_error
    )
    async with producer:
        for number in range(options.count):
            await producer.send_event(EventData(f"aio buffered {number}"), partition_id="1")
        await producer.flush(timeout=20)
    check("aio: buffered producer", len(done) == options.count and not wrong, f"{len(done)} {wrong[:1]}")
    events, errors = await receive("1", options.count, starting_position="-1", owner_level=7)
    check("aio: consumer with an owner level", len(events) >= options.count and not errors, f"{len(events)} {errors}")


sync_client()
asyncio.run(aio_client())
sys.stdout.flush()
os._exit(1 if failed else 0)
