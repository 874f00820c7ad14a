"""The site with expertise alone, in which the community manager knows something."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from parvis.db import db, writing
from parvis.directory.models import Person as Found
from parvis.testing.company import Company
from parvis_expertise.domain.declare import declare
from parvis_expertise.domain.title import index_title
from parvis_expertise.plugin import ExpertisePlugin
from sqlalchemy import select


@pytest.fixture(scope="session")
def served(serve: Callable[..., Any], known: Company) -> Iterator[Any]:
    """Serve the site with the plugin."""
    with serve(expertise=ExpertisePlugin) as served:
        with served.app.app_context(), writing():
            manager = served.member(known.community_manager)
            declare(said={"teach": "Facilitation, Voile au large", "wish": "Kubernetes"}, actor=manager)
            for person_id in db.session.scalars(select(Found.id)):
                index_title(person_id)
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
