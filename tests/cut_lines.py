"""A line to a PostgreSQL server that breaks when it is told to: before a commit reaches it, or before the answer does."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from typing import Literal

from psycopg.conninfo import conninfo_to_dict, make_conninfo

Cut = Literal["before", "after"]


class CutLine:
    """Passes bytes on between a socket in a folder and the server, until a COMMIT comes by and a cut is asked for."""

    def __init__(self, folder: Path, url: str) -> None:
        self._there = conninfo_to_dict(url)
        self.url = make_conninfo(url, host=str(folder), port="5432", sslmode="disable")
        self.cut: Cut | None = None
        self.cuts = 0
        self._mutes: dict[socket.socket, threading.Event] = {}
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / ".s.PGSQL.5432"))
        self._listening.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            far = self._dial()
            threading.Thread(target=self._outward, args=(near, far), daemon=True).start()

    def _dial(self) -> socket.socket:
        host, port = str(self._there.get("host", "localhost")), int(self._there.get("port") or 5432)
        if not host.startswith("/"):
            return socket.create_connection((host, port))
        far = socket.socket(socket.AF_UNIX)
        far.connect(f"{host}/.s.PGSQL.{port}")
        return far

    def _outward(self, near: socket.socket, far: socket.socket) -> None:
        mute = self._mutes[near] = threading.Event()
        back = threading.Thread(target=self._inward, args=(far, near), daemon=True)
        back.start()
        while data := _received(near):
            if self.cut and b"COMMIT" in data:
                self.cuts += 1
                cut, self.cut = self.cut, None
                if cut == "before":
                    break
                mute.set()
            far.sendall(data)
        _hang_up(far)
        back.join()
        near.close()
        far.close()

    def _inward(self, far: socket.socket, near: socket.socket) -> None:
        mute = self._mutes[near]
        while data := _received(far):
            if mute.is_set():
                break
            near.sendall(data)
        _hang_up(near)

    def close(self) -> None:
        """Take no more calls."""
        self._listening.close()


def _received(end: socket.socket) -> bytes:
    try:
        return end.recv(1 << 16)
    except OSError:
        return b""


def _hang_up(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
