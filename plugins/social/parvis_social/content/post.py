"""Posts: what somebody writes in a place, in Markdown."""

from collections.abc import Sequence

from parvis.api import Member

from ..place.models import Place
from .models import Content, Text
from .publish import EVERYWHERE, checked_text, publish
from .text import RENDERER, render

TYPE = EVERYWHERE
MOST = 20_000


def post(
    *,
    place: Place,
    text: str,
    actor: Member,
    files: Sequence[int] = (),
    form_key: str | None = None,
    type: str = TYPE,
    confirmed: str | None = None,
    admitted: bool = False,
) -> Content:
    """Publish a post in a place.

    Args:
        type: another registered type, that is written and changed as a post is.
        text: Markdown, 1 to 20,000 characters; it may be empty where files are attached.
        files: ids of the actor's own files.
        form_key, confirmed, admitted: see `publish`.

    Raises:
        Invalid: the text is empty or too long; `field` is `text`.
        NotFound, NotAllowed, Veto, SecondLook, Waits, TooMany: see `publish`.
    """
    source = checked_text(text, most=MOST, files=files)
    rendered = render(source)
    return publish(
        type=type,
        place=place,
        actor=actor,
        body_html=rendered.html,
        tags=rendered.tags,
        mentioned=rendered.mentioned,
        files=files,
        form_key=form_key,
        confirmed=confirmed,
        admitted=admitted,
        detail=Text(source=source, renderer=RENDERER),
    )
