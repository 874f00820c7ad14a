"""Life in the site: most of the people have signed in and said something of themselves.

Written by plain inserts, for it is not writing that is measured. Everything is decided by the person's id, so
that both databases hold the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from parvis.db import Model, db, utcnow
from parvis.directory.models import Person
from parvis.events import EventRecord
from parvis.identity.event import Joined
from parvis.identity.models import Member, MemberSession
from parvis.identity.session import digest
from parvis.markdown import RENDERER_VERSION, render
from parvis.profile.models import Career, Interest, Photo, Profile
from parvis.security import CSRF_KEY
from parvis.text import fold
from sqlalchemy import select

from bench.load import loading, opened, settle

SHARE = 57 / 73  # of the people are members, as at Engage
ABOUT = (
    "I came to tides by way of **bridges**.\n\n- ask me about steel\n- or about *sailing*\n\n"
    + "What moves, lasts. " * 20
)
INTERESTS = (
    "Sailing",
    "Choir",
    "Chess",
    "Cycling",
    "Bread",
    "Photography",
    "C++",
    "Randonnée",
    "Jazz",
    "Gardens",
)
FORM_TOKEN = "c" * 40
"""What the forms of all sessions carry, signed by the site."""
JOINED = datetime(2026, 1, 1, tzinfo=UTC)


def populate(url: str, *, keep: Iterable[str] = (), joined: Mapping[int, datetime] | None = None) -> None:
    """Make members of most people, with all that a member has; and of all of `keep` (usernames).

    Args:
        joined: who they are, and when they joined, where that is decided elsewhere.
    """
    with opened(url):
        kept = set(keep)
        everyone = db.session.execute(select(Person.id, Person.username).order_by(Person.id)).all()
        db.session.rollback()
        ids = [id for id, username in everyone if id * 7919 % 1000 < SHARE * 1000 or username in kept]
        moments = dict.fromkeys(ids, JOINED) if joined is None else dict(joined)
        tables = dict(_tables(sorted(moments), moments))
        with loading(tables) as loader:
            for model, rows in tables.items():
                loader.load_named(model, rows)
        settle()


def session_of(person_id: int) -> dict[str, str]:
    """Return the cookie of a member's session, as `populate` keeps it."""
    return {"parvis": f"s.{person_id}"}


def _tables(
    ids: list[int], joined: Mapping[int, datetime]
) -> Iterator[tuple[type[Model], Iterable[dict[str, Any]]]]:
    now, about = utcnow(), render(ABOUT)
    yield Member, (
        {"id": id, "signed_in_at": joined[id], "joined_at": joined[id], "administrator": False,
         "language": "fr" if id % 2 else "en", "theme_choice": "system", "shortcuts": True,
         "steps_done": ["core:preferences", "core:introduction"]}
        for id in ids
    )  # fmt: skip
    yield MemberSession, (
        {"digest": digest(f"{id}"), "member_id": id, "created_at": now, "seen_at": now, "address": "",
         "browser": "Mozilla/5.0", "data": {CSRF_KEY: FORM_TOKEN}}
        for id in ids
    )  # fmt: skip
    yield Profile, (
        {"person_id": id, "headline": f"Number {id} of us", "about": ABOUT, "about_html": about, "version": 1,
         "renderer": RENDERER_VERSION, "languages": ["Français"], "hidden": [] if id % 5 else ["links"],
         "links": [{"label": "Blog", "url": f"https://example.com/{id}"}], "updated_at": now}
        for id in ids
    )  # fmt: skip
    yield (
        Career,
        (
            {
                "person_id": id,
                "role": f"Role {n}",
                "organisation": "Ostrelune",
                "started": f"{2000 + n * 4}",
                "ended": ended,
            }
            for id in ids
            for n, ended in enumerate(("2004-06", "2008", None))
        ),
    )
    yield (
        Interest,
        (
            {"person_id": id, "label": label, "folded": fold(label), "position": n}
            for id in ids
            for n, label in enumerate(INTERESTS[(id + k) % len(INTERESTS)] for k in range(4))
        ),
    )
    yield Photo, (
        {"person_id": id, "position": n, "media_key": f"photo/{id}/{n}", "alternative": "At sea",
         "width": 1200, "height": 800, "created_at": now}
        for id in ids
        for n in range(id % 4)
    )  # fmt: skip
    yield (
        EventRecord,
        (
            {"txid": 0, "at": joined[id], "kind": Joined.kind, "actor_id": id, "person_id": id, "data": {}}
            for id in ids
        ),
    )
