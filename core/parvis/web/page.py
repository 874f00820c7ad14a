"""Answers of views: a whole page, or the block of it that htmx asked for."""

from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, flash, make_response, redirect, render_template, request
from jinja2_fragments.flask import render_block

from parvis.errors import DomainError


def is_fragment() -> bool:
    """Tell whether htmx asks for a part of a page (and not for a whole one, boosted or from history)."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") != "full"


def page(template: str, *, fragment: str | None = None, status: int = 200, **context: Any) -> Response:
    """Render a page, or only its block `fragment` where htmx asks for a part."""
    if fragment is not None and is_fragment():
        html = render_block(template, fragment, **context)
    else:
        html = render_template(template, **context)
    response = make_response(html, status)
    response.vary.add("HX-Request")
    return response


def done(message: str, url: str) -> Response:
    """Say what was done on the next page, and go there."""
    flash(message, "success")
    return redirected(url)


def redirected(url: str) -> Response:
    """Go to an own address, as a browser or as htmx does it."""
    if is_fragment():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = url
        return response
    return make_response(redirect(url, 303))


def beside(form: Any, refusal: DomainError) -> Any:
    """Put all that was refused beside its field, or above the form; return the form, to be shown again."""
    for each in (refusal, *getattr(refusal, "also", ())):
        name = getattr(each, "field", None)
        if name not in form:
            form.form_errors.append(each.message)
        elif each.message not in form[name].errors:
            form[name].errors = [*form[name].errors, each.message]
    return form


def own_path(target: str | None, default: str) -> str:
    """Return `target` if it is a path on this site, else `default`.

    Browsers read `/\\evil`, `///evil`, `https:evil` and paths with control characters as other sites',
    though urlsplit sees no host in them.
    """
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return default
    if any(ord(c) < 0x21 or ord(c) == 0x7F for c in target):
        return default
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else default


def readable_path(target: str) -> str:
    """Return an own path, or where it takes forms alone the nearest one above it that can be read, if any.

    A form that was refused stands at such an address: `/contents/7/comment` leads back to `/contents/7`.
    """
    adapter, path = current_app.create_url_adapter(request), urlsplit(target).path
    allowed = list(adapter.allowed_methods(path)) if adapter else []
    if adapter is None or not allowed or "GET" in allowed:
        return target
    while path := path.rpartition("/")[0]:
        if "GET" in adapter.allowed_methods(path):
            return path
    return ""
