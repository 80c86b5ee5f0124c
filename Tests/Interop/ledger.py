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
  monotone    within a run checkpoints never go back, and name an event of the run or the one before it
  duplicates  a run that starts over older events starts right behind a checkpoint some process stored, or at the start

Events that were handled twice are counted by cause: how the run ended that handled them before (`cause_of`).
"""

import argparse
import base64
import json
import sys
import zlib
from collections import defaultdict

from telemetry import Telemetry, arguments


KINDS = ("lost", "stored", "contiguous", "order", "keys", "monotone", "duplicates", "input")


class Member:
    """What is known about a process besides its lines. Times are milliseconds since 1970, as in the lines' `at`."""

    def __init__(self, foreign=False, killed=None, pauses=()):
        self.foreign, self.killed, self.pauses = foreign, killed, pauses


class Run:
    """One process at one partition, from an `open` line on."""

    def __init__(self, name, partition, opened=0):
        self.name, self.partition, self.opened = name, partition, opened
        self.closed = self.reason = None
        self.sequences = []
        self.checkpoints = []


class Report:
    def __init__(self):
        self.problems = []
        self.counts = defaultdict(int)
        self.by_file = {}
        self.causes = defaultdict(int)
        self.runs = []

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
        if self.counts["again"]:
            yield f"  {self.counts['again']} events were stored again because their acknowledgement was lost"
        for cause, count in sorted(self.causes.items()):
            if count:
                yield f"  {count} repeats: {cause}"
        for name, (events, partitions) in self.by_file.items():
            yield f"  {name}: {events} events of partitions {' '.join(sorted(partitions, key=int)) or '-'}"
        for line in self.problems:
            yield f"  PROBLEM {line}"
        for kind in KINDS:
            if self.counts[kind] > 5:
                yield f"  … {self.counts[kind]} problems of kind '{kind}' in all"


def body_of(record):
    if "body" in record:
        return record["body"].encode()
    return base64.b64decode(record["body_base64"])


def check(
    telemetry, files, first_sequence=0, crashed=False, key_expected=True, resent=False, members=None, faults=()
):
    """`files` maps a name to an iterable of lines, `members` a name to what else is known of the process.

    `crashed`: a process, or the store, ended without a word, so that a checkpoint may be stored of which no line tells.
    A run may then also start right behind any event that an earlier run handled. `resent`: the producer sent again what
    was not acknowledged, so that an event may be stored more than once; its first place counts. `faults`: times (from,
    to, what) in which what happens needs no further explanation.
    """
    report = Report()
    sums = telemetry.checksums()
    stored = {}  # (partition, sequence) -> id
    runs = report.runs
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
                    current[record["partition"]] = Run(name, record["partition"], record.get("at", 0))
                    runs.append(current[record["partition"]])
                elif kind == "checkpoint":
                    checkpoints[record["partition"]].add(record["sequence"])
                    report.counts["checkpoints"] += 1
                    if record["partition"] in current and record["sequence"] is not None:
                        current[record["partition"]].checkpoints.append(record["sequence"])
                elif kind == "close" and record["partition"] in current:
                    run = current[record["partition"]]
                    run.closed, run.reason = record.get("at", 0), record.get("reason")
                if kind != "event":
                    continue
                partition, sequence, body = record["partition"], record["sequence"], body_of(record)
                document = json.loads(body)
                index = document["id"]
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                report.problem("input", f"{name}:{number}: {error!r}: {line[:120]!r}")
                continue
            if partition not in current:
                current[partition] = Run(name, partition)
                runs.append(current[partition])
            current[partition].sequences.append(sequence)
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

    check_stored(report, telemetry, stored, first_sequence, resent)
    check_runs(report, runs, checkpoints, first_sequence, crashed)
    count_repeats(report, runs, members or {}, faults)
    report.counts["events"] = len(set(stored.values()))
    report.counts["partitions"] = len({partition for partition, _ in stored})
    report.counts["twice"] = report.counts["deliveries"] - len(stored)
    report.counts["runs"] = sum(1 for run in runs if run.sequences)
    return report


def check_stored(report, telemetry, stored, first_sequence, resent):
    place, last_of, newest = {}, {}, {}
    for (partition, sequence), index in sorted(stored.items()):
        expected = last_of.get(partition, first_sequence - 1) + 1
        if sequence != expected:
            report.problem("contiguous", f"partition {partition}: {sequence} where {expected} should be")
        last_of[partition] = sequence
        if index in place:
            report.counts["again"] += 1
            if not resent:
                report.problem("stored", f"event {index} is at {place[index]} and at {(partition, sequence)}")
            continue
        place[index] = (partition, sequence)
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
    handled = defaultdict(set)
    for run in sorted(runs, key=lambda run: run.opened):
        name, partition, sequences = run.name, run.partition, run.sequences
        for before, after in zip(sequences, sequences[1:]):
            if after != before + 1:
                report.problem("order", f"{name}: partition {partition}: {after} follows {before}")
        for before, after in zip(run.checkpoints, run.checkpoints[1:]):
            if after < before:
                report.problem("monotone", f"{name}: partition {partition}: {after} stored after {before}")
        for sequence in run.checkpoints:
            # Where a run begins may be stored before its first event.
            if sequences and not sequences[0] - 1 <= sequence <= sequences[-1]:
                report.problem("monotone", f"{name}: partition {partition}: {sequence} stored, which it did not handle")
        if sequences:
            start = sequences[0]
            known = start == first_sequence or start - 1 in checkpoints[partition]
            if not known and not (crashed and start - 1 in handled[partition]):
                report.problem("duplicates", f"{name}: partition {partition} starts at {start}, no checkpoint says so")
            handled[partition].update(sequences)


def count_repeats(report, runs, members, faults):
    """Counts every delivery but an event's first under its cause."""
    handled = defaultdict(dict)
    for run in sorted(runs, key=lambda run: run.opened):
        last = handled[run.partition]
        for sequence in run.sequences:
            if sequence in last:
                report.causes[cause_of(last[sequence], run, members, faults)] += 1
            last[sequence] = run


def cause_of(before, after, members, faults):
    """Why `after` handled again what `before` had handled: how `before` came to its end."""
    first, second = (members.get(run.name, Member()) for run in (before, after))
    end = before.closed if before.closed is not None else after.opened
    if before.closed is None and first.killed:
        return "a process was killed"
    if any(start <= end and stop >= before.opened for start, stop in first.pauses):
        return "a process was stopped and continued"
    if first.foreign and before.reason not in LOST:
        return "a foreign process closed without a checkpoint"
    if first.foreign or second.foreign:
        return "a foreign process took over or lost the lease"
    for start, stop, what in faults:
        if start <= end <= stop or start <= after.opened <= stop:
            return what
    return OURS


# The words of our hosts and of the Python client for a lease that somebody else has taken.
LOST = ("leaseLost", "CloseReason.OWNERSHIP_LOST")
OURS = "a planned move between our hosts"


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
