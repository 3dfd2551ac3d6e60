"""A plain insert and commit in SQLite, as a program does it that keeps no ledger."""

from __future__ import annotations

import queue
import sqlite3
import threading
from pathlib import Path


class Floor:
    """A plain insert and commit by one writing thread, in the same batches."""

    def __init__(self, path: Path) -> None:
        self.waiting: queue.SimpleQueue[tuple[bytes, threading.Lock] | None] = queue.SimpleQueue()
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.execute("CREATE TABLE raw (seq INTEGER PRIMARY KEY, body BLOB)")
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def append(self, body: bytes) -> None:
        """Insert, and wait for the commit."""
        done = threading.Lock()
        done.acquire()
        self.waiting.put((body, done))
        done.acquire()

    def _run(self) -> None:
        while True:
            batch = [self.waiting.get()]
            while not self.waiting.empty() and len(batch) < 256:
                batch.append(self.waiting.get())
            rows = [item for item in batch if item is not None]
            self.connection.execute("BEGIN IMMEDIATE")
            self.connection.executemany("INSERT INTO raw (body) VALUES (?)", [(body,) for body, _ in rows])
            self.connection.execute("COMMIT")
            for _, done in rows:
                done.release()
            if len(rows) < len(batch):
                return

    def close(self) -> None:
        """Finish."""
        self.waiting.put(None)
        self.thread.join()
        self.connection.close()


class Apart:
    """A plain insert and commit by each client over its own connection, as a simple program does it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.own = threading.local()
        self.all: list[sqlite3.Connection] = []

    def append(self, body: bytes) -> None:
        """Insert and commit."""
        connection: sqlite3.Connection | None = getattr(self.own, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self.path, isolation_level=None, timeout=60, check_same_thread=False)
            connection.execute("PRAGMA synchronous = FULL")
            self.own.connection = connection
            self.all.append(connection)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO raw (body) VALUES (?)", (body,))
        connection.execute("COMMIT")

    def close(self) -> None:
        """Close them all."""
        for connection in self.all:
            connection.close()
