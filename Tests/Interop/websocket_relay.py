"""A WebSocket server of aiohttp in front of a plain AMQP port: what comes in messages goes on as a stream, and back.

    python websocket_relay.py --to PORT --path /$servicebus/websocket/ --subprotocol AMQPWSB10
Prints `ready port=N`. It pings its clients twice a second and closes those that do not answer.
"""

import argparse
import asyncio

from aiohttp import WSMsgType, web

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--to", type=int, required=True)
parser.add_argument("--path", required=True)
parser.add_argument("--subprotocol", required=True)
options = parser.parse_args()


async def relay(request):
    socket = web.WebSocketResponse(protocols=[options.subprotocol], heartbeat=0.5, max_msg_size=0)
    await socket.prepare(request)
    print(f"open protocol={socket.ws_protocol} host={request.headers.get('Host')}", flush=True)
    reader, writer = await asyncio.open_connection("127.0.0.1", options.to)

    async def back():
        # Odd pieces, so that AMQP frames and messages have different borders.
        while data := await reader.read(1237):
            await socket.send_bytes(data)
        await socket.close()

    task = asyncio.create_task(back())
    try:
        async for message in socket:
            if message.type != WSMsgType.BINARY:
                print(f"message of type {message.type}", flush=True)
                break
            writer.write(message.data)
            await writer.drain()
    finally:
        task.cancel()
        writer.close()
        print(f"closed code={socket.close_code}", flush=True)
    return socket


async def main():
    application = web.Application()
    application.router.add_get(options.path, relay)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"ready port={site._server.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
