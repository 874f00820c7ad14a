"""The site with social and blog, in which the chief executive has a blog."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from parvis.db import db, utcnow, writing
from parvis.identity.models import Member
from parvis.testing.company import Company
from parvis_blog.domain.ask import answer, ask
from parvis_blog.domain.blog import give_role, open_blog
from parvis_blog.domain.draft import begin_draft, save_draft
from parvis_blog.domain.publish import publish_draft, publish_due
from parvis_blog.domain.read import get_blog_for
from parvis_blog.models import LEADER, Blog, Draft, Leader
from parvis_blog.plugin import BlogPlugin
from parvis_social.api import Role, comment
from parvis_social.plugin import SocialPlugin
from sqlalchemy import select

PLUGINS = {"social": SocialPlugin, "blog": BlogPlugin}


@pytest.fixture(scope="session")
def served(serve: Callable[..., Any], known: Company) -> Iterator[Any]:
    """Serve the site with both plugins, and a blog."""
    with serve(**PLUGINS) as served:
        with served.app.app_context(), writing():
            chief = served.member(known.chief_executive)
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


@pytest.fixture
def later(served: Any) -> Callable[[], None]:
    """Let the moment come for which articles are scheduled."""

    def pass_by() -> None:
        with served.app.app_context(), writing():
            for draft in db.session.scalars(select(Draft).where(Draft.scheduled_at.is_not(None))):
                draft.scheduled_at = utcnow() - timedelta(seconds=1)
            db.session.flush()
            publish_due()
            db.session.commit()

    return pass_by


@pytest.fixture(scope="session")
def lively(served: Any, known: Company) -> dict[str, str]:
    """Open a blog in which all happens that can; give the paths of its pages, by what they are."""
    with served.app.app_context(), writing():
        chief, delegate, reader = map(
            served.member, (known.chief_executive, known.community_manager, known.group_owner)
        )
        blog = open_blog(kind=LEADER, name="Quay", purpose="Seen from it", language="en", actor=chief)
        blog.anonymous = True
        give_role(blog=blog, person=delegate.person, role=Role.MODERATOR, actor=chief)
        article = publish_draft(**_written(blog, delegate, "Notre année"))
        said = comment(root=article, text="Why a turbine?", actor=reader)
        comment(root=article, text="Because of the *tide*.", actor=chief, parent_id=said.id)
        view = get_blog_for(reader, blog.place.slug)
        question, answered = (ask(view=view, text=f"{word} next?", actor=reader) for word in ("What", "Who"))
        answer(question=answered, text="You", actor=delegate)
        draft = _written(blog, delegate, "Demain")["draft"]
        db.session.commit()
        here, asked = f"/blogs/{blog.place.slug}", f"/blogs/questions/{question.id}"
        return {
            "blog": here, "questions": f"{here}/questions", "writers": f"{here}/writers",
            "answered": f"{here}/questions?show=answered", "settings": f"{here}/settings",
            "article": f"/blogs/articles/{article.id}", "question": asked, "answer": f"{asked}/answer",
            "hide": f"{asked}/hide", "write": f"/blogs/drafts/{draft.id}",
            "preview": f"/blogs/drafts/{draft.id}/preview",
            "change": f"/blogs/articles/{article.id}/edit", "feeds": f"/blogs/feeds?blog={blog.place.slug}",
        }  # fmt: skip


def _written(blog: Blog, actor: Member, second_title: str) -> dict[str, Any]:
    draft = begin_draft(blog=blog, actor=actor)
    source = "We *built*.\n\n>> The sea has time.\n\n| a | b |\n| --- | ---: |\n| 1 | 2 |\n\n- one\n- two"
    save_draft(
        draft=draft, actor=actor, version=draft.version, title="Our year", source=source,
        second_title=second_title, second_source="Bâti.", series="Years", tags="tide", acknowledge=True,
    )  # fmt: skip
    return {"draft": draft, "actor": actor, "version": draft.version}
