"""The site with social and blog, in which the chief executive has a blog."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from parvis.db import db, writing
from parvis.directory.models import Person as Found
from parvis.identity.models import Member
from parvis.testing.company import Company
from parvis_blog.domain.blog import open_blog
from parvis_blog.models import LEADER, Leader
from parvis_blog.plugin import BlogPlugin
from parvis_social.plugin import SocialPlugin
from sqlalchemy import select


@pytest.fixture(scope="session")
def served(serve: Callable[..., Any], known: Company) -> Iterator[Any]:
    """Serve the site with both plugins, and a blog."""
    with serve(social=SocialPlugin, blog=BlogPlugin) as served:
        with served.app.app_context(), writing():
            of = Found.username == known.chief_executive.username
            chief = db.session.scalars(select(Member).join(Member.person).where(of)).one()
            db.session.add(Leader(person_id=chief.id))
            open_blog(kind=LEADER, name="Tide", purpose="What I see", language="en", actor=chief)
            db.session.commit()
        yield served


@pytest.fixture(scope="session")
def site(served: Any) -> str:
    """Return the address of this site."""
    return str(served.address)


@pytest.fixture(scope="session")
def signed_in() -> dict[str, Any]:
    """Keep the cookies of whoever has signed in here."""
    return {}
