"""The official client sends telemetry at a steady rate until SIGTERM, by partition key. What is not acknowledged is sent
again, for as long as it takes, before the next of the same key. Prints how many events it sent, which are those with the
ids below that number, and how often it had to try again.
"""

import argparse
import json
import os
import signal
import sys
import time

from azure.eventhub import EventData, EventHubProducerClient

from telemetry import Telemetry, arguments

RUN = 5

parser = argparse.ArgumentParser(description=__doc__)
arguments(parser)
parser.add_argument("--hub", required=True)
parser.add_argument("--rate", type=int, required=True, help="events per second")
options = parser.parse_args()

telemetry = Telemetry(options.seed, options.vehicles, options.count)
stopping = []
signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))
producer = None


def client():
    global producer
    if producer is None:
        producer = EventHubProducerClient.from_connection_string(
            os.environ["EVENTHUBS_CONNECTION_STRING"], eventhub_name=options.hub, retry_total=0, auth_timeout=5
        )
    return producer


def forget():
    global producer
    try:
        producer.close()
    except Exception as error:  # it is broken anyway
        print(f"closing: {error!r}", file=sys.stderr)
    producer = None


def send(vehicle, indexes):
    batch = client().create_batch(partition_key=vehicle)
    for index in indexes:
        batch.add(EventData(telemetry.document(index)))
    producer.send_batch(batch, timeout=5)


started, sent, again = time.monotonic(), 0, 0
for vehicle, indexes in telemetry.batches(RUN):
    # A whole round of all vehicles, so that the ids have no gap.
    if stopping and sent % (RUN * options.vehicles) == 0:
        break
    while True:
        try:
            send(vehicle, indexes)
            break
        except Exception as error:
            again += 1
            print(f"again: {error!r}", file=sys.stderr, flush=True)
            forget()
            time.sleep(0.2)
    sent += len(indexes)
    time.sleep(max(0, started + sent / options.rate - time.monotonic()))
forget()
print(json.dumps({"type": "sent", "count": sent, "again": again}), flush=True)
