"""One connection to one server: verified TLS, no referrals, and never a wait beyond its deadline."""

import contextlib
import select
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ldap3 import ANONYMOUS, BASE, DEREF_NEVER, NONE, SIMPLE, SUBTREE, SYNC, Connection, Server
from ldap3.core.exceptions import LDAPExceptionError, LDAPSessionTerminatedByServerError
from ldap3.core.results import RESULT_NO_SUCH_OBJECT, RESULT_SIZE_LIMIT_EXCEEDED, RESULT_SUCCESS
from ldap3.strategy.base import RESPONSE_COMPLETE
from ldap3.strategy.sync import SyncStrategy
from ldap3.utils.asn1 import decode_message_fast

from parvis.directory.ldap.ber import SEARCH_ENTRY, Row, read_entry, read_head
from parvis.directory.ldap.error import DirectoryUnavailable, SearchFailed
from parvis.directory.settings import split_server

START_TLS = "1.3.6.1.4.1.1466.20037"  # RFC 4511, 4.14
WHO_AM_I = "1.3.6.1.4.1.4203.1.11.3"  # RFC 4532
PAGED = "1.2.840.113556.1.4.319"  # RFC 2696
CHUNK = 256 * 1024
NOT_THE_LAST = ("searchResRef", "intermediateResponse")


class Deadline:
    """A moment after which nothing is waited for any more, whatever still drips in."""

    def __init__(self, seconds: float) -> None:
        self.moment = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds that remain.

        Raises:
            TimeoutError: none do.
        """
        if (left := self.moment - time.monotonic()) <= 0:
            raise TimeoutError("no complete answer in time")
        return left

    def share(self, of: int) -> "Deadline":
        """Give one of several attempts its part of the time."""
        return Deadline(self.left / of)


class Answer(NamedTuple):
    """The result that a server gave: LDAP's code (RFC 4511, appendix A), and its words."""

    code: int
    description: str
    message: str

    def __str__(self) -> str:
        return f"{self.description} {self.message}".strip()

    @classmethod
    def of(cls, result: dict[str, Any]) -> "Answer":
        return cls(result["result"], result["description"], result["message"])


class BoundedStrategy(SyncStrategy):
    """ldap3's synchronous way of talking, with a deadline on every byte and our own reading of entries.

    ldap3 waits for each packet anew, so that a server that drips bytes holds it for ever.
    """

    deadline: Deadline
    tls: ssl.SSLContext

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.data, self.position = b"", 0

    def secure(self) -> None:
        """Put TLS around the socket; certificate and host name are verified by OpenSSL."""
        plain = self.connection.socket
        plain.settimeout(self.deadline.left)
        self.connection.socket = self.tls.wrap_socket(plain, server_hostname=self.connection.server.host)

    def sending(self, ldap_message: Any) -> None:
        self.connection.socket.settimeout(self.deadline.left)
        super().sending(ldap_message)

    def _open_socket(self, address: Sequence[Any], use_ssl: bool = False, unix_socket: bool = False) -> None:
        self.connection.socket = socket.socket(*address[:3])
        try:
            self.connection.socket.settimeout(self.deadline.left)
            self.connection.socket.connect(address[4])
            # Without it StartTLS waits 40 ms for an acknowledgement.
            self.connection.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if use_ssl:
                self.secure()
        except BaseException:
            self.connection.socket.close()
            raise
        self.connection.closed = False

    def _get_response(self, message_id: int, timeout: float) -> list[Any]:
        answers: list[Any] = []
        while True:
            end, number, tag, start = self._next_head()
            if tag == SEARCH_ENTRY:
                answers.append(read_entry(self.data, start))
            else:
                answers.append(self.decode_response_fast(decode_message_fast(self.data[self.position : end])))
            self.position = end
            if number != message_id:  # number 0 is a notice of disconnection: RFC 4511, 4.4.1
                raise LDAPSessionTerminatedByServerError("an answer to nothing that was asked")
            if tag != SEARCH_ENTRY and answers[-1]["type"] not in NOT_THE_LAST:
                return [*answers, RESPONSE_COMPLETE]

    def _next_head(self) -> tuple[int, int, int, int]:
        while not (head := read_head(self.data, self.position)):
            self.connection.socket.settimeout(self.deadline.left)
            if not (chunk := self.connection.socket.recv(CHUNK)):
                raise LDAPSessionTerminatedByServerError("the server closed the connection")
            self.data, self.position = self.data[self.position :] + chunk, 0
        return head


class Link:
    """One connection to one server, not shared between threads.

    Every method raises `DirectoryUnavailable` when the server is silent, slow, garbled or not who it should
    be, and the link is then closed for good.
    """

    def __init__(self, url: str, *, tls: ssl.SSLContext, start_tls: bool, deadline: Deadline) -> None:
        self.url = url
        self.used = time.monotonic()
        self._tls, self._start_tls = tls, start_tls
        secured, host, port = split_server(url)
        server = Server(host, port=port, use_ssl=secured, get_info=NONE)
        self._connection = Connection(
            server, client_strategy=SYNC, auto_referrals=False, auto_range=False, check_names=False,
            return_empty_attributes=False, raise_exceptions=False,
        )  # fmt: skip
        self._talk = BoundedStrategy(self._connection)
        self._talk.deadline, self._talk.tls = deadline, tls
        for name in ("send", "open", "get_response", "post_send_single_response", "post_send_search"):
            setattr(self._connection, name, getattr(self._talk, name))
        self._connection.strategy = self._talk
        try:
            with self._guard():
                self._connection.open(read_server_info=False)
                if start_tls and not secured:
                    self._secure()
        except BaseException:
            self.close()
            raise

    @property
    def deadline(self) -> Deadline:
        """The moment after which this link waits for nothing."""
        return self._talk.deadline

    @deadline.setter
    def deadline(self, deadline: Deadline) -> None:
        self._talk.deadline = deadline

    def sibling(self) -> "Link":
        """Open a fresh connection to the same server, with the same deadline."""
        return Link(self.url, tls=self._tls, start_tls=self._start_tls, deadline=self.deadline)

    def bind(self, dn: str, password: str) -> Answer:
        """Bind by name and password; the password travels unmodified.

        Raises:
            ValueError: one of them is empty, which servers and ldap3 would take for an anonymous bind.
        """
        if not dn.strip() or not password:
            raise ValueError("a bind needs a name and a password")
        talker = self._connection
        # As bytes, else ldap3 normalises the password (SASLprep).
        talker.authentication, talker.user, talker.password = SIMPLE, dn, password.encode()
        with self._guard():
            talker.bind(read_server_info=False)
            answer = Answer.of(talker.result)
        talker.password, talker.request = None, None
        return answer

    def bind_as_nobody(self) -> Answer:
        """Bind as nobody, which is what a directory without a service account asks for."""
        self._connection.authentication, self._connection.user = ANONYMOUS, None
        with self._guard():
            self._connection.bind(read_server_info=False)
            return Answer.of(self._connection.result)

    def who_am_i(self) -> tuple[int, str]:
        """Ask whom the server takes us for: the result's code, and "dn:…", "u:…" or nothing for nobody."""
        with self._guard():
            self._connection.extended(WHO_AM_I)
            result = self._connection.result
            return result["result"], (result.get("responseValue") or b"").decode()

    def find(
        self, base: str, filter: str, attributes: Sequence[str], *, limit: int = 0, base_only: bool = False
    ) -> list[Row]:
        """Search; a base that does not exist holds nothing.

        Raises:
            SearchFailed: the search was not completed. One that stopped at our own `limit` is complete.
        """
        result, rows = self._search(base, filter, attributes, BASE if base_only else SUBTREE, limit)
        code = result["result"]
        if code == RESULT_SUCCESS or (limit and code == RESULT_SIZE_LIMIT_EXCEEDED and len(rows) >= limit):
            return rows
        if base_only and code == RESULT_NO_SUCH_OBJECT:
            return []
        raise SearchFailed(f"{self.url}: {Answer.of(result)}", code)

    def page(
        self, base: str, filter: str, attributes: Sequence[str], *, size: int, cookie: bytes
    ) -> tuple[list[Row], bytes]:
        """Read one page of a search, and the cookie that asks for the next: empty after the last.

        Raises:
            SearchFailed: the server stopped short; ldap3 alone would not say so.
        """
        paging = {"paged_size": size, "paged_cookie": cookie or None, "paged_criticality": True}
        result, rows = self._search(base, filter, attributes, SUBTREE, 0, **paging)
        if result["result"] != RESULT_SUCCESS:
            raise SearchFailed(f"{self.url}: {Answer.of(result)}", result["result"])
        control = (result.get("controls") or {}).get(PAGED)
        return rows, control["value"]["cookie"] if control else b""

    def is_healthy(self) -> bool:
        """Tell whether a kept link may be used again: anything to read now is an end or a notice of it."""
        if self._connection.closed:
            return False
        poll = select.poll()
        poll.register(self._connection.socket, select.POLLIN)
        return not poll.poll(0)

    def close(self) -> None:
        """Close the connection without waiting for anything; the socket too, whatever ldap3 makes of it."""
        talking: socket.socket | None = self._connection.socket
        with contextlib.suppress(LDAPExceptionError, OSError):
            self._talk.close()
        if talking is not None:
            talking.close()

    def __enter__(self) -> "Link":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _search(
        self, base: str, filter: str, attributes: Sequence[str], scope: str, limit: int, **paging: Any
    ) -> tuple[dict[str, Any], list[Row]]:
        with self._guard():
            self._connection.search(
                base, filter, scope, DEREF_NEVER, attributes=list(attributes), size_limit=limit, **paging
            )
            answers, result = self._connection.response, self._connection.result
        # References to other servers (searchResRef) carry no attributes and are not followed.
        rows = [answer for answer in answers if isinstance(answer, Row)]
        self._connection.response = None
        return result, rows

    def _secure(self) -> None:
        self._connection.extended(START_TLS)
        result = self._connection.result
        if result["result"] != RESULT_SUCCESS:
            raise DirectoryUnavailable(f"{self.url}: StartTLS refused: {result['description']}")
        if self._talk.position < len(self._talk.data):
            raise DirectoryUnavailable(f"{self.url}: unprotected bytes after StartTLS")
        self._talk.secure()

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        try:
            yield
        except DirectoryUnavailable:
            self.close()
            raise
        except (LDAPExceptionError, OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            self.close()  # whatever it was, the next answer could not be trusted
            raise DirectoryUnavailable(f"{self.url}: {error or type(error).__name__}") from error
        except BaseException:
            self.close()
            raise
