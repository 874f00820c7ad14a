"""An article as a text file: what was written, who wrote it, and who published it for them."""

from parvis.api import Person, db
from parvis.api import gettext as _
from parvis_social.api import Reading
from sqlalchemy import select

from ..models import Article
from .read import nothing


def as_text(reading: Reading) -> str:
    """Return an article in Markdown, both languages one after the other, as it was last published.

    Raises:
        NotFound: it is of another type.
    """
    query = (
        select(Article, Person.display_name)
        .outerjoin(Person, Person.id == Article.publisher_id)
        .where(Article.content_id == reading.content.id)
    )
    row = db.session.execute(query).first()
    if row is None:
        raise nothing()
    article, publisher = row
    head = [_by(reading, publisher), reading.content.created_at.date().isoformat(), reading.place.name]
    parts = [_part(reading.content.title, head, article.source)]
    if article.second_source:
        parts.append(_part(article.second_title, head, article.second_source))
    return "\n\n---\n\n".join(parts) + "\n"


def _by(reading: Reading, publisher: str | None) -> str:
    author = reading.content.author.display_name
    if publisher is None:
        return author
    return _("Published by %(publisher)s for %(author)s", publisher=publisher, author=author)


def _part(title: str, head: list[str], source: str) -> str:
    return f"# {title}\n\n{' · '.join(head)}\n\n{source}"
