"""One client's conversation: requests in, responses out (RFC 4511)."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ldap3.core import results

from . import ber
from .ber import SEQUENCE, Element, Malformed
from .filter import assertion
from .message import (
    NOTICE_OF_DISCONNECTION,
    PAGED_RESULTS,
    START_TLS,
    WHO_AM_I,
    Refusal,
    Reply,
    envelope,
    known_controls,
)
from .search import Pages, Search
from .wire import Closed, Wire

if TYPE_CHECKING:
    from .server import DirectoryServer

UNBIND, ABANDON, SEARCH_REFERENCE, SIMPLE = 0x42, 0x50, 0x73, 0x80

Controls: TypeAlias = dict[str, bytes]


@dataclass(frozen=True)
class Request:
    """A request as it came: for tests about what a client did, and did not."""

    operation: str
    dn: str
    secure: bool


class Session:
    """Answer one client until it leaves, or sends what is no LDAP."""

    def __init__(self, wire: Wire, server: "DirectoryServer") -> None:
        self.wire, self.server = wire, server
        self.bound_dn = ""
        self.pages = Pages()

    def run(self) -> None:
        try:
            while self._answer(self.wire.receive()):
                pass
        except (ValueError, OverflowError) as error:
            self._disconnect(str(error))
        except (Closed, OSError):
            pass  # the client left, or the server stops

    def _answer(self, received: Element) -> bool:
        if received.tag != SEQUENCE or len(parts := received.children) < 2:
            raise Malformed("not an LDAP message")
        number, request = parts[0].integer, parts[1]
        if request.tag == UNBIND:
            return False
        if request.tag == ABANDON:  # what it names has been answered by now
            return True
        if request.tag not in _OPERATIONS:
            raise Malformed(f"no request has the tag {request.tag:#x}")
        perform, answer_tag = _OPERATIONS[request.tag]
        try:
            controls = known_controls(parts[2].children if len(parts) > 2 else ())
            reply = perform(self, number, request, controls)
        except Refusal as refusal:
            reply = refusal.reply
        self.wire.send(reply.encode(number, answer_tag))
        if reply.then:
            reply.then()
        return True

    def _disconnect(self, reason: str) -> None:
        notice = Reply(results.RESULT_PROTOCOL_ERROR, reason, extra=ber.text(NOTICE_OF_DISCONNECTION, 0x8A))
        with suppress(OSError):  # it may have left already
            self.wire.send(notice.encode(0, 0x78))

    def _bind(self, _: int, request: Element, controls: Controls) -> Reply:
        version, name, credentials = request.parts(3)
        dn, self.bound_dn = name.text, ""
        self._note("bind", dn)
        if version.integer != 3:
            raise Refusal(results.RESULT_PROTOCOL_ERROR, "only version 3 is spoken here")
        if credentials.tag != SIMPLE:
            raise Refusal(results.RESULT_AUTH_METHOD_NOT_SUPPORTED, "only simple binds are known here")
        if refused := self.server.faults.refused_binds.get(dn.casefold()):
            raise Refusal(*refused)
        if not credentials.content:
            self._bind_as_nobody(dn)
        elif self.server.store.has_password(dn, credentials.content):
            self.bound_dn = dn
        else:
            raise Refusal(results.RESULT_INVALID_CREDENTIALS)
        return Reply()

    def _bind_as_nobody(self, dn: str) -> None:
        if dn and not self.server.unauthenticated:
            raise Refusal(results.RESULT_UNWILLING_TO_PERFORM, "a name with no password")
        if not dn and not self.server.anonymous:
            raise Refusal(results.RESULT_INAPPROPRIATE_AUTHENTICATION, "anonymous bind disallowed")

    def _search(self, number: int, request: Element, controls: Controls) -> Reply:
        search, server = Search(request), self.server
        self._note("search", search.base)
        if not search.of_root:
            self._must_be_allowed()
        url, beside_entries = server.faults.referral or ("", False)
        if url and not beside_entries:
            raise Refusal(results.RESULT_REFERRAL, referral=url)
        paging = controls.get(PAGED_RESULTS)
        entries, reply = search.page(server.store, server.size_limit, self.pages, paging)
        for entry in entries:
            self.wire.send_entry(search.encode(number, entry, server.max_values))
        if url:
            self.wire.send(envelope(number, ber.encode(SEARCH_REFERENCE, ber.text(url))))
        return reply

    def _compare(self, _: int, request: Element, controls: Controls) -> Reply:
        dn, asserted = request.parts(2)
        attribute, value = asserted.parts(2)
        self._note("compare", dn.text)
        self._must_be_allowed()
        if not (entry := self.server.store.find(dn.text)):
            raise Refusal(results.RESULT_NO_SUCH_OBJECT)
        if attribute.text not in entry:
            raise Refusal(results.RESULT_NO_SUCH_ATTRIBUTE)
        same = assertion(attribute.text, value.content)(entry)
        return Reply(results.RESULT_COMPARE_TRUE if same else results.RESULT_COMPARE_FALSE)

    def _extended(self, _: int, request: Element, controls: Controls) -> Reply:
        name = next((part.text for part in request.children if part.tag == 0x80), "")
        self._note(f"extended {name}")
        if name == WHO_AM_I:
            return Reply(extra=ber.text(f"dn:{self.bound_dn}" if self.bound_dn else "", 0x8B))
        if name != START_TLS or not (tls := self.server.tls):
            raise Refusal(results.RESULT_PROTOCOL_ERROR, "unsupported extended operation")
        if self.wire.secure:
            raise Refusal(results.RESULT_OPERATIONS_ERROR, "TLS already started")
        return Reply(extra=ber.text(START_TLS, 0x8A), then=lambda: self.wire.start_tls(tls))

    def _write(self, _: int, request: Element, controls: Controls) -> Reply:
        self._note("write")
        raise Refusal(results.RESULT_UNWILLING_TO_PERFORM, "this directory is only read over the wire")

    def _must_be_allowed(self) -> None:
        if not self.bound_dn and not self.server.anonymous:
            raise Refusal(results.RESULT_INSUFFICIENT_ACCESS_RIGHTS, "bind first")

    def _note(self, operation: str, dn: str = "") -> None:
        self.server.requests.append(Request(operation, dn, self.wire.secure))


_Operation: TypeAlias = Callable[[Session, int, Element, Controls], Reply]
_OPERATIONS: dict[int, tuple[_Operation, int]] = {  # by a request's tag, with the tag of the response
    0x60: (Session._bind, 0x61),
    0x63: (Session._search, 0x65),
    0x66: (Session._write, 0x67),
    0x68: (Session._write, 0x69),
    0x4A: (Session._write, 0x6B),
    0x6C: (Session._write, 0x6D),
    0x6E: (Session._compare, 0x6F),
    0x77: (Session._extended, 0x78),
}
