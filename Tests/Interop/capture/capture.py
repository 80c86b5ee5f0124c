"""Makes Fixtures/Frames/python-client.hex: records the official client against `eventhubs emulator`.

    .interop/venv/bin/python Tests/Interop/capture/capture.py --eventhubs .build/debug/eventhubs
"""

import argparse
import pathlib
import platform
import re
import subprocess
import sys

platform.platform = lambda *_, **__: "Linux"  # the client announces the machine it runs on; the fixtures need not

from proxy import RecordingProxy  # noqa: E402
from record import record  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[3]
FILE = ROOT / "Fixtures" / "Frames" / "python-client.hex"
HEADER = """\
# Frames that the official Python client sent to `eventhubs emulator`; made by Tests/Interop/capture/capture.py.
# Signatures in tokens are zeros. One block per frame: its name, a comment, then the frame in hexadecimal.
"""
SASL_INIT, OPEN, BEGIN, ATTACH, FLOW, TRANSFER, DETACH, END, CLOSE = 0x41, *range(0x10, 0x15), *range(0x16, 0x19)

# name, comment, scene, performative, a text in the frame, which of those that match
FRAMES = [
    ("header SASL", "the first bytes of a connection", "management", "header", b"AMQP\x03", 0),
    ("sasl-init", "ANONYMOUS", "management", SASL_INIT, b"", 0),
    ("header AMQP", "after the SASL outcome, without waiting for the server's", "management", "header", b"AMQP\0", 0),
    ("open management", "max-frame-size and channel-max only", "management", OPEN, b"", 0),
    ("open producer", "product, version, framework, platform, user-agent", "producer", OPEN, b"EHProducer", 0),
    ("open consumer", "the container-id names the partition", "owner", OPEN, b"EHConsumer", 0),
    ("begin", "channel 1, windows 65536", "management", BEGIN, b"", 0),
    ("attach $cbs receiver", "sent before the sender's", "management", ATTACH, b"$cbs", 0),
    ("attach $cbs sender", "", "management", ATTACH, b"$cbs", 1),
    ("flow $cbs receiver", "credit 10000 before anything is known of the link", "management", FLOW, b"", 0),
    ("flow $cbs sender", "a sender's flow, with credit all the same", "management", FLOW, b"", 1),
    ("transfer put-token", "the token as binary, unsettled", "management", TRANSFER, b"put-token", 0),
    ("attach $management receiver", "", "management", ATTACH, b"$management", 0),
    ("attach $management sender", "", "management", ATTACH, b"$management", 1),
    ("flow $management receiver", "", "management", FLOW, b"", 2),
    ("transfer read hub", "name, security_token, operation READ, type", "management", TRANSFER, b"READ", 0),
    ("transfer read partition", "a map32", "management", TRANSFER, b"READ", 1),
    ("detach closed", "handle 2, before the end", "management", DETACH, b"\x56\x01\x40", 0),
    ("end", "no error", "management", END, b"", 0),
    ("detach after end", "handle 3, on the channel just ended, not closed", "producer", DETACH, b"\x52\x03\x56\x00", 0),
    ("close", "no error", "producer", CLOSE, b"", 0),
    ("attach hub sender", "the hub itself, rcv-settle-mode second", "producer", ATTACH, b"sender-link-", 0),
    ("flow hub sender", "", "producer", FLOW, b"\x52\x03\x43\x70", 0),
    ("transfer batch with key", "two events, the first with properties", "producer", TRANSFER, b"vehicle-7", 0),
    ("transfer batch", "one event, no key", "producer, second batch", TRANSFER, b"alone", 0),
    ("attach partition sender", "", "partition producer", ATTACH, b"/Partitions/1", 0),
    ("transfer typed properties", "one value of each type", "partition producer", TRANSFER, b"typed", 0),
    ("transfer first of many", "more true; the server took frames of 512 bytes", "multi-frame", TRANSFER, b"\x80\x01\x37\x00", 0),
    ("transfer second of many", "", "multi-frame", TRANSFER, b"\x80\x01\x37\x00", 1),
    ("transfer last of many", "more false", "multi-frame", TRANSFER, b"\x80\x01\x37\x00", 2),
    ("attach owner", "epoch 3, runtime metrics wanted, from the start", "owner", ATTACH, b"x-opt-offset", 0),
    ("flow receiver before credit", "credit 0", "owner", FLOW, b"\x52\x03\x43\x43", 0),
    ("flow receiver", "credit 10", "owner", FLOW, b"\x52\x03\x43\x52\x0a", 0),
    ("attach from sequence number", "0, inclusive", "sequence number", ATTACH, b"x-opt-sequence-number", 0),
    ("attach from time", "", "time", ATTACH, b"x-opt-enqueued-time", 0),
    ("attach from offset", "inclusive", "offset", ATTACH, b"x-opt-offset", 0),
    ("detach receiver", "", "owner", DETACH, b"\x52\x03\x56\x01", 0),
]


def find(frames, scene, performative, text, index):
    def matches(frame):
        if frame.scene != scene or text not in frame.data:
            return False
        return frame.is_header if performative == "header" else frame.code == performative

    found = [frame for frame in frames if matches(frame)]
    if len(found) <= index:
        raise SystemExit(f"capture: scene '{scene}' has {len(found)} such frames: {performative} {text!r}")
    return found[index].data


def redact(data):
    """Zeros in place of a token's signature; the length stays."""
    return re.sub(rb"(?<=&sig=)[^&]*", lambda match: b"0" * len(match[0]), data)


def block(name, comment, data):
    text = redact(data).hex()
    lines = [text[at : at + 96] for at in range(0, len(text), 96)]
    return "\n".join([f"# {name}", *([f"# {comment}"] if comment else []), *lines])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--eventhubs", required=True, help="a built `eventhubs`")
    parser.add_argument("--output", default=FILE, type=pathlib.Path)
    parser.add_argument("--all", action="store_true", help="print every frame instead of writing the file")
    options = parser.parse_args()

    command = [options.eventhubs, "emulator", "--port", "0", "--http-port", "0", "--hub", "telemetry:2"]
    emulator = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        port = re.search(r"amqp=127\.0\.0\.1:(\d+)", emulator.stdout.readline())[1]
        connection_string = emulator.stdout.readline().strip()
        proxy = RecordingProxy("127.0.0.1", int(port))
        proxy.start()
        record(proxy, connection_string.replace(f":{port}", f":{proxy.port}"))
        proxy.stop()
    finally:
        emulator.terminate()
        emulator.wait(10)

    if options.all:
        for frame in proxy.frames:
            code = "header" if frame.is_header else hex(frame.code or 0)
            print(frame.scene, frame.connection, code, redact(frame.data).hex(), sep="\t")
        return
    blocks = [block(name, comment, find(proxy.frames, *where)) for name, comment, *where in FRAMES]
    options.output.write_text(HEADER + "\n" + "\n\n".join(blocks) + "\n")
    print(f"{len(blocks)} frames in {options.output}", file=sys.stderr)


main()
