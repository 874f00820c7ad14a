"""A comment that is begun: in answer to another, with a quotation of what it answers."""

from parvis.api import Member

from .edit import text_of
from .form import CommentForm
from .read import Reading, get_content_for

LINES = 20
MOST = 2_000
"""A quotation has so many lines and characters at most: a comment has to have room under it."""


def begun_comment(
    reading: Reading, *, viewer: Member, parent: int | None, quote: bool, source: str | None = None
) -> CommentForm:
    """Return the form of a comment on a content, or in answer to one of its comments.

    Args:
        parent: id of the comment that is answered.
        quote: with a quotation of it, or of the content, to write under.
        source: what the content was written in, where its type has a text of its own.

    Raises:
        NotFound: there is no such comment, or it is not open to them.
    """
    form = CommentForm(formdata=None)
    form.parent.data = parent
    if not quote:
        form.text.data = ""
    elif parent is None and source is not None:
        form.text.data = quotation(source)
    else:
        quoted = reading.root if parent is None else get_content_for(viewer, parent).content
        form.text.data = quotation(text_of(quoted).source)
    return form


def quotation(source: str) -> str:
    """Return how a text begins as a quotation to write under."""
    begin = source[:MOST]
    if len(source) > MOST:
        begin = begin.rpartition("\n")[0] or begin.rpartition(" ")[0] or begin
    return "".join(f"> {line}\n" for line in begin.splitlines()[:LINES]) + "\n"
