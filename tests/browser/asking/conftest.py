"""The site with social and expertise, in which two can be asked about welding."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from parvis.db import db, writing
from parvis.search.indexer import Indexer, index_folder
from parvis.search.reader import index_reader
from parvis.testing.company import Company
from parvis.testing.plugin import catch_up
from parvis_expertise.domain.declare import declare
from parvis_expertise.plugin import ExpertisePlugin
from parvis_social.plugin import SocialPlugin


@pytest.fixture(scope="session")
def served(serve: Callable[..., Any], known: Company) -> Iterator[Any]:
    """Serve the site with both plugins."""
    with serve(social=SocialPlugin, expertise=ExpertisePlugin) as served:
        with served.app.app_context(), writing():
            declare(said={"teach": "Welding", "ask": "Welding"}, actor=served.member(known.community_manager))
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


@pytest.fixture
def indexed(served: Any) -> Callable[[], None]:
    """Lead the index of the site on, as its worker would."""

    def lead() -> None:
        with served.app.app_context():
            indexer = Indexer(index_folder())
            catch_up(indexer)
            indexer.close()
            index_reader().look_again()

    return lead
