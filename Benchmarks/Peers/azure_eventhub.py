"""azure_eventhub.py receive|send PORT EVENTS BODY-SIZE: Azure's own SDK against the replay listener."""

import sys
import threading

from azure.eventhub import EventData, EventHubConsumerClient, EventHubProducerClient, TransportType

from measurement import Meter

direction, port, goal, body_size = sys.argv[1], *map(int, sys.argv[2:5])
connection = (
    f"Endpoint=sb://127.0.0.1:{port};SharedAccessKeyName=bench;SharedAccessKey=YmVuY2g=;"
    "EntityPath=replay;UseDevelopmentEmulator=true"
)
meter = Meter()


def receive():
    client = EventHubConsumerClient.from_connection_string(
        connection, consumer_group="$Default", transport_type=TransportType.Amqp
    )
    state = {"events": 0, "bytes": 0, "checksum": 0}
    done = threading.Event()

    def on_events(_, events):
        if done.is_set():
            return
        meter.begin()
        for event in events:
            state["checksum"] += event.sequence_number
            body = next(iter(event.body))
            state["bytes"] += len(body)
            state["checksum"] += body[0] + body[-1]
        state["events"] += len(events)
        if state["events"] >= goal:
            meter.finish(state["events"], state["bytes"])
            done.set()

    thread = threading.Thread(
        target=client.receive_batch,
        args=(on_events,),
        kwargs={
            "partition_id": "0",
            "starting_position": "-1",
            "prefetch": 3000,
            "max_batch_size": 300,
            "max_wait_time": 5,
        },
        daemon=True,
    )
    thread.start()
    if not done.wait(120):
        sys.exit("azure-eventhub did not receive enough in two minutes")
    client.close()


def send():
    client = EventHubProducerClient.from_connection_string(connection, transport_type=TransportType.Amqp)
    body = bytes(index & 0xFF for index in range(body_size))
    client.create_batch(partition_id="0")  # opens the link, which is not measured
    meter.begin()
    sent = 0
    while sent < goal:
        batch = client.create_batch(partition_id="0")
        try:
            while sent < goal:
                batch.add(EventData(body))
                sent += 1
        except ValueError:  # full
            pass
        client.send_batch(batch)
    meter.finish(sent, sent * body_size)
    client.close()


receive() if direction == "receive" else send()
