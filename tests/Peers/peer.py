"""What the three peers share: sockets, timers, commands on stdin, and events as one JSON object a line on stdout."""
import argparse
import heapq
import itertools
import json
import os
import selectors
import signal
import socket
import sys
import time
import traceback

import mobileip


def endpoint(text, port=0):
    """ADDRESS[:PORT] of IPv4 as (address, port)."""
    address, _, given = text.partition(":")
    try:
        socket.inet_pton(socket.AF_INET, address)
        number = int(given) if given else port
        if not 0 <= number <= 65535:
            raise ValueError
    except (OSError, ValueError):
        raise argparse.ArgumentTypeError(f"{text!r} is not ADDRESS[:PORT]") from None
    return address, number


def arguments(description, listen):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--listen", type=endpoint, default=endpoint(listen), metavar="ADDRESS:PORT",
                        help=f"port 0 is an ephemeral one, see the ready event; default {listen}")
    parser.add_argument("--until-eof", action="store_true", help="end when stdin ends")
    return parser


class Peer:
    """One thread and one selector. Subclasses give received(message, octets, source), malformed(...) and command(words)."""

    kind = "mobility"
    role = "peer"

    def __init__(self, given):
        self.given = given
        self.selector = selectors.SelectSelector()             # takes files and /dev/null as stdin too
        self.timers, self.numbers, self.ending = [], itertools.count(), None
        self.line = b""
        wake, self.waker = socket.socketpair()
        self.waker.setblocking(False)
        signal.set_wakeup_fd(self.waker.fileno())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.end("terminated"))
        self.selector.register(wake, selectors.EVENT_READ, lambda: wake.recv(64))
        try:
            self.socket = self.open(*given.listen)
        except OSError as error:
            self.emit("error", reason=f"{given.listen[0]}:{given.listen[1]}: {error}")
            sys.exit(1)

    # events ---------------------------------------------------------------------------------------------------------

    def emit(self, event, **values):
        try:
            print(json.dumps({"event": event, "time": round(time.monotonic(), 6), **values}), flush=True)
        except BrokenPipeError:
            os._exit(0)                                                         # nobody listens any more

    @staticmethod
    def where(address):
        return {"address": address[0], "port": address[1]}

    def end(self, reason):
        self.ending = self.ending or reason

    # sockets and timers ---------------------------------------------------------------------------------------------

    def open(self, address, port):
        opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        opened.bind((address, port))
        opened.setblocking(False)
        self.selector.register(opened, selectors.EVENT_READ, lambda: self.readable(opened))
        return opened

    def readable(self, opened):
        while True:
            try:
                octets, source = opened.recvfrom(65536)
            except BlockingIOError:
                return
            except OSError as error:
                self.emit("error", reason=str(error))
                return
            try:
                message = mobileip.decode(octets, self.kind)
            except mobileip.Malformed as reason:
                self.emit("malformed", source=self.where(source), hex=octets.hex(), reason=str(reason))
                self.malformed(octets, source)
                continue
            self.emit("received", source=self.where(source), hex=octets.hex(), message=message,
                      remarks=mobileip.remarks(message))
            try:
                self.received(message, octets, source)
            except Exception as error:                                          # a fault of ours must be seen, not kill us
                self.emit("error", reason=f"{type(error).__name__}: {error}", trace=traceback.format_exc())

    def send(self, octets, destination, through=None):
        through = through or self.socket
        try:
            through.sendto(octets, destination)
        except OSError as error:
            self.emit("error", reason=f"send to {destination[0]}:{destination[1]}: {error}")
            return
        try:
            message = mobileip.decode(octets, self.kind)
        except mobileip.Malformed:
            message = None                                                      # deliberately wrong octets (raw HEX)
        self.emit("sent", source=self.where(through.getsockname()), destination=self.where(destination),
                  hex=octets.hex(), message=message)

    def after(self, seconds, action):
        """Calls action later; the returned list is emptied to cancel it."""
        timer = [action]
        heapq.heappush(self.timers, (time.monotonic() + seconds, next(self.numbers), timer))
        return timer

    # the loop -------------------------------------------------------------------------------------------------------

    def commands(self):
        octets = os.read(0, 65536)
        if not octets:
            self.selector.unregister(0)
            if self.given.until_eof:
                self.end("end of stdin")
            return
        *lines, self.line = (self.line + octets).split(b"\n")
        for line in lines:
            words = line.decode("utf-8", "replace").split()
            if not words:
                continue
            try:
                self.command(words)
            except (ValueError, KeyError, IndexError, argparse.ArgumentTypeError) as error:
                self.emit("error", reason=f"command {' '.join(words)!r}: {error or type(error).__name__}")

    def run(self):
        try:
            os.fstat(0)
            self.selector.register(0, selectors.EVENT_READ, self.commands)
        except OSError:                                                         # started with a closed stdin
            if self.given.until_eof:
                self.end("end of stdin")
        address, port = self.socket.getsockname()
        self.emit("ready", role=self.role, address=address, port=port, pid=os.getpid())
        self.started()
        while not self.ending:
            wait = max(0.0, self.timers[0][0] - time.monotonic()) if self.timers else None
            for key, _ in self.selector.select(wait):
                key.data()
            while self.timers and self.timers[0][0] <= time.monotonic():
                timer = heapq.heappop(self.timers)[2]
                if timer:
                    timer[0]()
        self.emit("end", reason=self.ending)

    def started(self):
        pass

    def malformed(self, octets, source):
        pass

    def command(self, words):
        raise ValueError("there are no commands")
