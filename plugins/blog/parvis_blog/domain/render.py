"""From what an author writes to what is read: social's Markdown, with figures, an excerpt, a reading time."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from markupsafe import Markup, escape
from parvis_social.api import render_text

WORDS_A_MINUTE = 230
"""Silent reading of prose in English and French: Brysbaert, "How many words do we read per minute?" (2019),
gives 238 for English non-fiction; French takes a few words more to say the same."""

EXCERPT = 320
FILES = "/social/files/"
"""How the addresses of files begin that authors write into their texts."""
FILE = re.compile(rf"{FILES}(\d{{1,18}})/")
_PICTURE = re.compile(r'<p>\s*<img((?: [a-z]+="[^"]*")+)\s*/?>\s*</p>')
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
_PARAGRAPH = re.compile(r"<p>(?:(?!<img|</p>).)*</p>", re.DOTALL)


@dataclass(frozen=True)
class Text:
    """A text as it is read: all of it, how it begins, how many minutes it takes."""

    html: str
    excerpt: str
    minutes: int
    mentioned: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()


def render(source: str, files: Sequence[Mapping[str, Any]] = ()) -> Text:
    """Render what an author wrote; `files`: what is known of the pictures in it.

    Raises:
        Invalid: it is too long, too deep or too intricate; `field` is `text`.
    """
    rendered = render_text(source)
    sizes = {file["id"]: file for file in files if file.get("width")}
    html = _PICTURE.sub(lambda found: _figure(found[1], sizes), rendered.html)
    return Text(html, _excerpt(html), minutes_of(html), rendered.mentioned, rendered.tags)


def lead_of(draft: Any, *, second: bool = False) -> dict[str, Any] | None:
    """Return the picture above a draft, with what it shows and its caption in one of its languages."""
    file = next((file for file in draft.files if file["id"] == draft.lead_id and file.get("width")), None)
    return in_language(lead_facts(draft, file), second=second) if file else None


def lead_facts(draft: Any, file: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is kept of the picture above an article."""
    said = {"alt": draft.lead_alt, "caption": draft.lead_caption}
    more = {"second_alt": draft.second_lead_alt, "second_caption": draft.second_lead_caption}
    return {**file, **said, **{name: value for name, value in more.items() if value}}


def in_language(lead: Mapping[str, Any], *, second: bool) -> dict[str, Any]:
    """Return a picture with its words in the second language, as far as it has them, or in the first."""
    alt, caption = lead["alt"], lead["caption"]
    if second:
        alt, caption = lead.get("second_alt", alt), lead.get("second_caption", caption)
    return {**lead, "alt": alt, "caption": caption}


def inline_files(source: str) -> list[int]:
    """Return the ids of the files that a text shows or names itself, in their order."""
    return list(dict.fromkeys(int(number) for number in FILE.findall(source)))


def minutes_of(html: str) -> int:
    """Return how many minutes a text takes to read."""
    return max(1, round(len(Markup(html).striptags().split()) / WORDS_A_MINUTE))


def _figure(attributes: str, sizes: Mapping[int, Mapping[str, Any]]) -> str:
    """Return a picture that stands alone as a figure; its title is its caption."""
    said = {name: unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
    src, caption = said.get("src", ""), said.get("title", "")
    found = FILE.match(src)
    known = sizes.get(int(found[1])) if found else None
    size = Markup(' width="{}" height="{}"').format(known["width"], known["height"]) if known else ""
    image = Markup('<img src="{}" alt="{}"{} loading="lazy" decoding="async">').format(
        src, said.get("alt", ""), size
    )
    under = Markup("<figcaption>{}</figcaption>").format(caption) if caption else ""
    return str(Markup("<figure>{}{}</figure>").format(image, escape(under)))


def _excerpt(html: str) -> str:
    """Return how a text begins: whole paragraphs, the first of them at least."""
    shown: list[str] = []
    length = 0
    for paragraph in _PARAGRAPH.findall(html):
        size = len(Markup(paragraph).striptags())
        if shown and length + size > EXCERPT:
            break
        shown.append(paragraph)
        length += size
    return "".join(shown)
