"""Compares the frames that our client sends with those of the official client for the same operation, field by field.

    .interop/venv/bin/python Tests/Interop/capture/compare.py --eventhubs .build/debug/eventhubs [--table]

Each difference has to stand, with its reason, in the table of the article *Frames beside the official client* of EventHubs,
and each row there has to be one that is found. `--table` prints the rows that are found, for a new version of either.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import threading
import time

from azure.eventhub import EventData, EventHubConsumerClient, EventHubProducerClient

from proxy import RecordingProxy

ROOT = pathlib.Path(__file__).resolve().parents[3]
ARTICLE = ROOT / "Sources/EventHubs/Documentation.docc/FramesBesideTheOfficialClient.md"
SASL_INIT, OPEN, BEGIN, ATTACH, FLOW, TRANSFER, DETACH, END, CLOSE = 0x41, *range(0x10, 0x15), *range(0x16, 0x19)

FIELDS = {
    "sasl-init": "mechanism initial-response hostname",
    "open": "container-id hostname max-frame-size channel-max idle-time-out outgoing-locales incoming-locales "
    "offered-capabilities desired-capabilities properties",
    "begin": "remote-channel next-outgoing-id incoming-window outgoing-window handle-max offered-capabilities "
    "desired-capabilities properties",
    "attach": "name handle role snd-settle-mode rcv-settle-mode source target unsettled incomplete-unsettled "
    "initial-delivery-count max-message-size offered-capabilities desired-capabilities properties",
    "flow": "next-incoming-id incoming-window next-outgoing-id outgoing-window handle delivery-count link-credit available "
    "drain echo properties",
    "transfer": "handle delivery-id delivery-tag message-format settled more rcv-settle-mode state resume aborted batchable",
    "detach": "handle closed error",
    "end": "error",
    "close": "error",
}
COMPOSITES = {
    "40": ("source", "address durable expiry-policy timeout dynamic dynamic-node-properties distribution-mode filter "
    "default-outcome outcomes capabilities"),
    "41": ("target", "address durable expiry-policy timeout dynamic dynamic-node-properties capabilities"),
}
SECTIONS = {
    "112": ("header", "durable priority ttl first-acquirer delivery-count"),
    "115": ("properties", "message-id user-id to subject reply-to correlation-id content-type content-encoding "
    "absolute-expiry-time creation-time group-id group-sequence reply-to-group-id"),
    "114": ("message-annotations", None),
    "116": ("application-properties", None),
    "117": ("data", None),
    "119": ("value", None),
}
# What is another in every run or for every client: only the type is compared.
PRIVATE = re.compile(
    r"(^container-id|^name|\.address|^handle|^delivery-tag|^delivery-id|next-(in|out)coming-id|^next-outgoing-id|"
    r"security_token|message-id|correlation-id|reply-to|hostname|user-agent|receiver-name|\.version|\.product|\.framework|\.platform|"
    r"(^|\.)value|(^|\.)data|expiration)$"
)

# name, scene, performative, a text in the frame, which of those that match
FRAMES = [
    ("sasl-init", "send", SASL_INIT, b"", 0),
    ("open", "send", OPEN, b"", 0),
    ("begin", "send", BEGIN, b"", 0),
    ("attach of the $cbs receiver", "send", ATTACH, b"$cbs", "receiver"),
    ("attach of the $cbs sender", "send", ATTACH, b"$cbs", "sender"),
    ("flow of the $cbs receiver", "send", FLOW, b"", "credit"),
    ("transfer of put-token", "send", TRANSFER, b"put-token", 0),
    ("attach of the $management receiver", "properties", ATTACH, b"$management", "receiver"),
    ("attach of the $management sender", "properties", ATTACH, b"$management", "sender"),
    ("transfer of a read request for the hub", "properties", TRANSFER, b"com.microsoft:eventhub", 0),
    ("transfer of a read request for a partition", "partition properties", TRANSFER, b"com.microsoft:partition", 0),
    ("attach of a partition's sender", "send", ATTACH, b"/Partitions/1", 0),
    ("transfer of a batch", "send", TRANSFER, b"to be compared", 0),
    ("attach of an owner's receiver", "receive", ATTACH, b"x-opt-offset", 0),
    ("flow of a partition's receiver", "receive", FLOW, b"", "last credit"),
    ("detach", "send", DETACH, b"", 0),
    ("end", "send", END, b"", 0),
    ("close", "send", CLOSE, b"", 0),
]


class Inspector:
    """Decodes frames and messages with `eventhubs inspect`, which loses no type."""

    def __init__(self, eventhubs):
        self.eventhubs = eventhubs

    def __call__(self, kind, data):
        result = subprocess.run(
            [self.eventhubs, "inspect", kind, "--hex", "--json"], input=data.hex(), capture_output=True, text=True, timeout=20
        )
        if result.returncode != 0:
            raise SystemExit(f"compare: cannot decode {data.hex()}: {result.stdout} {result.stderr}")
        return json.loads(result.stdout.splitlines()[0])


def flatten(path, value, found):
    """Puts each leaf of a typed value under its path."""
    kind = value[0]
    if kind == "described" and value[1][1] in COMPOSITES and value[2][0] == "list":
        _, names = COMPOSITES[value[1][1]]
        for name, item in zip(names.split(), value[2][1]):
            flatten(f"{path}.{name}", item, found)
    elif kind == "described":
        found[f"{path}.descriptor"] = describe(value[1])
        flatten(path, value[2], found)
    elif kind == "map":
        for key, item in value[1]:
            flatten(f"{path}.{key[1]}", item, found)
    elif kind != "null":
        found[path] = describe(value)


def describe(value):
    if value[0] == "array":
        return "array of " + ", ".join(str(item[1]) for item in value[1]["items"])
    return f"{value[0]} {json.dumps(value[1]) if isinstance(value[1], (list, bool)) else value[1]}"


def fields_of(frame, inspect):
    """Each field that the frame has, by its path; private ones only with their type."""
    decoded = inspect("--frames", frame.data)
    found = {}
    for name, value in zip(FIELDS[decoded["performative"]].split(), decoded["fields"]):
        flatten(name, value, found)
    if decoded["payload"]:
        for _, descriptor, value in inspect("--message", frame.data[-decoded["payload"] :])["sections"]:
            name, names = SECTIONS[descriptor[1]]
            if names:
                for field, item in zip(names.split(), value[1]):
                    flatten(f"{name}.{field}", item, found)
            else:
                flatten(name, value, found)
    # Audiences name the port of the proxy.
    return {
        path: text.split()[0] if PRIVATE.search(path) else re.sub(r":\d+/", ":PORT/", text) for path, text in found.items()
    }


def is_receiver(frame, inspect):
    return inspect("--frames", frame.data)["fields"][2] == ["bool", True]


def credit(frame, inspect):
    value = (inspect("--frames", frame.data)["fields"] + [["null"]] * 11)[6]
    return value[1] if value[0] != "null" else 0


def find(frames, scene, performative, text, which, inspect):
    found = [f for f in frames if f.scene == scene and f.code == performative and text in f.data]
    if which in ("receiver", "sender"):
        found = [f for f in found if is_receiver(f, inspect) == (which == "receiver")]
    elif which in ("credit", "last credit"):
        found = [f for f in found if credit(f, inspect)]
    index = -1 if which == "last credit" else which if isinstance(which, int) else 0
    return found[index] if found else None


def theirs(proxy, connection_string):
    options = {"retry_total": 0, "auth_timeout": 10}

    def producer():
        return EventHubProducerClient.from_connection_string(connection_string, **options)

    proxy.scene = "send"
    with producer() as client:
        batch = client.create_batch(partition_id="1")
        batch.add(EventData("to be compared"))
        client.send_batch(batch)
    proxy.scene = "properties"
    with producer() as client:
        client.get_eventhub_properties()
    proxy.scene = "partition properties"
    with producer() as client:
        client.get_partition_properties("1")
    proxy.scene = "receive"
    client = EventHubConsumerClient.from_connection_string(connection_string, consumer_group="$Default", **options)
    arrived = threading.Event()
    thread = threading.Thread(
        target=client.receive,
        args=(lambda *_: arrived.set(),),
        kwargs={"partition_id": "1", "owner_level": 3, "starting_position": "-1", "prefetch": 300},
        daemon=True,
    )
    thread.start()
    if not arrived.wait(20):
        raise SystemExit("compare: the official client received nothing within 20 s")
    client.close()
    thread.join(10)


def ours(proxy, connection_string, eventhubs):
    def command(*arguments, **options):
        return subprocess.Popen(
            [eventhubs, *arguments],
            env={"EVENTHUBS_CONNECTION_STRING": connection_string},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            **options,
        )

    def finish(process, text=""):
        process.communicate(text, timeout=30)
        if process.returncode != 0:
            raise SystemExit(f"compare: {process.args} ended with exit code {process.returncode}")

    proxy.scene = "send"
    finish(command("send", "--partition", "1"), "to be compared\n")
    proxy.scene = "properties"
    finish(command("receive", "--from", "earliest", "--count", "1"))
    proxy.scene = "partition properties"
    process = command("receive", "--partition", "1", "--from", "latest", "--count", "1")
    deadline = time.monotonic() + 20
    while not any(f.scene == proxy.scene and b"com.microsoft:partition" in f.data for f in proxy.frames):
        if time.monotonic() > deadline:
            raise SystemExit("compare: our client did not ask for a partition within 20 s")
        time.sleep(0.05)
    process.terminate()
    process.communicate(timeout=20)
    proxy.scene = "receive"
    finish(command("receive", "--partition", "1", "--from", "earliest", "--owner-level", "3", "--count", "1"))


def differences(eventhubs):
    command = [eventhubs, "emulator", "--port", "0", "--http-port", "0", "--hub", "telemetry:2"]
    emulator = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    recordings = []
    try:
        port = re.search(r"amqp=127\.0\.0\.1:(\d+)", emulator.stdout.readline())[1]
        connection_string = emulator.stdout.readline().strip()
        for act in (theirs, lambda proxy, text: ours(proxy, text, eventhubs)):
            proxy = RecordingProxy("127.0.0.1", int(port))
            proxy.start()
            act(proxy, connection_string.replace(f":{port}", f":{proxy.port}"))
            proxy.stop()
            recordings.append(proxy.frames)
    finally:
        emulator.terminate()
        emulator.wait(10)
    inspect = Inspector(eventhubs)
    rows, same = {}, 0
    for name, *where in FRAMES:
        their, our = (find(frames, *where, inspect) for frames in recordings)
        if our is None and their is None:
            raise SystemExit(f"compare: nobody sends the {name}")
        if our is None or their is None:
            rows[name, "the frame"] = ("not sent" if our is None else "sent", "not sent" if their is None else "sent")
            continue
        their, our = fields_of(their, inspect), fields_of(our, inspect)
        for path in [*our, *(path for path in their if path not in our)]:
            if our.get(path) == their.get(path):
                same += 1
            else:
                rows[name, path] = (our.get(path, "nothing"), their.get(path, "nothing"))
    return rows, same


def cell(text):
    return text.replace("|", "\\|")


def justified():
    """The rows of the article: frame, field, ours, theirs, why."""
    rows = {}
    for line in ARTICLE.read_text().splitlines():
        cells = [part.strip().replace("`", "") for part in line.strip("|").split(" | ")]
        if line.startswith("| ") and len(cells) == 5 and cells[0] not in ("Frame", "---"):
            if not cells[4]:
                raise SystemExit(f"compare: no reason is given: {line}")
            rows[cells[0], cells[1]] = (cells[2], cells[3])
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--eventhubs", required=True, help="a built `eventhubs`")
    parser.add_argument("--table", action="store_true", help="print the rows that are found")
    options = parser.parse_args()
    rows, same = differences(options.eventhubs)
    if options.table:
        for (frame, path), (our, their) in rows.items():
            print(f"| {frame} | `{path}` | `{cell(our)}` | `{cell(their)}` | |")
        return
    known, failed = justified(), 0
    for key in [*rows, *(key for key in known if key not in rows)]:
        if rows.get(key) != known.get(key):
            failed += 1
            print(f"FAILED {key[0]}, {key[1]}: found {rows.get(key)}, the article has {known.get(key)}")
    print(f"{len(FRAMES)} frames: {same} fields the same, {len(rows)} differ as the article says" if not failed else f"{failed} rows")
    sys.exit(1 if failed else 0)


main()
