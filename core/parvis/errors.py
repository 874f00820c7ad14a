"""What a rule may answer instead of doing: sentences that the person reads.

A domain function raises one of these; the unit of work rolls back and one handler shows the sentence,
on a whole page or in the fragment that asked.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


class DomainError(Exception):
    """A refusal that a person can read; `message` is already in their language."""

    status = 422

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(DomainError):
    """What was typed or sent cannot be taken; `field` names its form field, `also` what else cannot."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
        self.also: Sequence[Invalid] = ()


def all_of(makes: Iterable[Callable[[], T]]) -> list[T]:
    """Make several things of what was typed, and name all that cannot be taken at once.

    Raises:
        Invalid: the first of them; the others are its `also`.
    """
    made, refusals = list[T](), list[Invalid]()
    for make in makes:
        try:
            made.append(make())
        except Invalid as refusal:
            refusals += [refusal, *refusal.also]
    if refusals:
        refusals[0].also = refusals[1:]
        raise refusals[0]
    return made


class Veto(DomainError):
    """A `check_*` hook says no, with its reason."""


class NotAllowed(DomainError):
    """The person may know that the thing exists, but not do this to it."""

    status = 403


class NotFound(DomainError):
    """There is no such thing, or the person may not know that there is."""

    status = 404


class TooMany(DomainError):
    """An allowance is spent; trying again later may work."""

    status = 429
