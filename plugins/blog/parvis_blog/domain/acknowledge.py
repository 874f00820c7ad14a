"""I have read it: said by who wants to, of articles that ask for it, counted and never listed."""

from parvis.api import Member, NotAllowed, add_once, db
from parvis.api import gettext as _
from parvis_social.api import get_content_for
from sqlalchemy import update

from ..models import Acknowledgement, Article
from .read import nothing


def acknowledge(*, content_id: int, actor: Member) -> None:
    """Say that one has read an article that asks for it; said twice, it counts once.

    Raises:
        NotFound: the article is not open to the actor.
        NotAllowed: it does not ask.
    """
    get_content_for(actor, content_id)
    article = db.session.get(Article, content_id)
    if article is None:
        raise nothing()
    if not article.acknowledge:
        raise NotAllowed(_("This article does not ask for it."))
    if add_once(Acknowledgement, content_id=content_id, person_id=actor.id):
        counting = update(Article).where(Article.content_id == content_id)
        db.session.execute(
            counting.values(acknowledged_count=Article.acknowledged_count + 1),
            execution_options={"synchronize_session": False},
        )
        db.session.expire(article, ["acknowledged_count"])
