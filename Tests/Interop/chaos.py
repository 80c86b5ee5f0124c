"""Hosts in processes of their own, an emulator with `--data-dir`, a producer, and faults at random: processes killed,
stopped and continued, the store cut off, the emulator restarted. The ledger shows that no event was skipped, order was
kept, checkpoints never went back and everything was handled in the end. `Tests/Interop/chaos` sets everything up.
"""

import argparse
import json
import random
import shutil
import signal
import socket
import sys
import time
import traceback

import figures
import ledger
from processes import LOGS, Failure, Stage, now, wait_until
from scenarios import HERE, STORAGE_KEY, balanced, judge, say
from store_proxy import StoreProxy
from store_watch import StoreWatch
from telemetry import Telemetry

HUB, GROUP, CONTAINER = "chaos", "hosts", "hosts"
LEASE, INTERVAL = 4, 1  # seconds


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Chaos:
    """The processes of one run and what has been done to them."""

    def __init__(self, options, stage):
        self.options, self.stage = options, stage
        self.random = random.Random(options.seed)
        self.amqp, self.http = free_port(), free_port()
        self.data = stage.directory / "data"
        shutil.rmtree(self.data, ignore_errors=True)
        self.lives = 0
        self.emulator = None
        self.start_emulator()
        self.proxy = StoreProxy(self.http, options.seed)
        self.hosts, self.live = [], []
        self.faults = []  # (from, to, what) in milliseconds since 1970
        self.moves = []  # (signal, when, partitions of the host, host)
        self.pending = []  # (when, what to undo)
        self.connection_string = (
            f"Endpoint=sb://127.0.0.1:{self.amqp};SharedAccessKeyName=RootManageSharedAccessKey;"
            "SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true"
        )

    def storage(self, port):
        return (
            "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
            f"AccountKey={STORAGE_KEY};BlobEndpoint=http://127.0.0.1:{port}/devstoreaccount1;"
        )

    def start_emulator(self):
        self.lives += 1
        self.emulator = self.stage.start(
            f"emulator-{self.lives}",
            [self.options.eventhubs, "emulator", "--port", str(self.amqp), "--http-port", str(self.http)]
            + ["--hub", f"{HUB}:{self.options.partitions}", "--consumer-group", GROUP, "--data-dir", str(self.data)],
        )
        self.emulator.wait_for_line(r"ready amqp=", 30)

    def start_host(self):
        name = f"host-{len(self.hosts) + 1}"
        host = self.stage.start(
            name,
            [self.options.eventhubs, "process", "--hub", HUB, "--consumer-group", GROUP, "--container", CONTAINER]
            + ["--host-id", name, "--checkpoint-every", "500ms", "--load-balancing-interval", f"{INTERVAL}s"]
            + ["--lease-duration", f"{LEASE}s", "--json"],
            {
                "EVENTHUBS_CONNECTION_STRING": self.connection_string,
                "EVENTHUBS_STORAGE_CONNECTION_STRING": self.storage(self.proxy.port),
            },
        )
        self.hosts.append(host)
        self.live.append(host)
        return host

    def produce(self):
        return self.stage.start(
            "producer",
            [sys.executable, HERE / "python_produce.py", "--hub", HUB, "--rate", str(self.options.rate)]
            + ["--vehicles", "40", "--count", "100000000"],
            {"EVENTHUBS_CONNECTION_STRING": self.connection_string},
        )

    # --- Faults ---------------------------------------------------------------------------------------------------

    def fault(self):
        """Does something, and says what."""
        whole = [host for host in self.live if not host.paused]
        choices = [self.cut_store, self.restart_emulator]
        if len(whole) > 1:
            choices += [self.kill_host, self.stop_host, self.pause_host]
        if len(self.live) < 4:
            choices += [self.add_host] * 2
        if any(undo == self.serve_store for _, undo, _ in self.pending):
            choices.remove(self.cut_store)
        self.random.choice(choices)(whole)

    def add_host(self, _):
        say(f"  {self.clock()} {self.start_host().name} starts")

    def kill_host(self, whole):
        host = self.random.choice(whole)
        host.kill()
        host.read_new()
        self.live.remove(host)
        self.moves.append(("SIGKILL", host.killed, set(host.owned), host))
        say(f"  {self.clock()} SIGKILL to {host.name}, which owned {len(host.owned)}")

    def stop_host(self, whole):
        host = self.random.choice(whole)
        host.read_new()
        self.moves.append(("SIGTERM", now(), set(host.owned), host))
        say(f"  {self.clock()} SIGTERM to {host.name}, which owned {len(host.owned)}")
        host.stop(40, signal.SIGTERM, must_be_clean=True)
        # What it has processed while it stopped.
        host.read_new()
        self.live.remove(host)

    def pause_host(self, whole):
        host = self.random.choice(whole)
        host.pause()
        host.read_new()
        self.moves.append(("SIGSTOP", now(), set(host.owned), host))
        seconds = LEASE * self.random.uniform(1.3, 2.5)
        self.later(seconds, self.resume_host, host)
        say(f"  {self.clock()} SIGSTOP to {host.name} for {seconds:.1f} s, which owned {len(host.owned)}")

    def resume_host(self, host):
        host.read_new()
        self.moves.append(("SIGCONT", now(), set(host.owned), host))
        host.resume()
        say(f"  {self.clock()} SIGCONT to {host.name}")

    def cut_store(self, _):
        mode, seconds = self.random.choice(["refuse", "stall", "break"]), self.random.uniform(1, LEASE * 2)
        self.proxy.set(mode)
        self.begin_fault("the store was cut off")
        self.later(seconds, self.serve_store, None)
        say(f"  {self.clock()} the store: {mode} for {seconds:.1f} s")

    def serve_store(self, _):
        self.proxy.set("serve")
        self.end_fault("the store was cut off")
        say(f"  {self.clock()} the store serves again")

    def restart_emulator(self, _):
        number = self.random.choice([signal.SIGTERM, signal.SIGKILL])
        self.begin_fault("the emulator was restarted")
        if number == signal.SIGKILL:
            self.emulator.kill()
        else:
            self.emulator.stop(20, number, must_be_clean=True)
        time.sleep(self.random.uniform(0, 2))
        self.start_emulator()
        self.end_fault("the emulator was restarted")
        say(f"  {self.clock()} the emulator was restarted with {number.name}")

    def begin_fault(self, what):
        self.faults.append((now(), float("inf"), what))

    def end_fault(self, what):
        """Its effects last until leases that could not be renewed meanwhile have been taken over."""
        for index, (start, stop, name) in enumerate(self.faults):
            if name == what and stop == float("inf"):
                self.faults[index] = (start, now() + (LEASE + 3 * INTERVAL) * 1000, what)

    def store_was_cut(self, host):
        """Whether it was within two seconds of the start of the process."""
        started = now() - (time.monotonic() - host.started) * 1000
        return any(start <= started + 2000 and stop >= started for start, stop, what in self.faults if "store" in what)

    def later(self, seconds, undo, argument):
        self.pending.append((time.monotonic() + seconds, undo, argument))

    def undo_due(self, all_of_them=False):
        for entry in list(self.pending):
            if all_of_them or entry[0] <= time.monotonic():
                self.pending.remove(entry)
                entry[1](entry[2])

    # --- The run --------------------------------------------------------------------------------------------------

    def clock(self):
        return f"{time.monotonic() - self.started:6.1f} s"

    def look(self):
        for host in list(self.live):
            host.read_new()
            if host.running:
                continue
            if host.process.returncode != 1 or host.ever_owned or not self.store_was_cut(host):
                raise host.failure("ended by itself")
            # It could not reach the store when it started, and said so. Whoever runs it starts it again.
            say(f"  {self.clock()} {host.name} could not start without the store: again")
            self.live.remove(host)
            self.start_host()
        if not self.emulator.running:
            raise self.emulator.failure("ended by itself")

    def run(self):
        from azure.storage.blob import BlobServiceClient

        self.started = time.monotonic()
        with BlobServiceClient.from_connection_string(self.storage(self.http)) as service:
            service.create_container(CONTAINER)
        watch = StoreWatch(self.storage(self.http), CONTAINER)
        try:
            for _ in range(3):
                self.start_host()
            balanced(self.live, self.options.partitions)
            producer = self.produce()
            until = time.monotonic() + self.options.seconds
            next_fault = time.monotonic() + 2
            while time.monotonic() < until:
                time.sleep(0.1)
                self.undo_due()
                self.look()
                if not producer.running:
                    raise producer.failure("ended by itself")
                if time.monotonic() >= next_fault:
                    self.fault()
                    next_fault = time.monotonic() + self.random.uniform(1, 6)
            say(f"  {self.clock()} no more faults")
            self.undo_due(all_of_them=True)
            producer.stop(60, signal.SIGTERM, must_be_clean=True)
            sent = json.loads(producer.output.read_text().splitlines()[-1])
            self.all_handled(sent["count"])
            balanced(self.live, self.options.partitions, seconds=60)
            for host in self.live:
                host.stop(40, signal.SIGTERM, must_be_clean=True)
        finally:
            watch.stop()
            self.proxy.close()
        say(f"  {sent['count']} events sent, {sent['again']} sends repeated; {watch.looks} looks into the store")
        self.judge(sent["count"], watch)

    def all_handled(self, count):
        def check():
            self.look()
            return len(set().union(*(host.ids for host in self.hosts))) >= count

        wait_until(check, 90, lambda: f"all {count} events at least once", every=0.5)

    def judge(self, count, watch):
        telemetry = Telemetry(vehicles=40, count=count)
        members = {
            host.name: ledger.Member(killed=host.killed, pauses=host.pauses) for host in self.hosts
        }
        files = {host.name: [line for line in host.lines() if line.endswith("\n")] for host in self.hosts}
        report = ledger.check(telemetry, files, crashed=True, resent=True, members=members, faults=self.faults)
        for problem in watch.problems:
            report.problem("monotone", problem)
        if report.causes[ledger.OURS]:
            report.problem("duplicates", f"{report.causes[ledger.OURS]} repeats that no fault explains")
        judge(report)
        self.print_figures(report.runs)

    def print_figures(self, runs):
        for kind in ("SIGKILL", "SIGTERM", "SIGSTOP"):
            times = []
            for what, when, partitions, host in self.moves:
                if what == kind:
                    times += figures.take_over_times(runs, when, partitions, host)
            figures.say_times(f"partitions taken over after {kind}", times)
        ends = [
            run.closed - when
            for what, when, partitions, host in self.moves
            for run in runs
            if what == "SIGCONT" and run.name == host.name and run.partition in partitions and run.opened < when and run.closed is not None
            and run.closed >= when and run.reason == "leaseLost"
        ]
        figures.say_times("a stopped host gave up what it had lost, after SIGCONT", ends)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eventhubs", required=True, help="the built command line")
    parser.add_argument("--seconds", type=float, default=120, help="how long faults go on")
    parser.add_argument("--seed", type=int, default=None, help="decides the faults; random unless given")
    parser.add_argument("--partitions", type=int, default=12)
    parser.add_argument("--rate", type=int, default=200, help="events per second")
    parser.add_argument("--figures", action="store_true", help="measure a cold start and an idle host as well")
    options = parser.parse_args()
    # A time-out of the caller ends what was started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(1_000_000)
    say(f"\nchaos: {options.seconds:g} s of faults, --seed {options.seed}; logs in {LOGS / 'chaos'}")
    try:
        with Stage("chaos") as stage:
            Chaos(options, stage).run()
        shutil.rmtree(LOGS / "chaos", ignore_errors=True)
        if options.figures:
            figures.measure(options.eventhubs)
    except Exception as error:
        say(f"  FAILED: {error if isinstance(error, Failure) else traceback.format_exc()}")
        say(f"  again with: make chaos ARGS='--seed {options.seed} --seconds {options.seconds:g}'; logs in {LOGS / 'chaos'}")
        sys.exit(1)
    say("chaos: ok")


if __name__ == "__main__":
    main()
