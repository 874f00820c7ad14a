"""The documents that core and plugins declare, by kind."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from flask import current_app

from parvis.contribution import SearchSource
from parvis.manager import Owned
from parvis.runtime import hooks
from parvis.search.record import code_of

EXTENSION = "parvis_search_sources"
T = TypeVar("T")


def sources() -> dict[int, Owned[SearchSource]]:
    """Return every source by the number of its kind, in their order: asked once in the life of an app."""
    kept: dict[int, Owned[SearchSource]] | None = current_app.extensions.get(EXTENSION)
    if kept is None:
        found = hooks().collect("register_search_documents", SearchSource)
        kept = current_app.extensions[EXTENSION] = {
            code_of(owned.value.name): owned
            for owned in found
            if owned.value.name.startswith(f"{owned.owner}:")
        }
    return kept


def kinds_of(category: str) -> frozenset[int]:
    """Return the kinds that are listed as `people`, `groups` or `contents`."""
    return frozenset(code for code, owned in sources().items() if owned.value.category == category)


def ask(owned: Owned[SearchSource], call: Callable[[], Iterable[T]]) -> list[T]:
    """Return what a source answers; one that fails costs its own things, and is named."""
    try:
        return list(call())
    except Exception as error:
        hooks().note_failure(owned.owner, f"search of {owned.value.name}", error)
        return []
