"""The site with social and groups, in which Hélène looks after a photo club."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from parvis.db import db, writing
from parvis.identity.models import Member
from parvis.testing.company import Company, Person
from parvis_groups.domain.create import create_group
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import Place, post
from parvis_social.plugin import SocialPlugin
from sqlalchemy import select

PLUGINS = {"social": SocialPlugin, "groups": GroupsPlugin}
POSTS = 24
"""In the club: more than one page of a stream."""


@pytest.fixture(scope="session")
def served(serve: Callable[..., Any], known: Company) -> Iterator[Any]:
    """Serve the site with both plugins."""
    with serve(**PLUGINS) as served:
        with served.app.app_context(), writing():
            _open_the_club(served.member(known.group_owner))
            db.session.commit()
        yield served


def _open_the_club(owner: Member) -> None:
    club = create_group(
        name="Club photo", purpose="Sorties avec un appareil, et ce qu'on en rapporte",
        languages=("fr", "en"), second_name="Photo club",
        second_purpose="Walks with a camera, and what came of them",
        theme="leisure", tags=("photo",), actor=owner,
    )  # fmt: skip
    for number in range(1, POSTS + 1):
        post(place=club.place, text=f"**Sortie {number}** : rendez-vous au pont. #photo", actor=owner)


@pytest.fixture(scope="session")
def site(served: Any) -> str:
    """Return the address of this site."""
    return str(served.address)


@pytest.fixture(scope="session")
def signed_in() -> dict[str, Any]:
    """Keep the cookies of whoever has signed in here."""
    return {}


@pytest.fixture(scope="session")
def colleague(
    served: Any, join: Callable[[Person], Member], others: Iterator[Person]
) -> Callable[[], Person]:
    """Give somebody who is here for the first time, the questions of the first visit answered."""

    def come() -> Person:
        person = next(others)
        with served.app.app_context(), writing():
            join(person)
        return person

    return come


@pytest.fixture
def welcome(served: Any, known: Company, deliver: Callable[[], None]) -> Callable[[Person], str]:
    """Have Hélène greet somebody by name in the club; give the path of what she wrote."""

    def greet(person: Person) -> str:
        with served.app.app_context(), writing():
            club = db.session.scalars(select(Place).where(Place.slug == "club-photo")).one()
            text = f"Bienvenue, @{served.handles[person.username]} !"
            path = f"/contents/{post(place=club, text=text, actor=served.member(known.group_owner)).id}"
            db.session.commit()
        deliver()
        return path

    return greet
