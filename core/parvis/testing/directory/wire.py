"""The bytes to and from one client, and the faults a test may put in their way."""

import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field

from . import ber

CHUNK = 1 << 16
HANDSHAKE_SECONDS = 10


class Closed(ConnectionError):
    """The conversation is over."""


@dataclass
class Faults:
    """What is wrong with the server at the moment: nothing, to begin with."""

    hanging: bool = False
    seconds_per_byte: float = 0
    referral: tuple[str, bool] | None = None  # where to, and whether beside the entries
    most_entries: int | None = None
    refused_binds: dict[str, tuple[int, str]] = field(default_factory=dict)

    def clear(self) -> None:
        vars(self).update(vars(Faults()))


class Wire:
    """One client's connection."""

    def __init__(self, connection: socket.socket, faults: Faults) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket, self._faults = connection, faults
        self._closed = threading.Event()
        self._waiting = bytearray()
        self._entries_sent = 0

    @property
    def secure(self) -> bool:
        return isinstance(self._socket, ssl.SSLSocket)

    def receive(self) -> ber.Element:
        """Wait for the next message. Raises Closed, or Malformed for what is none."""
        return ber.read(self._receive_exactly)

    def send(self, message: bytes) -> None:
        """Send a message, and those that waited before it."""
        self._waiting += message
        self._flush()

    def send_entry(self, message: bytes) -> None:
        """Send an entry together with its neighbours: a system call each would cost more than the search."""
        if self._faults.most_entries is not None and self._entries_sent >= self._faults.most_entries:
            self._flush()
            raise Closed("as drop_after wants it")
        self._entries_sent += 1
        self._waiting += message
        if len(self._waiting) > CHUNK:
            self._flush()

    def start_tls(self, context: ssl.SSLContext) -> None:
        """Encrypt from here on."""
        self._wait_while_hanging()
        self._socket.settimeout(HANDSHAKE_SECONDS)
        self._socket = context.wrap_socket(self._socket, server_side=True)
        self._socket.settimeout(None)

    def close(self) -> None:
        """End the conversation, also from another thread while it waits."""
        self._closed.set()
        with suppress(OSError):  # the client may have been faster
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _receive_exactly(self, count: int) -> bytes:
        received = b""
        while len(received) < count:
            more = self._socket.recv(min(count - len(received), CHUNK))
            if not more:
                raise Closed("the client hung up")
            received += more
        return received

    def _flush(self) -> None:
        self._wait_while_hanging()
        data, self._waiting = memoryview(self._waiting), bytearray()
        step = 1 if self._faults.seconds_per_byte else len(data)
        for position in range(0, len(data), step or 1):
            self._socket.sendall(data[position : position + step])
            self._closed.wait(self._faults.seconds_per_byte)

    def _wait_while_hanging(self) -> None:
        while self._faults.hanging and not self._closed.wait(0.02):
            pass
        if self._closed.is_set():  # and the socket not yet: nobody who was left hanging gets an answer now
            raise Closed("the server hung up")
