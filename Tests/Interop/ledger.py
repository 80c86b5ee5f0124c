"""Checks, by sequence number, what one or more receivers or hosts did with the telemetry that was sent.

Input: files of JSON lines as `eventhubs receive --format json`, `eventhubs process --json` and the Python scripts of
this folder write them (README.md tells the fields). Each file is one process. A file's `open` line of a partition
starts a run there; without any, the whole file is one run per partition.

What has to hold:
  lost        every event sent is there, with the bytes that were sent
  stored      a (partition, sequence) is one event, an event has one (partition, sequence)
  contiguous  each partition's sequence numbers have no gap, and start where the partition starts
  order       within a run sequence numbers rise by exactly one: nothing skipped, nothing turned around
  keys        a vehicle's events sit in one partition and rise with the sequence number
  duplicates  a run that starts over older events starts right behind a checkpoint some process stored, or at the start
"""

import argparse
import base64
import json
import sys
import zlib
from collections import defaultdict

from telemetry import Telemetry, arguments


class Report:
    def __init__(self):
        self.problems = []
        self.counts = defaultdict(int)
        self.by_file = {}

    def problem(self, kind, text):
        self.counts[kind] += 1
        if self.counts[kind] <= 5:  # the first few tell the story
            self.problems.append(f"{kind}: {text}")

    @property
    def ok(self):
        return not self.problems

    def lines(self):
        yield (
            f"{self.counts['events']} events in {self.counts['partitions']} partitions, "
            f"{self.counts['deliveries']} deliveries, {self.counts['twice']} of them repeats, "
            f"{self.counts['runs']} runs, {self.counts['checkpoints']} checkpoints"
        )
        for name, (events, partitions) in self.by_file.items():
            yield f"  {name}: {events} events of partitions {' '.join(sorted(partitions, key=int)) or '-'}"
        for line in self.problems:
            yield f"  PROBLEM {line}"
        for kind in ("lost", "stored", "contiguous", "order", "keys", "duplicates", "input"):
            if self.counts[kind] > 5:
                yield f"  … {self.counts[kind]} problems of kind '{kind}' in all"


def body_of(record):
    if "body" in record:
        return record["body"].encode()
    return base64.b64decode(record["body_base64"])


def check(telemetry, files, first_sequence=0, crashed=False, key_expected=True):
    """`files` maps a name to an iterable of lines. `crashed`: some process was killed, so that a checkpoint it stored may
    be missing from its lines; a start over older events then needs no checkpoint."""
    report = Report()
    sums = telemetry.checksums()
    stored = {}  # (partition, sequence) -> id
    runs = []  # (file, partition, [sequence])
    checkpoints = defaultdict(set)

    for name, lines in files.items():
        current, events, partitions = {}, 0, set()
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                kind = record.get("type", "event")
                if kind == "open":
                    current[record["partition"]] = []
                    runs.append((name, record["partition"], current[record["partition"]]))
                elif kind == "checkpoint":
                    checkpoints[record["partition"]].add(record["sequence"])
                    report.counts["checkpoints"] += 1
                if kind != "event":
                    continue
                partition, sequence, body = record["partition"], record["sequence"], body_of(record)
                document = json.loads(body)
                index = document["id"]
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                report.problem("input", f"{name}:{number}: {error!r}: {line[:120]!r}")
                continue
            if partition not in current:
                current[partition] = []
                runs.append((name, partition, current[partition]))
            current[partition].append(sequence)
            events += 1
            partitions.add(partition)
            if not 0 <= index < len(sums) or zlib.crc32(body) != sums[index]:
                report.problem("lost", f"{name}:{number}: event {index} does not have the bytes that were sent")
                continue
            if key_expected and record.get("key") != document["vehicle"]:
                report.problem("keys", f"{name}:{number}: event {index} has key {record.get('key')!r}")
            if stored.setdefault((partition, sequence), index) != index:
                report.problem("stored", f"partition {partition} sequence {sequence} is {index} and {stored[partition, sequence]}")
        report.by_file[name] = (events, partitions)
        report.counts["deliveries"] += events

    check_stored(report, telemetry, stored, first_sequence)
    check_runs(report, runs, checkpoints, first_sequence, crashed)
    report.counts["events"] = len(set(stored.values()))
    report.counts["partitions"] = len({partition for partition, _ in stored})
    report.counts["twice"] = report.counts["deliveries"] - len(stored)
    report.counts["runs"] = sum(1 for _, _, sequences in runs if sequences)
    return report


def check_stored(report, telemetry, stored, first_sequence):
    place, last_of, newest = {}, {}, {}
    for (partition, sequence), index in sorted(stored.items()):
        if index in place:
            report.problem("stored", f"event {index} is at {place[index]} and at {(partition, sequence)}")
        place[index] = (partition, sequence)
        expected = last_of.get(partition, first_sequence - 1) + 1
        if sequence != expected:
            report.problem("contiguous", f"partition {partition}: {sequence} where {expected} should be")
        last_of[partition] = sequence
        vehicle, n = telemetry.vehicle(index), index // telemetry.vehicles
        home, before = newest.get(vehicle, (partition, -1))
        if home != partition:
            report.problem("keys", f"{vehicle} is in partitions {home} and {partition}")
        elif n <= before:
            report.problem("keys", f"{vehicle}: event {n} after {before} in partition {partition}")
        newest[vehicle] = (partition, n)
    for index in range(telemetry.count):
        if index not in place:
            report.problem("lost", f"event {index} of {telemetry.vehicle(index)} never arrived")


def check_runs(report, runs, checkpoints, first_sequence, crashed):
    for name, partition, sequences in runs:
        for before, after in zip(sequences, sequences[1:]):
            if after != before + 1:
                report.problem("order", f"{name}: partition {partition}: {after} follows {before}")
        if sequences and not crashed:
            start = sequences[0]
            if start != first_sequence and start - 1 not in checkpoints[partition]:
                report.problem("duplicates", f"{name}: partition {partition} starts at {start}, no checkpoint says so")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments(parser)
    parser.add_argument("--first-sequence", type=int, default=0)
    parser.add_argument("--crashed", action="store_true", help="a process was killed on the way")
    parser.add_argument("files", nargs="+")
    options = parser.parse_args()
    opened = {name: open(name, encoding="utf-8") for name in options.files}
    report = check(
        Telemetry(options.seed, options.vehicles, options.count), opened, options.first_sequence, options.crashed
    )
    print("\n".join(report.lines()))
    sys.exit(0 if report.ok else 1)


if __name__ == "__main__":
    main()
