"""From what somebody writes to what is shown: Markdown, with people, tags, emoji and bare addresses in it.

They are found in the text that Markdown leaves: never in code, links or addresses, nor after a backslash. A
handle that nobody present has stays what was typed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from parvis.api import RENDERER_VERSION, Invalid, Person, db, plain_text, render_markdown, tokens
from sqlalchemy import select

from .emoji import EMOJI

RENDERER = RENDERER_VERSION * 1000 + 1
"""Grows whenever core's renderer or what is found here changes."""

MOST_MENTIONS = 20
MOST_TAGS = 20
TAG_LENGTH = 60

_HANDLE = r"(?<![\w@/.&#-])@(?P<handle>[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?)(?![\w@])"
_TAG = r"(?<![\w#&/.-])#(?P<tag>[^\W_](?:[\w-]{0,58}[^\W_])?)(?![\w#])"
_EMOJI = r"(?<![\w:]):(?P<emoji>[a-z0-9_+-]{2,24}):"
_URL = r"(?<![\w/])(?P<url>https?://[^\s<>\"'\[\]]{3,2000})"
_FINDS = re.compile("|".join((_URL, _HANDLE, _TAG, _EMOJI)), re.IGNORECASE)
_HANDLES = re.compile(_HANDLE, re.IGNORECASE)
_AFTER_URL = ".,;:!?"


@dataclass(frozen=True)
class Rendered:
    """A text as it is shown, the ids of the people it names, and the labels of its tags, in their order.

    Whom only a quotation names was told when it was written.
    """

    html: str
    mentioned: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()


def render(source: str) -> Rendered:
    """Render what somebody wrote; one query, for the handles.

    Raises:
        Invalid: it is too long, too deep or too intricate; `field` is `text`.
    """
    people = _people({found["handle"].lower() for found in _HANDLES.finditer(source)})
    mentioned: dict[int, None] = {}
    tags: dict[str, str] = {}
    env = {"people": people, "mentioned": mentioned, "tags": tags}
    try:
        html = render_markdown(source, extensions=(_words,), env=env)
    except Invalid as refusal:
        raise Invalid(refusal.message, field="text") from refusal
    return Rendered(html, tuple(mentioned)[:MOST_MENTIONS], tuple(tags.values())[:MOST_TAGS])


def tag_key(label: str) -> str:
    """Return what a tag is compared by and found under: `#Machine-to-Machine` is `machine-to-machine`."""
    return "-".join(tokens(label))[:TAG_LENGTH]


def _people(handles: set[str]) -> dict[str, int]:
    """Return the ids of those present who have one of these handles; of very many, of none."""
    if not handles or len(handles) > 20 * MOST_MENTIONS:
        return {}
    query = select(Person.handle, Person.id).where(Person.handle.in_(handles), Person.present.is_(True))
    return {row.handle: row.id for row in db.session.execute(query)}


def _words(parser: MarkdownIt) -> None:
    """Look for words before escaped characters and entities become text like any other."""
    parser.core.ruler.before("text_join", "words", _find_words)


def _find_words(state: StateCore) -> None:
    quotations = 0
    for block in state.tokens:
        quotations += block.nesting if block.type in ("blockquote_open", "blockquote_close") else 0
        state.env["quoted"] = quotations > 0
        if block.type == "inline" and block.children:
            block.children = list(_with_words(state, block.children))


def _with_words(state: StateCore, children: list[Token]) -> Iterator[Token]:
    links = 0
    for token in children:
        links += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type == "text" and not links:
            yield from _split(state, token)
        else:
            yield token


def _split(state: StateCore, token: Token) -> Iterator[Token]:
    """Divide a text at what was found in it."""
    done = 0
    for found in _FINDS.finditer(token.content):
        made = _made(state, found)
        if made is None:
            continue
        if found.start() > done:
            yield _text(token.content[done : found.start()], token.level)
        tokens_of, end = made
        yield from tokens_of
        done = end
    if not done:
        yield token
    elif done < len(token.content):
        yield _text(token.content[done:], token.level)


def _made(state: StateCore, found: re.Match[str]) -> tuple[list[Token], int] | None:
    """Return what stands for something found and where it ends, or None where it is only text."""
    kind = str(found.lastgroup)
    word = found[kind]
    if kind == "url":
        url = word.rstrip(_AFTER_URL)
        if url.endswith(")") and "(" not in url:
            url = url.rstrip(")" + _AFTER_URL)
        link = _address(state, url)
        return (link, found.start() + len(url)) if link else None
    if kind == "emoji":
        sign = EMOJI.get(word.lower())
        return ([_text(sign[0], 0)], found.end()) if sign else None
    made = _mention(state, word) if kind == "handle" else _tag(state, word)
    return (made, found.end()) if made else None


def _address(state: StateCore, url: str) -> list[Token] | None:
    href = state.md.normalizeLink(url)
    try:
        urlsplit(href).port  # noqa: B018  # reading it judges it
    except ValueError:
        return None
    return _link(href, url.partition("://")[2]) if state.md.validateLink(href) else None


def _mention(state: StateCore, handle: str) -> list[Token] | None:
    person = state.env["people"].get(handle.lower())
    if person is None:
        return None
    if not state.env["quoted"]:
        state.env["mentioned"][person] = None
    return _link(f"/people/{handle.lower()}", f"@{handle}")


def _tag(state: StateCore, label: str) -> list[Token] | None:
    key = tag_key(label)
    if not key or key.replace("-", "").isdigit():
        return None
    state.env["tags"].setdefault(key, label)
    return _link(f"/tags/{key}", f"#{label}")


def _link(href: str, words: str) -> list[Token]:
    return [Token("link_open", "a", 1, attrs={"href": href}), _text(words, 1), Token("link_close", "a", -1)]


def _text(content: str, level: int) -> Token:
    return Token("text", "", 0, content=content, level=level)


@lru_cache(maxsize=1024)
def beginning(html: str, most: int) -> str:
    """Return how a text begins, in so many characters at most, without its marks; one may be cut off.

    Kept, since who looks at a list sees most of it again.
    """
    start = html[: 20 * most]
    whole = start[: start.rfind("<")] if start.rfind("<") > start.rfind(">") else start
    words = plain_text(whole)
    return words if len(words) <= most else words[: most - 1].rsplit(" ", 1)[0] + "…"
