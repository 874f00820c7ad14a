"""The envelope of LDAP: messages, results and controls (RFC 4511, 4.1)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ldap3.core import results

from . import ber
from .ber import SEQUENCE, Element

PAGED_RESULTS = "1.2.840.113556.1.4.319"  # RFC 2696
START_TLS = "1.3.6.1.4.1.1466.20037"
WHO_AM_I = "1.3.6.1.4.1.4203.1.11.3"  # RFC 4532
NOTICE_OF_DISCONNECTION = "1.3.6.1.4.1.1466.20036"


@dataclass(frozen=True)
class Reply:
    """How an operation ends.

    Args:
        extra: what follows the result in this kind of response, encoded.
        controls: the response's controls, encoded.
        then: what to do once the reply has left.
    """

    code: int = results.RESULT_SUCCESS
    text: str = ""
    referral: str | None = None
    extra: bytes = b""
    controls: bytes = b""
    then: Callable[[], None] | None = None

    def encode(self, number: int, tag: int) -> bytes:
        result = ber.integer(self.code, ber.ENUMERATED) + ber.text("") + ber.text(self.text)
        referral = ber.encode(0xA3, ber.text(self.referral)) if self.referral else b""
        return envelope(number, ber.encode(tag, result, referral, self.extra), self.controls)


class Refusal(Exception):
    """An operation ends otherwise than asked."""

    def __init__(self, code: int, text: str = "", *, referral: str | None = None) -> None:
        super().__init__(text)
        self.reply = Reply(code, text, referral)


def envelope(number: int, response: bytes, controls: bytes = b"") -> bytes:
    controls = ber.encode(0xA0, controls) if controls else b""
    return ber.encode(SEQUENCE, ber.integer(number), response, controls)


def known_controls(controls: Iterable[Element]) -> dict[str, bytes]:
    """Read a request's controls: the value of each that is known.

    Raises:
        Refusal: one is critical and unknown.
    """
    found = {}
    for control in controls:
        name, *rest = control.children or [Element(ber.OCTETS, b"")]
        critical = any(part.tag == ber.BOOLEAN and part.truth for part in rest)
        if name.text == PAGED_RESULTS:
            found[name.text] = next((part.content for part in rest if part.tag == ber.OCTETS), b"")
        elif critical:
            raise Refusal(results.RESULT_UNAVAILABLE_CRITICAL_EXTENSION, f"unknown control {name.text}")
    return found
