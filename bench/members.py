"""Life in the site: most of the people have signed in and said something of themselves.

Written by plain inserts, for it is not writing that is measured. Everything is decided by the person's id, so
that both databases hold the same.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from flask import Flask
from parvis.db import Model, db, engine_options, utcnow
from parvis.directory.models import Person
from parvis.events import EventRecord
from parvis.identity.event import Joined
from parvis.identity.models import Member, MemberSession
from parvis.identity.session import CSRF_KEY, digest
from parvis.markdown import RENDERER_VERSION, render
from parvis.profile.models import Career, Interest, Photo, Profile
from parvis.text import fold
from sqlalchemy import Connection, insert, select, text

SHARE = 57 / 73  # of the people are members, as at Engage
CHUNK = 5000
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
JOINED = datetime(2026, 1, 1, tzinfo=UTC)


def populate(url: str, *, keep: Iterable[str]) -> None:
    """Make members of most people, with all that a member has; and of all of `keep` (usernames)."""
    app = Flask("populate")
    app.config.update(
        SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=engine_options(url, pool_size=1, timeout=60)
    )
    db.init_app(app)
    with app.app_context():
        with db.engine.begin() as connection:
            kept = set(keep)
            everyone = connection.execute(select(Person.id, Person.username).order_by(Person.id)).all()
            ids = [id for id, username in everyone if id * 7919 % 1000 < SHARE * 1000 or username in kept]
            for model, rows in _tables(ids):
                _insert(connection, model, rows)
        _settle(url)
        db.engine.dispose()


def _tables(ids: list[int]) -> Iterator[tuple[type[Model], Iterable[dict[str, Any]]]]:
    now, about = utcnow(), render(ABOUT)
    yield Member, (
        {"id": id, "signed_in_at": JOINED, "joined_at": JOINED, "administrator": False,
         "language": "fr" if id % 2 else "en", "theme_choice": "system", "shortcuts": True,
         "steps_done": ["core:preferences", "core:introduction"]}
        for id in ids
    )  # fmt: skip
    yield MemberSession, (
        {"digest": digest(f"{id}"), "member_id": id, "created_at": now, "seen_at": now, "address": "",
         "browser": "Mozilla/5.0", "data": {CSRF_KEY: "c" * 40}}
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
            {"txid": 0, "at": JOINED, "kind": Joined.kind, "actor_id": id, "person_id": id, "data": {}}
            for id in ids
        ),
    )


def _insert(connection: Connection, model: type[Model], rows: Iterable[dict[str, Any]]) -> None:
    iterator = iter(rows)
    while chunk := list(islice(iterator, CHUNK)):
        connection.execute(insert(model.__table__), chunk)  # type: ignore[arg-type]  # a mapped class has a table


def _settle(url: str) -> None:
    """Bring a database to the state that it has a while after so much writing."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if url.startswith("sqlite"):
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]  # it is connected
        else:
            connection.execute(text("VACUUM ANALYZE"))
