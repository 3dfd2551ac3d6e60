"""A line to a PostgreSQL server that does wrong when it is told to, at any message of the protocol.

It passes bytes on between a socket in a folder and the server. A `Fault` names a message: the n-th that goes
out, or comes back, since the line was armed, and what happens there. What goes out is counted in messages of
the protocol (https://www.postgresql.org/docs/current/protocol-message-formats.html): a kind in one byte, four
bytes of length, the rest; a connection's first message has no kind.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from psycopg.conninfo import conninfo_to_dict, make_conninfo

Way = Literal["out", "back"]
What = Literal["cut", "half", "delay", "twice"]


@dataclass(frozen=True)
class Fault:
    """What goes wrong, and at which message."""

    way: Way
    at: int
    """Messages of that way that pass unharmed first, counted from when the line was armed."""
    what: What
    """Cut before it, cut within it, let it through later, or send it twice and hang up two seconds later."""
    seconds: float = 0.3
    """How late a delayed message is."""


class CutLine:
    """Passes messages on until one is due for a fault; one fault, then it is a good line again."""

    def __init__(self, folder: Path, url: str) -> None:
        self._there = conninfo_to_dict(url)
        self.url = make_conninfo(url, host=str(folder), port="5432", sslmode="disable", gssencmode="disable")
        self.done = 0
        """Faults that happened."""
        self.passed: dict[Way, int] = {"out": 0, "back": 0}
        """Messages that passed since the line was armed."""
        self._fault: Fault | None = None
        self._guard = threading.Lock()
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / ".s.PGSQL.5432"))
        self._listening.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def arm(self, fault: Fault | None) -> None:
        """Count from here, and do this when its message comes."""
        with self._guard:
            self._fault = fault
            self.passed = {"out": 0, "back": 0}

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near, self._dial()), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        """Pass on both ways until both have ended."""
        back = threading.Thread(target=self._pass_on, args=("back", far, near), daemon=True)
        back.start()
        self._pass_on("out", near, far)
        back.join()
        near.close()
        far.close()

    def _dial(self) -> socket.socket:
        host, port = str(self._there.get("host", "localhost")), int(self._there.get("port") or 5432)
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        far = socket.socket(socket.AF_UNIX)
        far.connect(f"{host}/.s.PGSQL.{port}")
        return far

    def _due(self, way: Way) -> Fault | None:
        """The fault of the message that is passing, if it is its turn."""
        with self._guard:
            at = self.passed[way]
            self.passed[way] += 1
            fault = self._fault
            if fault is None or (fault.way, fault.at) != (way, at):
                return None
            self._fault = None
            self.done += 1
            return fault

    def _pass_on(self, way: Way, source: socket.socket, to: socket.socket) -> None:
        """Pass messages on one way, until one end hangs up."""
        try:
            for message in _messages(source, first=way == "out"):
                fault = self._due(way)
                if fault is None:
                    to.sendall(message)
                elif fault.what == "delay":
                    time.sleep(fault.seconds)
                    to.sendall(message)
                elif fault.what == "twice":
                    to.sendall(message + message)
                    # Two ends that no longer count alike may wait for each other for ever.
                    late = threading.Timer(2.0, _hang_up_both, (source, to))
                    late.daemon = True
                    late.start()
                else:
                    to.sendall(message[: len(message) // 2] if fault.what == "half" else b"")
                    break
        except OSError:
            # The other end hung up.
            pass
        _hang_up(source)
        _hang_up(to)

    def close(self) -> None:
        """Take no more calls."""
        # Closing alone does not wake the thread that waits for one.
        _hang_up(self._listening)
        self._listening.close()


def _messages(source: socket.socket, *, first: bool) -> Iterator[bytes]:
    """Whole messages, as they come in."""
    held = b""
    while data := source.recv(1 << 16):
        held += data
        while len(held) >= (4 if first else 5):
            size = int.from_bytes(held[:4], "big") if first else 1 + int.from_bytes(held[1:5], "big")
            if len(held) < size:
                break
            yield held[:size]
            held, first = held[size:], False


def _hang_up_both(one: socket.socket, other: socket.socket) -> None:
    _hang_up(one)
    _hang_up(other)


def _hang_up(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
