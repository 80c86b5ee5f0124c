"""Scenarios about the ways to the service: TLS, WebSockets, proxies, and the frames that are sent on them."""

import re
import subprocess
import sys

from processes import ROOT, wait_until

HERE = ROOT / "Tests" / "Interop"
CERTIFICATES = ROOT / "Fixtures" / "Certificates"
PATH = "/$servicebus/websocket/"


def say(text):
    print(text, flush=True)


def emulator(world, stage, name, *arguments):
    """An emulator of the scenario's own: its port, and its connection string for the whole namespace."""
    process = stage.start(name, [world.eventhubs, "emulator", "--port", "0", "--http-port", "0", *arguments])
    port = int(process.wait_for_line(r"ready amqp=127\.0\.0\.1:(\d+)", 30).group(1))
    text = process.wait_for_line(r"Endpoint=sb://\S*", 5).group(0)
    return port, re.sub(r";EntityPath=[^;]*", "", text)


def official_transports(world, stage):
    """The official client, sync and aio, over plain TCP, TLS, a WebSocket, and a WebSocket inside TLS."""
    tls = ["--tls-cert", CERTIFICATES / "server.pem", "--tls-key", CERTIFICATES / "server-key.pem"]
    clients = []
    for transport in ("amqp", "websocket"):
        for security, arguments, trust in (("plain", [], []), ("tls", tls, ["--ca", CERTIFICATES / "ca.pem"])):
            name = f"{transport}-{security}"
            port, text = emulator(world, stage, f"emulator-{name}", "--hub", "ways:2", *arguments)
            # The certificate is for localhost.
            text = text.replace("sb://127.0.0.1:", "sb://localhost:")
            client = world.python(
                stage, name, "transports", "--transport", transport, "--endpoint", f"sb://localhost:{port}", "--hub", "ways",
                *trust, EVENTHUBS_CONNECTION_STRING=text,
            )
            clients.append(client)
    # They spend their time waiting: all at once.
    for client in clients:
        try:
            seconds = client.finish(90)
        finally:
            for line in client.output.read_text().splitlines():
                if line.startswith("FAILED"):
                    say(f"  {client.name} {line[:300]}")
        say(f"  {client.name}: {client.output.read_text().count('ok    ')} checks in {seconds:.1f} s")


def our_websockets(world, stage):
    """Our client through a WebSocket server of aiohttp, and through tinyproxy with a password, to the emulator."""
    port, text = emulator(world, stage, "emulator", "--hub", "ways:2")
    relay = stage.start(
        "relay", [sys.executable, HERE / "websocket_relay.py", "--to", port, "--path", PATH, "--subprotocol", "AMQPWSB10"]
    )
    relay_port = relay.wait_for_line(r"ready port=(\d+)", 20).group(1)
    lines = stage.directory / "lines.txt"
    lines.write_text("".join(f"line {number} {'x' * (number % 3000)}\n" for number in range(2_000)))
    through = {"EVENTHUBS_CONNECTION_STRING": text.replace(f":{port};", f":{relay_port};")}

    def run(name, arguments, environment):
        process = stage.start(name, [world.eventhubs, *arguments], environment)
        return process, process.finish(30)

    def receive(name, environment, *options):
        process, seconds = run(
            name, ["receive", "--hub", "ways", "--partition", "1", "--count", "2000", "--format", "raw", *options], environment
        )
        if process.output.read_bytes() != lines.read_bytes():
            raise process.failure("what came is not what was sent")
        return seconds

    run("send-relay", ["send", "--hub", "ways", "--partition", "1", "--web-sockets", str(lines)], through)
    seconds = receive("receive-relay", through, "--web-sockets")
    # Idle for longer than two pings of aiohttp, which closes a WebSocket whose pong is missing.
    idle = stage.start(
        "idle", [world.eventhubs, "receive", "--hub", "ways", "--partition", "0", "--count", "1", "--web-sockets"], through
    )
    wait_until(lambda: relay.output.read_text().count("open protocol=AMQPWSB10") == 3, 20, "three WebSockets at the relay")
    wait_until(lambda: relay.output.read_text().count("closed code=1000") >= 2, 20, "two closes with code 1000")
    try:
        idle.process.wait(2.5)
        raise idle.failure("ended while it was idle")
    except subprocess.TimeoutExpired:
        pass
    run("wake", ["send", "--hub", "ways", "--partition", "0", str(HERE / "requirements.txt")], {"EVENTHUBS_CONNECTION_STRING": text})
    idle.finish(20)
    if relay.output.read_text().count("open ") != 3:
        raise relay.failure("a WebSocket was opened again")
    say(f"  aiohttp: 2,000 lines there and back ({seconds:.1f} s), pings answered, closed with code 1000")

    subprocess.run(["bash", HERE / "packages", "tinyproxy"], check=True, timeout=300)
    proxy_port = free_port()
    configuration = stage.directory / "tinyproxy.conf"
    configuration.write_text(
        f"Port {proxy_port}\nListen 127.0.0.1\nTimeout 60\nLogLevel Info\nBasicAuth me open-sesame\nConnectPort {port}\n"
    )
    proxy = stage.start("tinyproxy", ["tinyproxy", "-d", "-c", configuration])
    proxy.wait_for_line(r"Accepting connections", 20)
    direct = {"EVENTHUBS_CONNECTION_STRING": text}
    address = f"127.0.0.1:{proxy_port}"
    for name, *options in (("tcp",), ("websocket", "--web-sockets")):
        seconds = receive(f"receive-proxy-{name}", direct, "--proxy", f"http://me:open-sesame@{address}", *options)
        say(f"  tinyproxy, {name}: 2,000 lines in {seconds:.1f} s")
    refused = stage.start(
        "refused", [world.eventhubs, "receive", "--hub", "ways", "--count", "1", "--proxy", f"http://me:wrong@{address}"], direct
    )
    refused.finish(20, expected=1)
    message = refused.errors.read_text()
    # This tinyproxy says 401 where it should say 407.
    if not re.search("status 40[17]", message) or "wrong" in message:
        raise refused.failure("does not say what is wrong, or says too much")
    say(f"  tinyproxy, wrong password: {message.strip().splitlines()[0][:200]}")


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def frames(world, stage):
    """The frames our client sends, field by field beside those of the official client for the same operations."""
    compare = stage.start(
        "compare", [sys.executable, HERE / "capture" / "compare.py", "--eventhubs", world.eventhubs]
    )
    try:
        compare.finish(60)
    finally:
        for line in compare.output.read_text().splitlines():
            say("  " + line[:300])
