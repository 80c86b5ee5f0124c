"""The official client receives from all partitions until it has `--count` events; prints one line for each."""

import argparse
import os
import sys
import threading
import time

from azure.eventhub import EventHubConsumerClient

import lines

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--hub", required=True)
parser.add_argument("--consumer-group", default="$Default")
parser.add_argument("--count", type=int, required=True)
parser.add_argument("--timeout", type=float, default=120)
options = parser.parse_args()

received, done, failure = 0, threading.Event(), []
counting = threading.Lock()


def on_batch(context, events):
    global received
    for event in events:
        lines.write(lines.event_line(context.partition_id, event))
    with counting:
        received += len(events)
        if received >= options.count:
            done.set()


def on_error(context, error):
    failure.append(error)
    print(f"error in partition {context.partition_id if context else '-'}: {error!r}", file=sys.stderr)
    done.set()


client = EventHubConsumerClient.from_connection_string(
    os.environ["EVENTHUBS_CONNECTION_STRING"],
    consumer_group=options.consumer_group,
    eventhub_name=options.hub,
    retry_total=1,
    auth_timeout=10,
)
started = time.monotonic()
worker = threading.Thread(
    target=client.receive_batch,
    kwargs={
        "on_event_batch": on_batch,
        "on_error": on_error,
        "starting_position": "-1",
        "max_batch_size": 300,
        "max_wait_time": 1,
    },
    daemon=True,
)
worker.start()
finished = done.wait(options.timeout)
seconds = time.monotonic() - started
client.close()
worker.join(15)
lines.flush()
print(f"received {received} events in {seconds:.1f} s: {received / seconds:.0f} events/s", file=sys.stderr)
sys.stderr.flush()
os._exit(0 if finished and not failure else 1)
