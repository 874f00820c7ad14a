"""The pages of blogs: no rules in sight."""

from typing import Any

from flask import Response, g
from parvis.api import page

from ..domain.article import reader_language
from ..domain.blog import keeps
from ..domain.read import View


def blog_page(template: str, view: View, **context: Any) -> Response:
    """Show a page of a blog, with what its head needs."""
    return page(template, **head(view), **context)


def head(view: View) -> dict[str, Any]:
    """Return what the head of a blog's pages needs."""
    language = reader_language()
    return {
        "view": view,
        "blog": view.blog,
        "place": view.place,
        "blog_name": view.name_for(language),
        "blog_purpose": view.purpose_for(language),
        "keeps": keeps(view),
        "viewer": g.member,
    }


def handle(text: str | None) -> str:
    """Return a handle as typed, without its @."""
    return (text or "").strip().removeprefix("@").lower()
