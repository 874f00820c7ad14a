"""The documents that core and plugins declare, by kind, with the words that others add to them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from flask import current_app

from parvis.contribution import SearchDocument, SearchHit, SearchSource, SearchWords
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
        for words in added_words():
            if (code := code_of(words.value.name)) in kept:
                kept[code] = Owned(kept[code].owner, _with(kept[code].value, words))
    return kept


def added_words() -> list[Owned[SearchWords]]:
    """Return what plugins add to the documents of others."""
    return hooks().collect("register_search_words", SearchWords)


def _with(source: SearchSource, words: Owned[SearchWords]) -> SearchSource:
    """Return a source whose documents have further words; where those fail, it has its own."""
    more, none = words.value, ("", "")

    def load(ids: Sequence[int]) -> Iterable[SearchDocument]:
        said = dict(ask(words, lambda: more.load(ids).items()))
        for each in source.load(ids):
            topics, body = said.get(each.id, none)
            yield replace(each, topics=f"{each.topics} {topics}", body=f"{each.body}\n{body}")

    def show(ids: Sequence[int], viewer: Any) -> Iterable[SearchHit]:
        said = dict(ask(words, lambda: more.show(ids, viewer).items()))
        for hit in source.show(ids, viewer):
            yield replace(hit, text=" · ".join(filter(None, (said.get(hit.id), hit.text))))

    return replace(
        source, load=load, show=show,
        changed=lambda event: (*source.changed(event), *ask(words, lambda: more.changed(event))),
    )  # fmt: skip


def kinds_of(category: str) -> frozenset[int]:
    """Return the kinds that are listed as `people`, `groups` or `contents`."""
    return frozenset(code for code, owned in sources().items() if owned.value.category == category)


def ask(owned: Owned[SearchSource] | Owned[SearchWords], call: Callable[[], Iterable[T]]) -> list[T]:
    """Return what a source answers; one that fails costs its own things, and is named."""
    try:
        return list(call())
    except Exception as error:
        hooks().note_failure(owned.owner, f"search of {owned.value.name}", error)
        return []
