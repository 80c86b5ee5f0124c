"""A TCP proxy that keeps what a client sends, cut into AMQP frames.

It stands between a client and a server, passes every byte on, and cuts the client's bytes into protocol headers and
frames. It can lower the max-frame-size that the server announces, so that a client splits its transfers early.
"""

import asyncio
import threading

OPEN = bytes.fromhex("005310")


class Frame:
    """One protocol header or frame of a client."""

    def __init__(self, scene, connection, data):
        self.scene = scene
        self.connection = connection
        self.data = data

    @property
    def is_header(self):
        return self.data.startswith(b"AMQP")

    @property
    def body(self):
        return b"" if self.is_header else self.data[self.data[4] * 4 :]

    @property
    def code(self):
        """The descriptor of the performative, for example 0x12 for attach; None where there is none."""
        return self.body[2] if self.body[:2] == b"\x00\x53" else None


def cut(pending):
    """The protocol headers and frames at the start of `pending`, and what is left."""
    frames = []
    while len(pending) >= 8:
        size = 8 if pending.startswith(b"AMQP") else int.from_bytes(pending[:4], "big")
        if size < 8:
            raise ValueError(f"a frame of {size} bytes")
        if len(pending) < size:
            break
        frames.append(pending[:size])
        pending = pending[size:]
    return frames, pending


def lower_max_frame_size(frame, size):
    """An open frame with a lower max-frame-size; any other frame as it is."""
    if frame[frame[4] * 4 :][:3] != OPEN:
        return frame
    announced = bytes.fromhex("7000010000")  # uint 65536
    at = frame.find(announced)
    if at < 0:
        raise ValueError("the server does not announce a max-frame-size of 65536")
    return frame[:at] + b"\x70" + size.to_bytes(4, "big") + frame[at + 5 :]


class RecordingProxy:
    """Runs on a thread of its own from `start` to `stop`."""

    def __init__(self, host, port):
        self.target = (host, port)
        self.frames = []
        self.scene = ""
        self.max_frame_size = None  # set to lower what the server announces on later connections
        self.keeps_server = False  # whether what the server sends is kept too, of all connections
        self.from_server = bytearray()
        self.connections = 0
        self.port = None

    def start(self):
        ready = threading.Event()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        self.thread.start()
        if not ready.wait(10):
            raise RuntimeError("the proxy did not start within 10 s")

    def stop(self):
        self.loop.call_soon_threadsafe(self.stopping.set)
        self.thread.join(10)

    def _run(self, ready):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._serve(ready))

    async def _serve(self, ready):
        self.stopping = asyncio.Event()
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self.stopping.wait()
        server.close()

    async def _accept(self, reader, writer):
        self.connections += 1
        number = self.connections
        server_reader, server_writer = await asyncio.open_connection(*self.target)
        await asyncio.gather(
            self._from_client(reader, server_writer, number),
            self._from_server(server_reader, writer, self.max_frame_size),
            return_exceptions=True,
        )

    async def _from_client(self, reader, writer, number):
        pending = b""
        try:
            while data := await reader.read(65536):
                frames, pending = cut(pending + data)
                self.frames += [Frame(self.scene, number, frame) for frame in frames]
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()

    async def _from_server(self, reader, writer, max_frame_size):
        pending = b""
        try:
            while data := await reader.read(65536):
                if max_frame_size is not None:
                    frames, pending = cut(pending + data)
                    data = b"".join(lower_max_frame_size(frame, max_frame_size) for frame in frames)
                if self.keeps_server:
                    self.from_server += data
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()
