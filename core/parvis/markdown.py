"""The one way from what people write to HTML: Markdown in, a small safe HTML out.

Rendered once, when written; keep the HTML beside `RENDERER_VERSION` and render again when that has grown.
Two walls stand one behind the other: markdown-it never lets HTML through, and nh3 cleans what it made.

Both have inputs that cost seconds or hang, so the size, the number of the characters that cost most, the
tables' cells and the depth are bounded first. Each bound is far above what people write and keeps the
worst 64 KiB known below half a second.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, image
from markdown_it.token import Token

from parvis.cleaning import clean, without_controls
from parvis.errors import Invalid
from parvis.i18n import gettext as _

RENDERER_VERSION = 1
MAX_BYTES = 64 * 1024
MAX_DEPTH = 16
MAX_TOKENS = 20_000
MAX_CELLS = 5_000
MAX_ADDRESSES = 256 * 1024
MAX_COUNT = {
    "\n": 3000,
    "[": 1500,
    "![": 300,
    "|": 4000,
    "*": 8000,
    "_": 8000,
    "~": 8000,
    "`": 8000,
    "<": 4000,
    "&": 8000,
}

Extension = Callable[[MarkdownIt], None]
"""Adds rules to a parser; what it lets out must still be among the tags and attributes below."""

_LINK = re.compile(r"https?://|mailto:", re.IGNORECASE)
_OWN_PATH = re.compile(r"/(?![/\\])")
_TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "img"),
    *("h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "th": {"align"},
    "td": {"align"},
}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener nofollow ugc",
    set_tag_attribute_values={"img": {"loading": "lazy"}},
)


def render(
    source: str,
    *,
    inline: bool = False,
    extensions: Sequence[Extension] = (),
    env: Mapping[str, Any] | None = None,
) -> str:
    """Return the HTML of a Markdown text, safe to be put into a page.

    With `inline`, one run of text without paragraphs, lists or images. `extensions` are functions that add
    rules to a markdown-it parser (module-level ones: a parser is kept for each combination); their rules find
    in `state.env` what `env` gives for this text. A line end is shown as one, as in a letter.

    Raises:
        Invalid: the text is too long, too deep or too intricate.
    """
    text = clean(source, multiline=not inline)
    _check_size(text)
    parser = _parser(tuple(extensions))
    given = dict(env or {})
    html = parser.renderInline(text, {**given, "images": False}) if inline else parser.render(text, given)
    return without_controls(_CLEANER.clean(html)).strip()  # `&#x202e;` has become a character by now


def _check_size(text: str) -> None:
    if len(text.encode()) > MAX_BYTES:
        raise Invalid(_("This text is too long: 64 kB at most. Please shorten it or divide it."))
    if any(text.count(character) > limit for character, limit in MAX_COUNT.items()):
        raise _too_intricate()


def _too_intricate() -> Invalid:
    return Invalid(
        _("This text has too many lines, tables or formatting marks. Please simplify or divide it.")
    )


@lru_cache(maxsize=32)
def _parser(extensions: tuple[Extension, ...]) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": MAX_DEPTH + 4})
    parser.enable(["table", "strikethrough"])
    parser.validateLink = _allowed_link  # type: ignore[method-assign]  # the documented way to restrict links
    parser.block.ruler.at("table", _bounded_table, {"alt": ["paragraph", "reference"]})
    parser.inline.ruler.at("image", _own_image)
    parser.core.ruler.after("block", "fit_blocks", _fit_blocks)
    for extension in extensions:
        extension(parser)
    parser.core.ruler.push("bound_inlines", _bound_inlines)
    return parser


def _allowed_link(url: str) -> bool:
    return bool(_LINK.match(url) or _OWN_PATH.match(url))


def _bounded_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a table unless it has too many cells: a wide head makes each following short line as wide."""
    if not table(state, start, end, True):
        return False
    if not silent:
        columns = 1 + state.src.count("|", state.bMarks[start], state.eMarks[start])
        rows = next((line for line in range(start, end) if state.isEmpty(line)), end) - start
        state.env["cells"] = state.env.get("cells", 0) + columns * rows
        if state.env["cells"] > MAX_CELLS:
            raise _too_intricate()
    return silent or table(state, start, end, False)


def _own_image(state: StateInline, silent: bool) -> bool:
    """Read an image; one from elsewhere (it would tell its host who reads) is its alternative text."""
    if not image(state, silent):
        return False
    if not silent:
        token = state.tokens[-1]
        if not state.env.get("images", True) or not _OWN_PATH.match(str(token.attrs["src"])):
            state.tokens[-1] = Token("text", "", 0, content=token.content, level=token.level)
    return True


def _fit_blocks(state: StateCore) -> None:
    """Refuse depth and number before the inline rules run; headings begin under the page's own h1."""
    _check_tokens(state.tokens)
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
        style = token.attrs.pop("style", None)  # a strict content policy refuses style attributes
        if style:
            token.attrSet("align", str(style).removeprefix("text-align:"))


def _bound_inlines(state: StateCore) -> None:
    """Refuse what the inline rules made too deep or too long: one definition may serve a thousand links."""
    inlines = [child for token in state.tokens for child in token.children or ()]
    _check_tokens(inlines)
    if sum(len(str(value)) for token in inlines for value in token.attrs.values()) > MAX_ADDRESSES:
        raise _too_intricate()


def _check_tokens(tokens: list[Token]) -> None:
    if len(tokens) > MAX_TOKENS:
        raise _too_intricate()
    if any(token.level > MAX_DEPTH for token in tokens):
        raise Invalid(_("This text has lists, quotations or formatting nested too deep. Please flatten it."))
