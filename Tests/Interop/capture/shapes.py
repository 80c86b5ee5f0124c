"""Captures events as the official client's producers shape them, for the layouts that a receiver learns.

    .interop/venv/bin/python Tests/Interop/capture/shapes.py --eventhubs .build/release/eventhubs --bench .build/release/eventhubs-bench

For each shape the official client sends events to `eventhubs emulator` and receives them through a recording proxy. The transfer
frames that it is sent go into a file, `eventhubs-bench probe decode --frames` takes them, and what it says is printed: how many
frames a layout was known for, and what one costs.
"""

import argparse
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import threading
import uuid

from azure.eventhub import EventData, EventHubConsumerClient, EventHubProducerClient

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from proxy import RecordingProxy, cut  # noqa: E402
from telemetry import Telemetry  # noqa: E402

TRANSFER = b"\x00\x53\x14"
SEQUENCE_NUMBER = b"x-opt-sequence-number"
TELEMETRY = Telemetry()


def plain(number, chance):
    return EventData(bytes(100))


def telemetry(number, chance):
    return EventData(TELEMETRY.document(number))


def properties(number, chance):
    """Application properties whose values vary in length and type code."""
    event = EventData(bytes(100))
    event.properties = {"vehicle": f"vehicle-{number % 500}", "n": number, "speed": chance.random() * 200}
    return event


def identified(number, chance):
    event = EventData(bytes(100))
    event.message_id = str(uuid.UUID(int=chance.getrandbits(128)))
    event.correlation_id = f"trip-{number % 100}"
    event.content_type = "application/json"
    return event


def mixed(number, chance):
    return chance.choice([plain, telemetry, properties, identified])(number, chance)


# What it is called, how events are made, the partition keys in turn.
SHAPES = [
    ("100 B, nothing else", plain, 0),
    ("JSON of 150 to 2,000 B", telemetry, 0),
    ("the same, 500 partition keys", telemetry, 500),
    ("three application properties", properties, 0),
    ("message-id, correlation-id, content type", identified, 0),
    ("all of these in random order", mixed, 0),
]


def send(connection_string, hub, make, keys, count):
    chance = random.Random(7)
    with EventHubProducerClient.from_connection_string(connection_string, eventhub_name=hub) as client:
        for start in range(0, count, 50):
            # A batch has one partition key.
            key = {"partition_key": f"vehicle-{start // 50 % keys}"} if keys else {"partition_id": "0"}
            batch = client.create_batch(**key)
            for number in range(start, min(start + 50, count)):
                batch.add(make(number, chance))
            client.send_batch(batch)


def receive(connection_string, hub, count):
    client = EventHubConsumerClient.from_connection_string(connection_string, "$Default", eventhub_name=hub)
    received = 0

    def on_batch(_, events):
        nonlocal received
        received += len(events)
        if received >= count:
            threading.Thread(target=client.close, daemon=True).start()

    client.receive_batch(on_batch, partition_id="0", starting_position="-1", prefetch=3000, max_batch_size=1000)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--eventhubs", required=True, help="a built `eventhubs`")
    parser.add_argument("--bench", required=True, help="a release build of `eventhubs-bench`")
    parser.add_argument("--count", type=int, default=5000, help="events of each shape")
    options = parser.parse_args()

    hubs = [argument for index in range(len(SHAPES)) for argument in ("--hub", f"shape{index}:1")]
    command = [options.eventhubs, "emulator", "--port", "0", "--http-port", "0", *hubs]
    emulator = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        port = re.search(r"amqp=127\.0\.0\.1:(\d+)", emulator.stdout.readline())[1]
        connection_string = re.sub(r";EntityPath=[^;]*", "", emulator.stdout.readline().strip())
        for index, (name, make, keys) in enumerate(SHAPES):
            send(connection_string, f"shape{index}", make, keys, options.count)
            proxy = RecordingProxy("127.0.0.1", int(port))
            proxy.keeps_server = True
            proxy.start()
            receive(connection_string.replace(f":{port}", f":{proxy.port}"), f"shape{index}", options.count)
            proxy.stop()
            frames, _ = cut(bytes(proxy.from_server))
            events = [frame for frame in frames if TRANSFER in frame[:11] and SEQUENCE_NUMBER in frame]
            with tempfile.NamedTemporaryFile() as file:
                file.write(b"".join(events))
                file.flush()
                decode = [options.bench, "probe", "decode", "--frames", file.name, "--events", "2000000"]
                result = json.loads(subprocess.run(decode, check=True, capture_output=True, text=True).stdout)
            known, cost = result["layout_hits"] / result["events"], result["cpu_us_per_event"]
            print(f"{name:45} {len(events):6} events {known:8.2%} known {cost:7.3f} CPU µs/event", flush=True)
    finally:
        emulator.terminate()
        emulator.wait(10)


main()
