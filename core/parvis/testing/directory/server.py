"""A directory server for demonstrations and tests: real LDAPv3 over TCP, in threads of this process."""

import socket
import socketserver
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from os import PathLike
from typing import TypeAlias

from .entry import Entry
from .session import Request, Session
from .store import Store
from .wire import Faults, Wire

File: TypeAlias = str | PathLike[str]

_POLL_SECONDS = 0.03
_REMEMBERED_REQUESTS = 10_000


class DirectoryServer:
    """Serve entries over LDAP while the `with` block lasts.

    It binds, searches, compares, pages and encrypts as OpenLDAP does. `add`, `change`, `rename` and `remove`
    are those of `Store`, and work while clients read. Then there are the ways in which directories
    disappoint: a method each brings them on, `resume` ends them all. What is asked for below may also be
    changed later: each is an attribute.

    Args:
        entries: what it holds; what is missing above them is made up.
        base_dn: below which everything lies.
        port: 0 picks a free one, kept over `stop` and `start`.
        tls: certificate and key file: StartTLS is offered.
        ldaps: encrypt from the first byte instead.
        anonymous: whether one may bind and read without a name.
        unauthenticated: whether a name with an empty password binds as nobody, as Active Directory lets it.
        size_limit: how many entries one search may return, all its pages together.
        max_values: how many values of an attribute are returned at once, the rest by range, as in Active
            Directory.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        *,
        base_dn: str,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: tuple[File, File] | None = None,
        ldaps: bool = False,
        anonymous: bool = False,
        unauthenticated: bool = False,
        size_limit: int | None = None,
        max_values: int | None = None,
    ) -> None:
        self.store = store = Store(entries, base_dn)
        self.add, self.change, self.rename, self.remove = store.add, store.change, store.rename, store.remove
        self.base_dn, self.host, self.port = base_dn, host, port
        self.tls, self.ldaps = _context(tls), ldaps
        self.anonymous, self.unauthenticated = anonymous, unauthenticated
        self.size_limit, self.max_values = size_limit, max_values
        self.faults = Faults()
        self.requests: deque[Request] = deque(maxlen=_REMEMBERED_REQUESTS)
        self._wires: set[Wire] = set()
        self._listener: _Listener | None = None

    def __enter__(self) -> "DirectoryServer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where clients find it; by name when encrypted, for certificates name names."""
        return f"{'ldaps' if self.ldaps else 'ldap'}://{'localhost' if self.tls else self.host}:{self.port}"

    def start(self) -> None:
        """Listen, on the same port as before."""
        if not self._listener:
            self._listener = _Listener((self.host, self.port), self._converse)
            self.port = self._listener.server_address[1]
            threading.Thread(target=self._listener.serve_forever, args=(_POLL_SECONDS,), daemon=True).start()

    def stop(self) -> None:
        """Hang up on everyone and listen no more."""
        if listener := self._listener:
            self._listener = None
            listener.shutdown()
            listener.server_close()
            for wire in list(self._wires):
                wire.close()

    def hang(self) -> None:
        """Accept connections and requests, and never answer."""
        self.faults.hanging = True

    def drip(self, seconds_per_byte: float = 0.05) -> None:
        """Answer one byte at a time."""
        self.faults.seconds_per_byte = seconds_per_byte

    def refer_to(self, url: str, *, beside_entries: bool = False) -> None:
        """Answer searches with a referral, or with the entries and a reference to more of them."""
        self.faults.referral = (url, beside_entries)

    def drop_after(self, entries: int) -> None:
        """Close any connection that has been sent so many entries and would get more."""
        self.faults.most_entries = entries

    def refuse_bind(self, dn: str, code: int, text: str = "") -> None:
        """Refuse a name whatever its password, with a code and a text: some servers say much in these."""
        self.faults.refused_binds[dn.casefold()] = (code, text)

    def resume(self) -> None:
        """Be well again, and answer whoever was left hanging."""
        self.faults.clear()

    def _converse(self, connection: socket.socket) -> None:
        wire = Wire(connection, self.faults)
        self._wires.add(wire)
        with suppress(OSError):  # a handshake that fails: no conversation
            if self.ldaps and self.tls:
                wire.start_tls(self.tls)
            if self._listener:  # not stopped meanwhile
                Session(wire, self).run()
        self._wires.discard(wire)
        wire.close()


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], converse: Callable[[socket.socket], None]) -> None:
        self._converse = converse
        super().__init__(address, socketserver.BaseRequestHandler)

    def finish_request(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        assert isinstance(request, socket.socket)  # as it is over TCP
        self._converse(request)


def _context(tls: tuple[File, File] | None) -> ssl.SSLContext | None:
    if not tls:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*tls)
    return context
