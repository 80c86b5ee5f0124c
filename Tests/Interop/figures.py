"""What is measured for the record, with processes of their own: how fast a host starts, how fast partitions are taken over,
and what an idle host costs. `make chaos ARGS=--figures` prints it after a run with faults.
"""

import os
import re
import signal
import statistics
import time

import ledger
from processes import Stage, now, wait_until
from telemetry import Telemetry


def say_times(what, milliseconds):
    if milliseconds:
        seconds = sorted(number / 1000 for number in milliseconds)
        print(
            f"  {what}: median {statistics.median(seconds):.2f} s, longest {seconds[-1]:.2f} s, "
            f"{len(seconds)} partitions",
            flush=True,
        )


def take_over_times(runs, when, partitions, host):
    """How long after `when` each partition of `host` was opened by another."""
    times = []
    for partition in partitions:
        opened = [
            run.opened
            for run in runs
            if run.partition == partition and run.name != host.name and run.opened >= when
        ]
        if opened:
            times.append(min(opened) - when)
    return times


def measure(eventhubs):
    """Starts an emulator of its own and prints the figures."""
    with Stage("figures") as stage:
        emulator = stage.start(
            "emulator",
            [eventhubs, "emulator", "--port", "0", "--http-port", "0", "--hub", "cold:32", "--hub", "idle:256"],
        )
        emulator.wait_for_line(r"ready amqp=", 30)
        connection_string = re.sub(r";EntityPath=[^;]*", "", emulator.wait_for_line(r"Endpoint=sb://\S*", 5).group(0))
        storage = emulator.wait_for_line(r"DefaultEndpointsProtocol=\S*", 5).group(0)
        from azure.storage.blob import BlobServiceClient

        with BlobServiceClient.from_connection_string(storage) as service:
            service.create_container("cold")
            service.create_container("idle")
        fill(connection_string)

        def host(name, hub, *arguments):
            return stage.start(
                name,
                [eventhubs, "process", "--hub", hub, "--container", hub, "--host-id", name, "--json", *arguments],
                {
                    "EVENTHUBS_CONNECTION_STRING": connection_string,
                    "EVENTHUBS_STORAGE_CONNECTION_STRING": storage,
                },
            )

        cold_start(host)
        take_overs(host)
        idle(host)


def fill(connection_string):
    """One event in each partition."""
    from azure.eventhub import EventData, EventHubProducerClient

    telemetry = Telemetry()
    producer = EventHubProducerClient.from_connection_string(connection_string, eventhub_name="cold")
    with producer:
        for partition in range(32):
            producer.send_batch([EventData(telemetry.document(partition))], partition_id=str(partition))


def cold_start(host):
    started = time.monotonic()
    one = host("cold-start", "cold")
    first = []

    def all_began():
        one.read_new()
        if one.ids and not first:
            first.append(time.monotonic() - started)
        return len(one.ids) == 32

    wait_until(all_began, 60, "an event of each of 32 partitions", every=0.005)
    print(
        f"  cold start, 32 partitions: first event after {first[0]:.2f} s, an event of every partition after "
        f"{time.monotonic() - started:.2f} s (from the start of the process)",
        flush=True,
    )
    one.stop(30, signal.SIGTERM, must_be_clean=True)


def take_overs(host):
    timing = ["--load-balancing-interval", "1s", "--lease-duration", "4s"]
    stays = host("stays", "cold", *timing)

    def shared(other):
        stays.read_new()
        other.read_new()
        return len(stays.owned) == len(other.owned) == 16

    for number, name in [(signal.SIGTERM, "SIGTERM"), (signal.SIGKILL, "SIGKILL")]:
        other = host(f"leaves-by-{name}", "cold", *timing)
        wait_until(lambda: shared(other), 60, "two hosts with 16 partitions each")
        when, partitions = now(), set(other.owned)
        other.kill() if number == signal.SIGKILL else other.stop(30, number, must_be_clean=True)
        wait_until(lambda: stays.read_new() or len(stays.owned) == 32, 60, "all partitions at one host")
        report = ledger.check(Telemetry(count=0), {"stays": stays.lines()})
        say_times(f"take-over after {name} (leases of 4 s)", take_over_times(report.runs, when, partitions, other))
    stays.stop(30, signal.SIGTERM, must_be_clean=True)


def idle(host, seconds=30):
    one = host("idle", "idle")
    wait_until(lambda: one.read_new() or len(one.owned) == 256, 120, lambda: f"256 partitions, {len(one.owned)} so far")
    before = processor_seconds(one)
    time.sleep(seconds)
    used = processor_seconds(one) - before
    print(
        f"  an idle host with 256 partitions: {used:.2f} s of processor time in {seconds} s "
        f"({100 * used / seconds:.1f} % of one core)",
        flush=True,
    )
    one.stop(40, signal.SIGTERM, must_be_clean=True)


def processor_seconds(process):
    fields = open(f"/proc/{process.process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
