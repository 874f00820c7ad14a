"""What is suggested while one writes: people, tags, emoji, as plain data for the text's own list."""

from flask import Response, jsonify, request
from parvis.api import clean, needs, suggest_people

from ..permission import SocialPermission
from ..web import bp
from .emoji import find_emoji
from .tag import suggest_tags as tags_that_begin

MOST = 40


@bp.get("/social/suggest/people", endpoint="suggest_people")
@needs(SocialPermission.USE)
def people_named() -> Response:
    """Suggest people by name."""
    found = suggest_people(_begun())
    return jsonify(
        [
            {
                "value": f"@{one.handle}",
                "label": one.display_name,
                "line": one.title or "",
                "face": one.photo_url(48),
            }
            for one in found
        ]
    )


@bp.get("/social/suggest/tags")
@needs(SocialPermission.USE)
def suggest_tags() -> Response:
    """Suggest tags that open places use."""
    return jsonify(
        [{"value": f"#{tag.label}", "label": f"#{tag.label}"} for tag in tags_that_begin(_begun())]
    )


@bp.get("/social/suggest/emoji")
@needs(SocialPermission.USE)
def suggest_emoji() -> Response:
    """Suggest emoji by a word."""
    return jsonify([{"value": sign, "label": f"{sign} {name}"} for name, sign in find_emoji(_begun())])


def _begun() -> str:
    return clean(request.args.get("q", ""))[:MOST]
