"""Processes of the interop run: each has its log files, every wait a time-out, every one is ended by its own id."""

import json
import os
import pathlib
import re
import signal
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOGS = ROOT / ".interop" / "logs"


# The start of a telemetry document in the line of an event.
DOCUMENT = re.compile(rb'"body":"\{\\"id\\":(\d+),')


def now():
    """Milliseconds since 1970."""
    return int(time.time() * 1000)


class Failure(Exception):
    """What did not hold, in words for whoever reads the CI log."""


def wait_until(condition, seconds, what, every=0.1):
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Failure(f"not within {seconds:g} s: {what() if callable(what) else what}")
        time.sleep(every)


class Process:
    def __init__(self, name, command, environment, directory):
        self.name = name
        self.output = directory / f"{name}.out"
        self.errors = directory / f"{name}.err"
        with open(self.output, "wb") as output, open(self.errors, "wb") as errors:
            self.process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                env={**os.environ, **environment},
            )
        self.started = time.monotonic()
        self.read_to = 0
        # What `read_new` has found in the JSON lines so far.
        self.events = 0
        self.ids = set()
        self.owned = set()
        self.ever_owned = set()
        # What was done to it, in milliseconds since 1970.
        self.killed = None
        self.pauses = []

    @property
    def running(self):
        return self.process.poll() is None

    def tail(self, lines=8):
        text = []
        for path in (self.errors, self.output):
            last = path.read_text(errors="replace").splitlines()[-lines:]
            text += [f"    {path.name}: {line[:300]}" for line in last]
        return "\n".join(text)

    def failure(self, text):
        return Failure(f"{self.name}: {text}\n{self.tail()}")

    def wait_for_line(self, pattern, seconds):
        def found():
            match = re.search(pattern, self.output.read_text(errors="replace"))
            if not match and not self.running:
                raise self.failure(f"ended with exit code {self.process.returncode} before it printed /{pattern}/")
            return match

        return wait_until(found, seconds, lambda: f"{self.name} prints /{pattern}/\n{self.tail()}")

    def finish(self, seconds, expected=0):
        """Waits for the process to end by itself; `expected` None takes any exit code."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise self.failure(f"still running after {seconds:g} s") from None
        if expected is not None and code != expected:
            raise self.failure(f"exit code {code}, not {expected}")
        return time.monotonic() - self.started

    def stop(self, seconds=20, number=signal.SIGTERM, must_be_clean=False):
        """Ends it, politely first. `must_be_clean`: a process that has to be killed, or fails on the way out, is a failure."""
        if self.running:
            if self.paused:
                self.resume()
            self.process.send_signal(number)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)
                if must_be_clean:
                    raise self.failure(f"did not end within {seconds:g} s of signal {number}") from None
        if must_be_clean and self.process.returncode not in (0, -number):
            raise self.failure(f"exit code {self.process.returncode} after signal {number}")

    def kill(self):
        self.killed = now()
        self.process.kill()
        self.process.wait(5)

    def pause(self):
        """Stops it as a long garbage collection or a suspended machine would; `resume` lets it go on."""
        self.pauses.append((now(), float("inf")))
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.pauses[-1] = (self.pauses[-1][0], now())
        self.process.send_signal(signal.SIGCONT)

    @property
    def paused(self):
        return bool(self.pauses) and self.pauses[-1][1] == float("inf")

    def read_new(self):
        """Takes in the JSON lines that are new: how many events, which partitions are open."""
        with open(self.output, "rb") as file:
            file.seek(self.read_to)
            data = file.read()
        data = data[: data.rfind(b"\n") + 1]
        self.read_to += len(data)
        for line in data.splitlines():
            # Cheap tests first: most lines are events, and they are long.
            if line.startswith(b'{"type":"event"'):
                self.events += 1
                document = DOCUMENT.search(line)
                if document:
                    self.ids.add(int(document.group(1)))
                continue
            try:
                record = json.loads(line)
            except ValueError:
                continue
            kind, partition = record.get("type"), record.get("partition")
            if kind == "open":
                self.owned.add(partition)
                self.ever_owned.add(partition)
            elif kind == "close":
                self.owned.discard(partition)
            elif kind == "event":
                self.events += 1

    def lines(self):
        with open(self.output, encoding="utf-8", errors="replace") as file:
            yield from file


class Stage:
    """One scenario: starts processes into `.interop/logs/NAME` and ends all of them, whatever happens."""

    def __init__(self, name, environment=None):
        self.directory = LOGS / name
        self.directory.mkdir(parents=True, exist_ok=True)
        self.environment = environment or {}
        self.processes = []

    def start(self, name, command, environment=None):
        process = Process(name, command, {**self.environment, **(environment or {})}, self.directory)
        self.processes.append(process)
        return process

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.stop(5)
