"""The site with social, groups, blog and moderation, in which something is there to be reported."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from parvis.db import db, writing
from parvis.testing.company import Company
from parvis_blog.domain.ask import ask
from parvis_blog.domain.blog import open_blog
from parvis_blog.domain.draft import begin_draft, save_draft
from parvis_blog.domain.publish import publish_draft
from parvis_blog.domain.read import get_blog_for
from parvis_blog.models import LEADER, Leader
from parvis_blog.plugin import BlogPlugin
from parvis_groups.domain.create import create_group
from parvis_groups.plugin import GroupsPlugin
from parvis_moderation.domain.manager import appoint
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.api import comment, post, wall_of
from parvis_social.plugin import SocialPlugin

PLUGINS = {
    "social": SocialPlugin, "groups": GroupsPlugin, "blog": BlogPlugin, "moderation": ModerationPlugin
}  # fmt: skip


@pytest.fixture(scope="session")
def things() -> dict[str, int]:
    """Keep the ids of what there is."""
    return {}


@pytest.fixture(scope="session")
def served(serve: Callable[..., Any], known: Company, things: dict[str, int]) -> Iterator[Any]:
    """Serve the site; the group's owner has written a post, an article, a comment, and opened a group."""
    with serve(**PLUGINS) as served:
        with served.app.app_context(), writing():
            owner, manager = served.member(known.group_owner), served.member(known.community_manager)
            for person in (manager.person, served.member(known.administrator).person):
                appoint(person=person, actor=None)
            written = post(place=wall_of(owner.person), text="Vends vélo, état neuf", actor=owner)
            said = comment(root=written, text="Et une remorque avec", actor=owner)
            db.session.add(Leader(person_id=owner.id))
            blog = open_blog(kind=LEADER, name="Vélo", purpose="Tout", language="fr", actor=owner)
            draft = begin_draft(blog=blog, actor=owner)
            save_draft(draft=draft, actor=owner, version=draft.version, title="Soldes", source="Tout à −50 %")
            article = publish_draft(draft=draft, actor=owner, version=draft.version)
            question = ask(view=get_blog_for(owner, blog.place.slug), text="Combien ?", actor=owner)
            things["question"] = question.id
            group = create_group(name="Brocante", purpose="Vendre", actor=owner)
            things.update(content=written.id, comment=said.id, article=article.id, place=group.place_id)
            things["profile"] = manager.id
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
def club(served: Any, known: Company) -> Callable[[], str]:
    """Return what opens another group of its owner, by its address."""

    def make() -> str:
        with served.app.app_context(), writing():
            owner = served.member(known.group_owner)
            slug: str = create_group(name="Club", purpose="Parler", actor=owner).place.slug
            db.session.commit()
            return slug

    return make
