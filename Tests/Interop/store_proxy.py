"""A TCP proxy between hosts and the Blob port, that serves, refuses, stalls or breaks connections."""

import asyncio
import random
import socket
import struct
import threading


class StoreProxy:
    """Runs in a thread of its own. `mode` is one of:

    serve   bytes go through
    refuse  nobody listens, and the connections there were are reset
    stall   connections are taken and stay, nothing goes through
    break   every connection ends after a few hundred bytes at most, by a reset or in good order
    """

    def __init__(self, target, seed=0):
        self.target, self.mode = target, "serve"
        self.random = random.Random(seed)
        self.writers = set()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server, self.port = None, 0
        self._call(self._listen())

    def set(self, mode):
        self._call(self._set(mode))

    def close(self):
        self._call(self._unlisten())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)

    def _call(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    async def _listen(self):
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def _unlisten(self):
        if self.server:
            self.server.close()
            self.server = None
        self._reset()

    def _reset(self):
        for writer in list(self.writers):
            self._abort(writer)

    async def _set(self, mode):
        self.mode = mode
        if mode == "refuse":
            await self._unlisten()
        elif self.server is None:
            await self._listen()
        if mode in ("break", "serve"):
            # What was stalled is answered by a reset, as a router that came back would.
            self._reset()

    async def _serve(self, reader, writer):
        self.writers.add(writer)
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            self._abort(writer)
            self.writers.discard(writer)
            return
        self.writers.add(back)
        left = [self.random.randrange(1, 900) if self.mode == "break" else None]
        await asyncio.gather(self._copy(reader, back, left), self._copy(there, writer, left))
        for side in (writer, back):
            side.close()
            self.writers.discard(side)

    async def _copy(self, source, sink, left):
        try:
            while data := await source.read(65536):
                while self.mode == "stall":
                    await asyncio.sleep(0.05)
                if left[0] is not None:
                    left[0] -= len(data)
                    if left[0] < 0:
                        sink.write(data[: len(data) + left[0]])
                        await sink.drain()
                        if self.random.random() < 0.5:
                            self._abort(sink)
                        return
                sink.write(data)
                await sink.drain()
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            sink.close()

    @staticmethod
    def _abort(writer):
        """A reset: without lingering, closing does not end the stream in good order."""
        connection = writer.get_extra_info("socket")
        if connection is not None and connection.fileno() >= 0:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
