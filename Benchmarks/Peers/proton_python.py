"""proton_python.py receive|send PORT EVENTS BODY-SIZE: Qpid Proton's Python client against the replay listener."""

import sys

from proton import Message
from proton.handlers import MessagingHandler
from proton.reactor import AtLeastOnce, AtMostOnce, Container

from measurement import Meter

direction, port, goal, body_size = sys.argv[1], *map(int, sys.argv[2:5])
meter = Meter()


class Receive(MessagingHandler):
    def __init__(self):
        super().__init__(prefetch=1000)
        self.events = self.bytes = self.checksum = 0

    def on_start(self, event):
        connection = event.container.connect(f"127.0.0.1:{port}", reconnect=False)
        event.container.create_receiver(connection, "replay/Partitions/0", options=AtMostOnce())

    def on_message(self, event):
        if self.events >= goal:
            return
        meter.begin()
        message = event.message
        body = message.body
        self.checksum += message.annotations["x-opt-sequence-number"] + body[0] + body[-1]
        self.bytes += len(body)
        self.events += 1
        if self.events == goal:
            meter.finish(self.events, self.bytes)
            event.connection.close()


class Send(MessagingHandler):
    def __init__(self):
        super().__init__()
        self.body = bytes(index & 0xFF for index in range(body_size))
        self.sent = self.accepted = 0

    def on_start(self, event):
        connection = event.container.connect(f"127.0.0.1:{port}", reconnect=False)
        event.container.create_sender(connection, "replay", options=AtLeastOnce())

    def on_sendable(self, event):
        meter.begin()
        while event.sender.credit and self.sent < goal:
            event.sender.send(Message(body=self.body))
            self.sent += 1

    def on_accepted(self, event):
        self.accepted += 1
        if self.accepted == goal:
            meter.finish(goal, goal * body_size)
            event.connection.close()


Container(Receive() if direction == "receive" else Send()).run()
