"""Facts about expertise, with ids alone: never what was written, nor who looked for whom."""

from dataclasses import dataclass
from typing import ClassVar

from parvis.api import Event


@dataclass(frozen=True, kw_only=True)
class Declared(Event):
    """`actor` changed what they say of their skills."""

    kind: ClassVar[str] = "expertise.declared"
    skills: list[int]
    """Those that are new, or of which they say something else."""


@dataclass(frozen=True, kw_only=True)
class EndorsementAsked(Event):
    """`actor` asked `person` to confirm a skill of theirs."""

    kind: ClassVar[str] = "expertise.asked"
    skill: int


@dataclass(frozen=True, kw_only=True)
class Endorsed(Event):
    """`actor` confirmed a skill of `person`."""

    kind: ClassVar[str] = "expertise.endorsed"
    skill: int


@dataclass(frozen=True, kw_only=True)
class SkillsMerged(Event):
    """`actor` made a skill part of another, or took that back."""

    kind: ClassVar[str] = "expertise.merged"
    skill: int
    into: int
    undone: bool


@dataclass(frozen=True, kw_only=True)
class SkillRenamed(Event):
    """`actor` said what a skill is called."""

    kind: ClassVar[str] = "expertise.renamed"
    skill: int
