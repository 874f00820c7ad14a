"""Basic Encoding Rules, as far as LDAP needs them: one-byte tags and definite lengths (RFC 4511, 5.1).

Hand-made, because a read of a whole company encodes hundreds of thousands of values, and general ASN.1
libraries take a hundred times as long over each.
"""

from collections.abc import Callable
from typing import NamedTuple

MAX_MESSAGE = 1 << 20  # no honest request to a demo directory comes near a mebibyte

BOOLEAN, INTEGER, OCTETS, ENUMERATED, SEQUENCE, SET = 0x01, 0x02, 0x04, 0x0A, 0x30, 0x31


class Malformed(ValueError):
    """What was received is not BER, or not the LDAP one expected."""


class Element(NamedTuple):
    """One decoded value: its tag and its undecoded content."""

    tag: int
    content: bytes

    @property
    def children(self) -> list["Element"]:
        """Decode the content of a constructed value."""
        found, rest = [], memoryview(self.content)

        def receive(count: int) -> bytes:
            nonlocal rest
            if count > len(rest):
                raise Malformed("a value longer than what holds it")
            taken, rest = rest[:count], rest[count:]
            return bytes(taken)

        while rest:
            found.append(read(receive))
        return found

    def parts(self, count: int) -> list["Element"]:
        """Decode the content of a value that must have so many parts."""
        if len(found := self.children) != count:
            raise Malformed(f"{len(found)} parts where {count} belong")
        return found

    @property
    def integer(self) -> int:
        if not 1 <= len(self.content) <= 8:
            raise Malformed("an integer of no or too many bytes")
        return int.from_bytes(self.content, "big", signed=True)

    @property
    def truth(self) -> bool:
        return self.content not in (b"", b"\0")

    @property
    def text(self) -> str:
        return self.content.decode()


def read(receive: Callable[[int], bytes]) -> Element:
    """Read one value from a stream, taking no byte beyond it, for TLS may begin right after.

    Args:
        receive: returns exactly the number of bytes asked for, or raises.
    """
    tag, length = receive(2)
    if length >= 0x80:
        if tag & 0x1F == 0x1F or not 0x81 <= length <= 0x84:
            raise Malformed("not the kind of BER that LDAP is made of")
        length = int.from_bytes(receive(length & 0x7F), "big")
    if length > MAX_MESSAGE:
        raise Malformed("a message beyond all measure")
    return Element(tag, receive(length))


def encode(tag: int, *contents: bytes) -> bytes:
    """Encode one value, whose contents are encoded already."""
    content = b"".join(contents)
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    size = (length.bit_length() + 7) // 8
    return bytes((tag, 0x80 | size)) + length.to_bytes(size, "big") + content


def integer(value: int, tag: int = INTEGER) -> bytes:
    return encode(tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def text(value: str, tag: int = OCTETS) -> bytes:
    return encode(tag, value.encode())
