"""What the tests of moderation share."""

import pytest
from parvis.api import db
from parvis_moderation.domain.charter import publish_charter
from parvis_moderation.domain.decide import decide
from parvis_moderation.domain.report import report
from parvis_moderation.models import Act
from parvis_social.api import comment, post


@pytest.fixture
def charter(app):
    """Return what publishes a charter: `charter("Be kind.")`, in both languages."""

    def publish(english, french=None, actor=None):
        made = publish_charter(english=english, french=french or f"{english} (FR)", actor=actor)
        db.session.commit()
        return made

    return publish


@pytest.fixture
def case_of(app):
    """Return what has somebody report something: `case_of(member, content, reason="hurtful", note="…")`."""

    def make(actor, thing, *, kind=None, reason="other", note=""):
        kind = kind or ("comment" if getattr(thing, "root_id", None) else "content")
        case, _new = report(kind=kind, subject_id=thing.id, reason=reason, note=note, actor=actor)
        db.session.commit()
        return case

    return make


@pytest.fixture
def decides(app):
    """Return what has somebody decide on a case: `decides(manager, case, "hide", days=3)`."""

    def make(actor, case, act, *, reason="other", text="Because of {reason}.", days=None):
        made = decide(case_id=case.id, act=Act(act), reason=reason, text=text, days=days, actor=actor)
        db.session.commit()
        return made

    return make


@pytest.fixture
def posted(make_place, member, other):
    """Make a post by Bob in an open place that nobody looks after but Bob, with a comment by Ada."""
    place = make_place("corner", other, member)
    root = post(place=place, text="Quokkapost", actor=other)
    said = comment(root=root, text="Quokkacomment", actor=member)
    db.session.commit()
    return root, said
