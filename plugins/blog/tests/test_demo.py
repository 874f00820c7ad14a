"""The demo company's chief executive has a living blog."""

from types import SimpleNamespace

import pytest
from parvis.api import db
from parvis_blog.demo import show
from parvis_blog.plugin import BlogPlugin
from parvis_social.plugin import SocialPlugin

pytestmark = [
    pytest.mark.plugins(social=SocialPlugin, blog=BlogPlugin),
]


def test_the_blog_lives(people, deliver):
    chief = people.member("Emma Chief")
    delegate = people.member("Dan Delegate")
    for number in range(16):
        people.member(f"Reader Number{number}")
    company = SimpleNamespace(chief_executive=chief.person, community_manager=delegate.person)
    for _moment, happen in sorted(show(company), key=lambda each: each[0]):
        happen()
        db.session.commit()
    page = people.browser(delegate).get("/blogs/a-maree-montante").text
    assert ("What we stop" in page, "2 of 3 questions answered, half of them within 2 days" in page) == (
        True,
        True,
    )
    assert "Published by Dan Delegate for Emma Chief" in page
