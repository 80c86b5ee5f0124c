"""An official EventHubConsumerClient with BlobCheckpointStore: a member of a consumer group. SIGINT or SIGTERM ends it.

Prints the lines of `eventhubs process --json`: open, event, checkpoint, close.
"""

import argparse
import asyncio
import os
import signal
import sys
import time

from azure.eventhub import CloseReason
from azure.eventhub.aio import EventHubConsumerClient
from azure.eventhub.extensions.checkpointstoreblobaio import BlobCheckpointStore

import lines

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--hub", required=True)
parser.add_argument("--consumer-group", default="$Default")
parser.add_argument("--container", required=True)
parser.add_argument("--interval", type=float, default=1, help="seconds between two load-balancing rounds")
parser.add_argument("--expiration", type=float, default=10, help="seconds after which an ownership runs out")
parser.add_argument("--checkpoint-every", type=float, default=1, help="seconds between two checkpoints of a partition")
options = parser.parse_args()

checkpointed = {}  # partition -> when
last = {}  # partition -> the last event that was handled


def now():
    return int(time.time() * 1000)


async def main():
    store = BlobCheckpointStore.from_connection_string(
        os.environ["EVENTHUBS_STORAGE_CONNECTION_STRING"], options.container
    )
    client = EventHubConsumerClient.from_connection_string(
        os.environ["EVENTHUBS_CONNECTION_STRING"],
        consumer_group=options.consumer_group,
        eventhub_name=options.hub,
        checkpoint_store=store,
        load_balancing_interval=options.interval,
        partition_ownership_expiration_interval=options.expiration,
        retry_total=1,
        auth_timeout=10,
    )

    async def on_batch(context, events):
        partition = context.partition_id
        for event in events:
            lines.write(lines.event_line(partition, event))
        if events:
            last[partition] = events[-1]
            if time.monotonic() - checkpointed.get(partition, 0) >= options.checkpoint_every:
                checkpointed[partition] = time.monotonic()
                await checkpoint(context, events[-1])
        lines.flush()

    async def checkpoint(context, event):
        lines.flush()
        await context.update_checkpoint(event)
        lines.write({"type": "checkpoint", "partition": context.partition_id, "sequence": event.sequence_number, "at": now()})

    async def on_open(context):
        last.pop(context.partition_id, None)
        lines.write({"type": "open", "partition": context.partition_id, "at": now()})
        lines.flush()

    async def on_close(context, reason):
        event = last.pop(context.partition_id, None)
        if event and reason == CloseReason.SHUTDOWN:
            await checkpoint(context, event)
        lines.write({"type": "close", "partition": context.partition_id, "reason": str(reason), "at": now()})
        lines.flush()

    async def on_error(context, error):
        where = context.partition_id if context else "-"
        print(f"error in partition {where}: {error!r}", file=sys.stderr, flush=True)

    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)

    receiving = asyncio.ensure_future(
        client.receive_batch(
            on_batch,
            on_error=on_error,
            on_partition_initialize=on_open,
            on_partition_close=on_close,
            starting_position="-1",
            max_batch_size=300,
            max_wait_time=1,
        )
    )
    stop = asyncio.ensure_future(stopping.wait())
    await asyncio.wait({receiving, stop}, return_when=asyncio.FIRST_COMPLETED)
    await client.close()
    try:
        await asyncio.wait_for(receiving, 15)
    except (asyncio.TimeoutError, asyncio.CancelledError):
        pass
    await store.close()
    lines.flush()


asyncio.run(main())
