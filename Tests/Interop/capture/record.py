"""What the official client does while it is recorded: each scene uses another part of it."""

import datetime
import threading
import uuid

from azure.eventhub import EventData, EventHubConsumerClient, EventHubProducerClient


def record(proxy, connection_string):
    options = {"retry_total": 0, "auth_timeout": 10}

    def producer():
        return EventHubProducerClient.from_connection_string(connection_string, **options)

    proxy.scene = "management"
    with producer() as client:
        client.get_eventhub_properties()
        client.get_partition_properties("0")

    proxy.scene = "producer"
    with producer() as client:
        batch = client.create_batch(partition_key="vehicle-7")
        first = EventData(b'{"n":0}')
        first.content_type = "application/json"
        first.message_id = "m-0"
        first.correlation_id = "c-0"
        batch.add(first)
        batch.add(EventData("two"))
        client.send_batch(batch)
        proxy.scene = "producer, second batch"
        client.send_batch([EventData("alone")])

    proxy.scene = "partition producer"
    with producer() as client:
        batch = client.create_batch(partition_id="1")
        event = EventData(b"typed")
        event.properties = {
            "true": True,
            "int": 7,
            "negative": -1,
            "float": 1.5,
            "text": "ä",
            "bytes": b"\x00\x01",
            "uuid": uuid.UUID("12345678-1234-5678-1234-567812345678"),
            "time": datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
            "none": None,
            b"binary key": "v",
        }
        batch.add(event)
        client.send_batch(batch)

    proxy.scene = "multi-frame"
    proxy.max_frame_size = 512
    with producer() as client:
        batch = client.create_batch(partition_id="1")
        batch.add(EventData(bytes(range(256)) * 4))
        client.send_batch(batch)
    proxy.max_frame_size = None

    def consume(scene, seconds=15, **receive):
        proxy.scene = scene
        client = EventHubConsumerClient.from_connection_string(connection_string, consumer_group="$Default", **options)
        arrived = threading.Event()
        failure = []

        def on_event(context, event):
            if event is not None:
                arrived.set()

        def on_error(context, error):
            failure.append(error)
            arrived.set()

        thread = threading.Thread(
            target=client.receive,
            kwargs={"on_event": on_event, "on_error": on_error, "partition_id": "1", "prefetch": 10, **receive},
            daemon=True,
        )
        thread.start()
        if not arrived.wait(seconds):
            raise RuntimeError(f"{scene}: nothing came within {seconds} s")
        client.close()
        thread.join(10)
        if failure:
            raise failure[0]

    consume("owner", owner_level=3, track_last_enqueued_event_properties=True, starting_position="-1")
    consume("sequence number", starting_position=0, starting_position_inclusive=True)
    start = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
    consume("time", starting_position=start)
    consume("offset", starting_position="0", starting_position_inclusive=True)
