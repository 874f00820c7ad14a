"""Feeds of blogs for programs, such as the Intranet's portal: by keys that their owners can revoke."""

from collections.abc import Sequence
from hashlib import sha256
from secrets import token_urlsafe
from urllib.parse import urljoin

from feedgenerator import Atom1Feed
from parvis.api import DomainError, Invalid, Member, Person, db, hooks, may
from parvis.api import gettext as _
from sqlalchemy import delete, func, select

from ..models import FeedKey
from ..permission import BlogPermission
from ..settings import settings
from .article import list_articles
from .read import View, get_blog_for, nothing
from .said import line

LABEL_LENGTH = 100
ENTRIES = 20
KEY_BYTES = 32


def make_key(*, label: str, actor: Member) -> tuple[FeedKey, str]:
    """Make a key for feeds; it is returned beside its row this once, and kept nowhere.

    Raises:
        Invalid: it has no name, or there are as many as one may have; `field` is `label`.
    """
    label = line(label, LABEL_LENGTH, "label", missing=_("Please say what the key is for."))
    count = select(func.count()).where(FeedKey.person_id == actor.id)
    if (db.session.scalar(count) or 0) >= settings().feed_keys:
        raise Invalid(_("You have many keys already. Please revoke one first."), field="label")
    secret = token_urlsafe(KEY_BYTES)
    key = FeedKey(person_id=actor.id, digest=_digest(secret), label=label)
    db.session.add(key)
    db.session.flush()
    return key, secret


def revoke_key(*, key_id: int, actor: Member) -> None:
    """Make a key of the actor's worth nothing, from the next request on.

    Raises:
        NotFound: it is not theirs.
    """
    mine = (FeedKey.id == key_id, FeedKey.person_id == actor.id)
    if db.session.execute(delete(FeedKey).where(*mine).returning(FeedKey.id)).first() is None:
        raise nothing()


def keys_of(member: Member) -> Sequence[FeedKey]:
    """Return a member's keys, the newest first."""
    query = select(FeedKey).where(FeedKey.person_id == member.id).order_by(FeedKey.id.desc())
    return db.session.scalars(query).all()


def open_feed(*, secret: str, slug: str) -> View:
    """Return the blog that a key opens, through the eyes of whose key it is.

    Raises:
        NotFound: there is no such key or blog, or they have left the company or may not sign in.
    """
    found = (
        select(Member)
        .join(FeedKey, FeedKey.person_id == Member.id)
        .join(Person, Person.id == Member.id)
        .where(FeedKey.digest == _digest(secret), Person.present.is_(True), Member.joined_at.is_not(None))
    )
    member = db.session.scalar(found)
    if member is None or not _lets_in(member):
        raise nothing()
    return get_blog_for(member, slug)


def _lets_in(member: Member) -> bool:
    """Tell whether somebody may read blogs, and would be let in if they signed in now."""
    try:
        hooks().check("check_sign_in", person=member.person)
    except DomainError:
        return False
    return may(member, BlogPermission.READ)


def forget_keys(person_id: int) -> None:
    """Make all keys of somebody who has left worth nothing, also if they come back."""
    db.session.execute(delete(FeedKey).where(FeedKey.person_id == person_id))


def write_feed(view: View, *, site: str, address: str, language: str) -> str:
    """Return the feed of a blog as Atom (RFC 4287), its newest articles.

    Args:
        site: address of the site, which articles and pictures stand below.
        address: that of the feed, without its key.
        language: in which it is named.
    """
    home = urljoin(site, f"/blogs/{view.place.slug}")
    feed = Atom1Feed(
        title=view.name_for(language), link=home, description=view.purpose_for(language) or view.place.name,
        feed_url=address, language=language, feed_guid=home,
    )  # fmt: skip
    for row in list_articles(view.blog, viewer=view.viewer, limit=ENTRIES)[:ENTRIES]:
        link = urljoin(site, f"/blogs/articles/{row.id}")
        feed.add_item(
            title=row.title, link=link, unique_id=link, pubdate=row.at, updateddate=row.changed_at,
            author_name=_author(row.author.display_name, row.detail.publisher),
            description=row.excerpt.replace('="/', f'="{site.rstrip("/")}/'),
        )  # fmt: skip
    return str(feed.writeString("utf-8"))


def _author(author: str, publisher: object) -> str:
    """Name who wrote an article; where another published it, both."""
    if publisher is None:
        return author
    name = getattr(publisher, "display_name", "")
    return _("%(author)s (published by %(publisher)s)", author=author, publisher=name)


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
