"""The official client sends telemetry: one batch per run of a vehicle's events, by partition key."""

import argparse
import os
import time

from azure.eventhub import EventData, EventHubProducerClient

from telemetry import Telemetry, arguments

parser = argparse.ArgumentParser(description=__doc__)
arguments(parser)
parser.add_argument("--hub", required=True)
parser.add_argument("--rate", type=int, default=0, help="events per second, 0: as fast as it goes")
options = parser.parse_args()

telemetry = Telemetry(options.seed, options.vehicles, options.count)
producer = EventHubProducerClient.from_connection_string(
    os.environ["EVENTHUBS_CONNECTION_STRING"], eventhub_name=options.hub, retry_total=2, auth_timeout=10
)
started, sent, batches, total = time.monotonic(), 0, 0, 0
with producer:
    for vehicle, indexes in telemetry.batches():
        batch = producer.create_batch(partition_key=vehicle)
        for index in indexes:
            document = telemetry.document(index)
            event = EventData(document)
            event.content_type = "application/json"
            event.properties = {"vehicle": vehicle, "n": index // telemetry.vehicles}
            try:
                batch.add(event)
            except ValueError:  # full
                producer.send_batch(batch)
                batches += 1
                batch = producer.create_batch(partition_key=vehicle)
                batch.add(event)
            total += len(document)
        producer.send_batch(batch)
        batches += 1
        sent += len(indexes)
        if options.rate:
            time.sleep(max(0, started + sent / options.rate - time.monotonic()))
seconds = time.monotonic() - started
print(f"sent {sent} events, {total / 1e6:.1f} MB, {batches} batches in {seconds:.1f} s: {sent / seconds:.0f} events/s")
