#!/usr/bin/env python3
"""How long `eventhubs emulator` takes to be ready, and how much memory it takes idle: one hub, and 1,000 hubs of 32 partitions.

    swift build -c release --product eventhubs && Tests/Interop/emulator_figures.py .build/release/eventhubs
"""

import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 11


def run(binary, hubs, partitions):
    """Milliseconds until the emulator says that it is ready, and its resident memory in MB then."""
    entities = [{"Name": f"hub{number}", "PartitionCount": partitions} for number in range(hubs)]
    config = {"UserConfig": {"NamespaceConfig": [{"Type": "EventHub", "Name": "ns", "Entities": entities}]}}
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(config, file)
        file.flush()
        started = time.monotonic()
        process = subprocess.Popen(
            [binary, "emulator", "--port", "0", "--http-port", "0", "--config", file.name],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            line = process.stdout.readline()
            seconds = time.monotonic() - started
            if not line.startswith("ready "):
                sys.exit(f"not ready: {line}")
            # The connection strings come before it is idle.
            for _ in range(hubs + 1):
                process.stdout.readline()
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
        finally:
            process.terminate()
            process.wait(10)
    return seconds * 1_000, resident * 1_024 / 1e6


def main():
    binary = sys.argv[1] if len(sys.argv) > 1 else ".build/release/eventhubs"
    for hubs, partitions in [(1, 4), (1_000, 32)]:
        figures = [run(binary, hubs, partitions) for _ in range(RUNS)]
        times, sizes = zip(*figures)
        print(
            f"{hubs} hubs of {partitions} partitions: ready after {statistics.median(times):.0f} ms "
            f"({min(times):.0f} to {max(times):.0f}), {statistics.median(sizes):.0f} MB, {RUNS} runs"
        )


main()
