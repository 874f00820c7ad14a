"""Search filters (RFC 4511, 4.5.1.7), compiled once into a predicate over entries.

Logic has three values, as in a real server: `None` is "cannot be told", which neither a filter nor its
negation lets through. A client that relies on two finds out here.
"""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from .ber import Element, Malformed
from .dn import fold
from .entry import Entry
from .matching import Comparable, at_least, comparable, sounds

Predicate: TypeAlias = Callable[[Entry], bool | None]
Lookup: TypeAlias = Callable[[str], Entry | None]
Test: TypeAlias = Callable[[Comparable, Comparable], bool]

MAX_DEPTH = 50
BIT_AND, BIT_OR, IN_CHAIN = (f"1.2.840.113556.1.4.{number}" for number in (803, 804, 1941))
EQUALITY_RULES = {"", "2.5.13.1", "distinguishedNameMatch", "2.5.13.2", "caseIgnoreMatch"}

_AND, _OR, _NOT, _SUBSTRINGS, _PRESENT, _EXTENSIBLE = 0xA0, 0xA1, 0xA2, 0xA4, 0x87, 0xA9
_INITIAL, _FINAL = 0x80, 0x82
_RULE, _TYPE, _VALUE, _IN_DN = 0x81, 0x82, 0x83, 0x84
_COMPARISONS: dict[int, Test] = {
    0xA3: lambda value, wanted: value == wanted,
    0xA5: at_least,
    0xA6: lambda value, wanted: at_least(wanted, value),
    0xA8: lambda value, wanted: sounds(value) == sounds(wanted),
}


def compile_filter(element: Element, lookup: Lookup, depth: int = 0) -> Predicate:
    """Turn a filter as received into a predicate.

    Args:
        lookup: finds an entry by name, for Active Directory's rule that follows memberships of memberships.
    Raises:
        Malformed: it is no filter, or a monstrous one.
    """
    if depth > MAX_DEPTH:
        raise Malformed("a filter nested too deeply")
    if element.tag in (_AND, _OR, _NOT):
        return _combined(element.tag, [compile_filter(part, lookup, depth + 1) for part in element.children])
    if test := _COMPARISONS.get(element.tag):
        name, wanted = element.parts(2)
        return assertion(name.text, wanted.content, test)
    if element.tag == _PRESENT:
        return lambda entry, name=element.text: name in entry  # type: ignore[misc]  # of a default's type
    if element.tag == _SUBSTRINGS:
        return _substrings(element)
    if element.tag == _EXTENSIBLE:
        return _extensible({part.tag: part for part in element.children}, lookup)
    raise Malformed(f"no filter has the tag {element.tag:#x}")


def assertion(name: str, asserted: bytes, test: Test = _COMPARISONS[0xA3]) -> Predicate:
    """Ask whether any value of an attribute stands in some relation to the one asserted."""
    try:
        wanted = comparable(name, asserted)
    except ValueError:
        return _unknown
    return lambda entry: any(test(value, wanted) for value in entry.comparable(name))


def _combined(tag: int, parts: list[Predicate]) -> Predicate:
    if tag == _AND:
        return lambda entry: _conjunction(part(entry) for part in parts)
    if tag == _OR:
        return lambda entry: _negation(_conjunction(_negation(part(entry)) for part in parts))
    if len(parts) != 1:
        raise Malformed("a negation of one filter, no more, no less")
    return lambda entry: _negation(parts[0](entry))


def _conjunction(results: Iterable[bool | None]) -> bool | None:
    certain = True
    for result in results:
        if result is False:
            return False
        certain = certain and result is not None
    return True if certain else None


def _negation(result: bool | None) -> bool | None:
    return None if result is None else not result


def _unknown(_: Entry) -> None:
    return None


def _substrings(element: Element) -> Predicate:
    name, pieces = element.parts(2)
    # The bars keep the spaces at a piece's ends, which mean something here.
    wanted = [(piece.tag, fold(f"|{piece.text}|")[1:-1]) for piece in pieces.children]
    return lambda entry: any(_consists(value, wanted) for value in entry.comparable(name.text))


def _consists(value: Comparable, pieces: list[tuple[int, str]]) -> bool:
    rest = value if isinstance(value, str) else ""
    for tag, piece in pieces:
        position = len(rest) - len(piece) if tag == _FINAL else rest.find(piece)
        if position < 0 or not rest.startswith(piece, position) or (tag == _INITIAL and position):
            return False
        rest = rest[position + len(piece) :]
    return True


def _extensible(parts: dict[int, Element], lookup: Lookup) -> Predicate:
    rule, name = (parts[tag].text if tag in parts else "" for tag in (_RULE, _TYPE))
    if _VALUE not in parts or not (rule or name):
        raise Malformed("an extensible match without a value, or with neither rule nor attribute")
    asserted = parts[_VALUE].content
    equal = assertion(name, asserted)
    if name and rule in (BIT_AND, BIT_OR) and asserted.isdigit():
        return _bits(name, int(asserted), every=rule == BIT_AND)
    if name and rule == IN_CHAIN:
        return lambda entry: any(equal(linked) for linked in _chain(entry, name, lookup))
    if not name or rule not in EQUALITY_RULES:
        return _unknown
    in_dn = (name.lower(), fold(parts[_VALUE].text)) if _IN_DN in parts and parts[_IN_DN].truth else None
    return lambda entry: equal(entry) or any(in_dn in rdn for rdn in entry.key)


def _bits(name: str, mask: int, *, every: bool) -> Predicate:
    least = mask if every else 1
    return lambda entry: any((int(value) & mask) >= least for value in entry[name] if value.isdigit())


def _chain(entry: Entry, name: str, lookup: Lookup) -> Iterable[Entry]:
    """Follow an attribute from entry to entry, once each, though groups may be members of one another."""
    reached = {entry.key: entry}
    waiting = [entry]
    while waiting:
        current = waiting.pop()
        yield current
        linked = (lookup(value.decode()) for value in current[name])
        fresh = {other.key: other for other in linked if other and other.key not in reached}
        reached |= fresh
        waiting += fresh.values()
