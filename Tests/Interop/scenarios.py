"""The interop run: official Python clients and our command line around `eventhubs emulator`. README.md tells what each
scenario shows. `python scenarios.py --eventhubs PATH [--only NAME]… [--but NAME]… [--count N]`; `Tests/Interop/run` sets everything up.
"""

import argparse
import gzip
import json
import pathlib
import re
import signal
import sys
import time
import traceback

import ledger
import sdk_tests
import transports
from processes import LOGS, Failure, Stage, wait_until
from telemetry import Telemetry

HERE = pathlib.Path(__file__).resolve().parent
STORAGE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


# The conditions of the service's table of errors.
CONDITIONS = """
    com.microsoft:server-busy com.microsoft:timeout com.microsoft:operation-cancelled com.microsoft:container-close
    amqp:internal-error amqp:link:detach-forced amqp:link:transfer-limit-exceeded amqp:connection:forced
    amqp:connection:framing-error proton:io amqp:link:stolen com.microsoft:producer-epoch-stolen
    com.microsoft:out-of-order-sequence amqp:resource-limit-exceeded amqp:link:message-size-exceeded
    amqp:unauthorized-access com.microsoft:auth-failed amqp:not-found com.microsoft:entity-disabled
    com.microsoft:argument-error com.microsoft:argument-out-of-range com.microsoft:georeplication:invalid-offset
    com.microsoft:precondition-failed amqp:not-allowed amqp:not-implemented amqp:illegal-state amqp:decode-error
    amqp:invalid-field amqp:precondition-failed amqp:frame-size-too-small amqp:session:errant-link
    amqp:session:unattached-handle amqp:session:window-violation amqp:session:handle-in-use
    com.microsoft:partition-not-owned com.microsoft:store-lock-lost com.microsoft:publisher-revoked
""".split()


def faults():
    """A hub that rejects with each condition, for the client tries again by itself, and one that detaches with one after the other."""
    arguments = ["--hub", "detached:1"]
    for number, condition in enumerate(CONDITIONS):
        arguments += ["--hub", f"rejected-{number}:1", "--fault", f"send hub=rejected-{number} times=*: reject {condition}"]
        arguments += ["--fault", f"send hub=detached: detach {condition}"]
    return arguments


class World:
    """The emulator all scenarios talk to, and how each kind of process is started."""

    def __init__(self, options, stage):
        self.eventhubs, self.count, self.storage_key = options.eventhubs, options.count, STORAGE_KEY
        self.emulator = stage.start(
            "emulator",
            [self.eventhubs, "emulator", "--port", "0", "--http-port", "0"]
            + ["--hub", "telemetry:8", "--hub", "outbound:4", "--hub", "shared:12", "--hub", "planned:12", "--hub", "errors:2"]
            + ["--consumer-group", "hosts", "--consumer-group", "mixed", "--consumer-group", "planned"]
            + faults(),
        )
        ready = self.emulator.wait_for_line(r"ready amqp=127\.0\.0\.1:(\d+) http=127\.0\.0\.1:(\d+)", 30)
        self.amqp_port, self.http_port = int(ready.group(1)), int(ready.group(2))
        line = self.emulator.wait_for_line(r"Endpoint=sb://\S*", 5).group(0)
        # One string for all hubs: each process names the hub it wants.
        self.connection_string = re.sub(r";EntityPath=[^;]*", "", line)
        self.storage = (
            "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
            f"AccountKey={STORAGE_KEY};BlobEndpoint=http://127.0.0.1:{self.http_port}/devstoreaccount1;"
        )
        self.environment = {
            "EVENTHUBS_CONNECTION_STRING": self.connection_string,
            "EVENTHUBS_STORAGE_CONNECTION_STRING": self.storage,
        }

    def ours(self, stage, name, *arguments):
        return stage.start(name, [self.eventhubs, *arguments], self.environment)

    def python(self, stage, name, script, *arguments, **environment):
        return stage.start(
            name, [sys.executable, HERE / f"python_{script}.py", *arguments], {**self.environment, **environment}
        )

    def host(self, stage, name, hub, group, container, lease="10s"):
        return self.ours(
            stage, name, "process", "--hub", hub, "--consumer-group", group, "--container", container,
            "--host-id", name, "--checkpoint-every", "1s", "--load-balancing-interval", "1s",
            "--lease-duration", lease, "--json",
        )

    def create_container(self, name):
        from azure.storage.blob import BlobServiceClient

        with BlobServiceClient.from_connection_string(self.storage) as service:
            service.create_container(name)


def judge(report):
    for line in report.lines():
        say("  " + line)
    if not report.ok:
        raise Failure("the ledger does not balance (see the problems above)")
    return report


def say(text):
    print(text, flush=True)


def events_of(hosts):
    """How many events the hosts, together, have handled; each has to be alive."""
    for host in hosts:
        host.read_new()
        if not host.running:
            raise host.failure("ended early")
    return sum(host.events for host in hosts)


def everybody_worked(hosts):
    for host in hosts:
        host.read_new()
        if not host.ever_owned:
            raise host.failure("never owned a partition")


def balanced(hosts, partitions, seconds=60):
    """Waits until the hosts share the partitions evenly, each partition with one of them."""

    def check():
        for host in hosts:
            host.read_new()
            if not host.running:
                raise host.failure("ended early")
        sizes = [len(host.owned) for host in hosts]
        return sum(sizes) == partitions and max(sizes) - min(sizes) <= 1

    started = time.monotonic()
    wait_until(check, seconds, lambda: "even shares; " + ", ".join(f"{host.name} owns {sorted(host.owned)}" for host in hosts))
    say(f"  {', '.join(host.name for host in hosts)} share {partitions} partitions after {time.monotonic() - started:.1f} s")


def python_to_hosts(world, stage):
    """Two hosts in two processes share a group through the Blob endpoint while the Python client sends; one stops half-way."""
    telemetry = Telemetry(count=world.count)
    world.create_container("hosts")
    first = world.host(stage, "host-a", "telemetry", "hosts", "hosts")
    second = world.host(stage, "host-b", "telemetry", "hosts", "hosts")
    balanced([first, second], 8)
    sender = world.python(stage, "python-send", "send", "--hub", "telemetry", "--count", telemetry.count)
    wait_until(
        lambda: events_of([first, second]) > telemetry.count // 2, 300, "half of the events", every=0.05
    )
    say("  half-way: host-a stops")
    first.stop(20, signal.SIGINT, must_be_clean=True)
    third = world.host(stage, "host-c", "telemetry", "hosts", "hosts")
    sender.finish(480)
    say("  " + sender.output.read_text().strip())
    hosts = [first, second, third]
    caught_up(hosts, [second, third], telemetry)
    for host in (second, third):
        host.stop(20, signal.SIGTERM, must_be_clean=True)
    report = judge(ledger.check(telemetry, {host.name: host.lines() for host in hosts}))
    everybody_worked(hosts)
    if report.counts["twice"] > telemetry.count // 2:
        raise Failure(f"{report.counts['twice']} repeats is more than a stop and a start explain")


def caught_up(hosts, running, telemetry, seconds=120):
    """Waits until the hosts, some of which may have ended, have handled as many distinct events as were sent."""

    def distinct():
        for host in running:
            if not host.running:
                raise host.failure("ended early")
        for host in hosts:
            host.read_new()
        return len(set().union(*(host.ids for host in hosts))) >= telemetry.count

    wait_until(distinct, seconds, lambda: f"all {telemetry.count} events at least once", every=1)


def python_to_receive(world, stage):
    """`eventhubs receive` reads everything the Python client sent, from the start, all partitions."""
    telemetry = Telemetry(count=world.count)
    receiver = world.ours(
        stage, "receive", "receive", "--hub", "telemetry", "--from", "earliest", "--count", str(world.count), "--format", "json"
    )
    say(f"  received in {receiver.finish(120):.1f} s")
    judge(ledger.check(telemetry, {"receive": receiver.lines()}))


def send_to_python(world, stage):
    """`eventhubs send` sends lines, by key, to a partition and compressed; the Python client receives all of them."""
    telemetry = Telemetry(seed=7, vehicles=50, count=min(20_000, world.count))
    plain, keyed, pinned, zipped = [], [], [], []
    for index in range(telemetry.count):
        vehicle = index % telemetry.vehicles
        (keyed if vehicle == 1 else pinned if vehicle == 2 else zipped if vehicle == 3 else plain).append(index)
    for name, indexes, arguments in [
        ("plain", plain, []),
        ("keyed", keyed, ["--key", telemetry.vehicle(1)]),
        ("pinned", pinned, ["--partition", "3"]),
        ("zipped", zipped, ["--gzip"]),
    ]:
        source = stage.directory / f"{name}.jsonl"
        source.write_bytes(b"".join(telemetry.document(index) + b"\n" for index in indexes))
        sender = world.ours(stage, f"send-{name}", "send", "--hub", "outbound", *arguments, str(source))
        say(f"  sent {len(indexes)} {name} events in {sender.finish(60):.1f} s")
    receiver = world.python(
        stage, "python-receive", "receive", "--hub", "outbound", "--count", telemetry.count, "--timeout", "120"
    )
    receiver.finish(150)
    say("  " + receiver.errors.read_text().strip().splitlines()[-1])

    seen, sequences, keys = {}, {}, {}
    for line in receiver.lines():
        record = json.loads(line)
        body = ledger.body_of(record)
        if record.get("encoding") == "gzip":
            body = gzip.decompress(body)
        index = json.loads(body)["id"]
        if body != telemetry.document(index):
            raise Failure(f"event {index} does not have the bytes that were sent")
        if index in seen:
            raise Failure(f"event {index} arrived twice")
        seen[index] = record["partition"]
        expected = sequences.get(record["partition"], -1) + 1
        if record["sequence"] != expected:
            raise Failure(f"partition {record['partition']}: {record['sequence']} where {expected} should be")
        sequences[record["partition"]] = expected
        vehicle = index % telemetry.vehicles
        if (record["key"] or "") != (telemetry.vehicle(1) if vehicle == 1 else ""):
            raise Failure(f"event {index} has key {record['key']!r}")
        if (record.get("encoding") == "gzip") != (vehicle == 3):
            raise Failure(f"event {index} has encoding {record.get('encoding')!r}")
        # What went to one partition, by key or by name, came in the order it was sent.
        if vehicle in (1, 2):
            if index < keys.get(vehicle, -1):
                raise Failure(f"event {index} came after event {keys[vehicle]}")
            keys[vehicle] = index
    if len(seen) != telemetry.count:
        raise Failure(f"{telemetry.count - len(seen)} of {telemetry.count} events never arrived")
    if {seen[index] for index in pinned} != {"3"} or len({seen[index] for index in keyed}) != 1:
        raise Failure("a partition or key did not decide where the events went")
    say(f"  {len(seen)} events, each once, in order, in {len(sequences)} partitions")


def mixed_group(world, stage):
    """Two of our hosts and two official EventHubConsumerClients share a group: hosts crash, resume, leave and join."""
    telemetry = Telemetry(seed=11, vehicles=100, count=min(40_000, world.count))
    world.create_container("mixed")

    def ours(name):
        return world.host(stage, name, "shared", "mixed", "mixed", lease="6s")

    def theirs(name):
        return world.python(
            stage, name, "process", "--hub", "shared", "--consumer-group", "mixed", "--container", "mixed",
            "--expiration", "6",
        )

    live = [ours("ours-a"), theirs("theirs-a"), ours("ours-b"), theirs("theirs-b")]
    everybody = list(live)
    balanced(live, 12, seconds=90)
    sender = world.python(
        stage, "python-send", "send", "--hub", "shared", "--seed", 11, "--vehicles", 100, "--count", telemetry.count,
        "--rate", max(500, telemetry.count // 60),
    )

    def leaves(host, how):
        wait_until(lambda: events_of(live) and host.events > 100, 60, f"{host.name} handles events")
        say(f"  {host.name} {how}")
        host.kill() if how == "is killed" else host.stop(30, signal.SIGTERM, must_be_clean=host.name.startswith("ours"))
        live.remove(host)
        balanced(live, 12, seconds=90)

    def joins(host):
        say(f"  {host.name} joins")
        live.append(host)
        everybody.append(host)
        balanced(live, 12, seconds=90)

    leaves(live[0], "is killed")
    joins(ours("ours-c"))
    leaves(next(host for host in live if host.name == "theirs-a"), "is killed")
    joins(theirs("theirs-c"))
    leaves(next(host for host in live if host.name == "ours-b"), "stops")
    leaves(next(host for host in live if host.name == "theirs-b"), "stops")
    joins(ours("ours-d"))
    sender.finish(180)
    say("  " + sender.output.read_text().strip())
    caught_up(everybody, live, telemetry)
    for host in live:
        host.stop(30, signal.SIGTERM, must_be_clean=host.name.startswith("ours"))
    judge_group(telemetry, everybody, crashed=True)
    everybody_worked(everybody)


def planned_moves(world, stage):
    """Three of our hosts: scale-out, a rolling restart by SIGTERM, scale-in. Every event is handled once."""
    telemetry = Telemetry(seed=17, vehicles=100, count=min(20_000, world.count))
    world.create_container("planned")

    def start(name):
        return world.host(stage, name, "planned", "planned", "planned")

    live = [start("host-1")]
    everybody = list(live)
    balanced(live, 12)
    sender = world.python(
        stage, "python-send", "send", "--hub", "planned", "--seed", 17, "--vehicles", 100, "--count", telemetry.count,
        "--rate", max(500, telemetry.count // 30),
    )

    def joins(name):
        live.append(start(name))
        everybody.append(live[-1])
        balanced(live, 12)

    def leaves(host):
        host.stop(30, signal.SIGTERM, must_be_clean=True)
        live.remove(host)
        balanced(live, 12)

    wait_until(lambda: events_of(live) > 100, 60, "the first events")
    say("  scale-out")
    joins("host-2")
    joins("host-3")
    say("  rolling restart")
    for number in (4, 5, 6):
        oldest = live[0]
        joins(f"host-{number}")
        leaves(oldest)
    say("  scale-in")
    leaves(live[0])
    leaves(live[0])
    sender.finish(120)
    caught_up(everybody, live, telemetry)
    live[0].stop(30, signal.SIGTERM, must_be_clean=True)
    report = judge_group(telemetry, everybody)
    moves = sum(len(host.ever_owned) for host in everybody[1:])
    say(f"  {moves} partitions moved as planned, {report.counts['twice']} events handled twice")


def judge_group(telemetry, hosts, crashed=False):
    """The ledger of hosts that share a group, with each repeat under its cause; none may come from ours alone."""
    report = ledger.check(
        telemetry,
        {host.name: whole_lines(host) for host in hosts},
        crashed=crashed,
        members={
            host.name: ledger.Member(foreign=host.name.startswith("theirs"), killed=host.killed) for host in hosts
        },
    )
    if report.causes[ledger.OURS]:
        report.problem("duplicates", f"{report.causes[ledger.OURS]} repeats in planned moves between our hosts")
    return judge(report)


def whole_lines(host):
    """Its lines, less a last one that the kill cut off."""
    return [line for line in host.lines() if line.endswith("\n")]


def errors(world, stage):
    """What the Python client, and our command line, see when key, hub, partition, group or owner level are wrong."""
    checks = world.python(stage, "python-errors", "errors", EVENTHUBS_HUB="errors", CONDITIONS=" ".join(CONDITIONS))
    try:
        checks.finish(180)
    finally:
        for line in checks.output.read_text().splitlines():
            say("  " + line[:300])
    secret = re.search(r"SharedAccessKey=([^;]+)", world.connection_string).group(1)
    wrong = world.connection_string.replace(secret, "d3Jvbmcga2V5IG9mIHRoaXMgdGVzdCB3cm9uZyBrZXk=")
    for name, arguments, environment, expected in [
        ("wrong-key", ["--hub", "errors"], {"EVENTHUBS_CONNECTION_STRING": wrong}, "unauthor|401|key|token|signature"),
        ("no-hub", ["--hub", "no-such-hub"], {}, "no-such-hub"),
        ("no-partition", ["--hub", "errors", "--partition", "99"], {}, "99"),
        ("no-group", ["--hub", "errors", "--consumer-group", "no-such-group"], {}, "no-such-group"),
    ]:
        receiver = stage.start(
            f"receive-{name}",
            [world.eventhubs, "receive", "--from", "earliest", "--count", "1", *arguments],
            {**world.environment, **environment},
        )
        seconds = receiver.finish(30, expected=1)
        text = receiver.errors.read_text()
        if not re.search(expected, text, re.IGNORECASE):
            raise receiver.failure(f"does not say what is wrong (/{expected}/)")
        for key in (secret, "d3Jvbmcga2V5"):
            if key in text or key in receiver.output.read_text():
                raise receiver.failure("prints a key")
        say(f"  ok     receive {name}: exit 1 after {seconds:.1f} s: {text.strip().splitlines()[-1][:200]}")


def blob_leases(world, stage):
    """Microsoft's Blob client takes, renews, loses and breaks leases, writes under conditions, and uses shared access signatures."""
    checks = world.python(stage, "python-blob-leases", "blob_leases")
    try:
        checks.finish(90)
    finally:
        for line in checks.output.read_text().splitlines():
            say("  " + line[:300])


def administration(world, stage):
    """The old azure-servicebus and our command line make, change and delete hubs for each other; events sent over HTTP come out of AMQP."""
    endpoint = f"http://127.0.0.1:{world.http_port}"

    def python(phase):
        checks = world.python(stage, f"python-{phase}", "administration", phase, EVENTHUBS_HTTP=endpoint)
        try:
            checks.finish(120)
        finally:
            for line in checks.output.read_text().splitlines():
                say("  " + line[:300])

    def hub(name, *arguments, expected=0):
        command = world.ours(stage, name, "hub", *arguments, "--endpoint", endpoint)
        command.finish(60, expected=expected)
        return command

    def objects(command):
        return [json.loads(line) for line in command.output.read_text().splitlines()]

    def expect(command, condition, what):
        if not condition:
            raise command.failure(what)
        say(f"  ok     {what}")

    python("make")
    shown = hub("show", "show", "made", "--json")
    described = [
        {key: hub[key] for key in ("name", "partitions", "retention_days", "status", "metadata")} for hub in objects(shown)
    ]
    made = {"name": "made", "partitions": 2, "retention_days": 5, "status": "Active", "metadata": "changed"}
    expect(shown, described == [made], "our command line shows the hub that the old client has made")
    listed = hub("list", "list", "--json")
    names = [hub["name"] for hub in objects(listed)]
    expect(listed, {"made", "defaults", "telemetry"} <= set(names), f"and lists it among {len(names)}")
    hub("group", "group", "create", "made", "readers")
    receiver = world.ours(stage, "receive", "receive", "--hub", "made", "--from", "earliest", "--count", "3", "--format", "json")
    receiver.finish(60)
    bodies = {event["body"]: event for event in objects(receiver)}
    expect(receiver, set(bodies) == {"plain", '{"location":"r\u00f8d"}', "by a device"}, "it reads the events over AMQP")
    expect(receiver, bodies['{"location":"r\u00f8d"}']["key"] == "vehicle-7", "with the key")
    python("use")
    hub("create", "create", "ours", "--partitions", "4", "--retention", "1", "--metadata", "words")
    hub("update", "update", "ours", "--partitions", "5", "--status", "send-disabled")
    again = hub("again", "create", "ours", expected=1)
    expect(again, "alreadyExists" in again.errors.read_text(), "a hub is not created twice")
    python("remove")
    gone = hub("gone", "show", "made", expected=1)
    expect(gone, "there is none of that name" in gone.errors.read_text(), "our command line does not find what the old client has deleted")


SCENARIOS = [
    python_to_hosts, python_to_receive, send_to_python, mixed_group, planned_moves, errors, blob_leases, administration,
    transports.official_transports, transports.our_websockets, transports.frames,
    sdk_tests.sdk_tests,
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--eventhubs", required=True, help="the built command line")
    names = [scenario.__name__ for scenario in SCENARIOS]
    parser.add_argument("--only", action="append", choices=names, default=[])
    parser.add_argument("--but", action="append", choices=names, default=[], help="a scenario to leave out")
    parser.add_argument("--count", type=int, default=100_000, help="events of the large scenarios")
    options = parser.parse_args()
    # A time-out of the caller ends what was started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    passed, failed = [], []
    # A run of some scenarios keeps its logs apart: it may be one of two at a time.
    with Stage("-".join(["emulator", *options.only])) as background:
        world = World(options, background)
        say(f"emulator: amqp {world.amqp_port}, http {world.http_port}; logs in {LOGS}")
        for scenario in SCENARIOS:
            name = scenario.__name__
            if name in options.but or options.only and name not in options.only:
                continue
            say(f"\n{name}: {scenario.__doc__}")
            started = time.monotonic()
            try:
                with Stage(name) as stage:
                    scenario(world, stage)
                if not world.emulator.running:
                    raise world.emulator.failure("the emulator ended")
                passed.append(name)
                say(f"  passed in {time.monotonic() - started:.1f} s")
            except Failure as failure:
                failed.append(name)
                say(f"  FAILED in {time.monotonic() - started:.1f} s: {failure}")
            except Exception:
                failed.append(name)
                say("  FAILED: " + traceback.format_exc())
            if not world.emulator.running:
                say(f"  the emulator is gone:\n{world.emulator.tail(20)}")
                break
        try:
            world.emulator.stop(20, signal.SIGTERM, must_be_clean=True)
        except Failure as failure:
            failed.append("emulator-stops-cleanly")
            say(f"\n  FAILED {failure}")
    say(f"\n{len(passed)} passed, {len(failed)} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
