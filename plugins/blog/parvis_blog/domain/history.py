"""What an article says in all its languages, for its history."""

from markupsafe import Markup
from parvis.api import db

from ..models import Article
from .said import other


def whole(content_id: int) -> str:
    """Return the text of an article, then that in its second language under its title."""
    article = db.session.get_one(Article, content_id)
    first = Markup('<div lang="{}">{}</div>').format(article.language, Markup(article.html))
    if not article.second_title:
        return str(first)
    second = Markup('<hr><div lang="{}"><h3>{}</h3>{}</div>').format(
        other(article.language),
        article.second_title,
        Markup(article.second_html),
    )
    return str(first + second)
