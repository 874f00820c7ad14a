"""A closed group and an open wall with everybody around them; something is reported and decided."""

from dataclasses import dataclass, field

import pytest
from parvis.api import Member, db
from parvis.testing.plugin import browser
from parvis.testing.portrait import portrait
from parvis.testing.visibility import Snapshot, Walker
from parvis_groups.domain.create import create_group
from parvis_moderation.domain.appeal import appeal
from parvis_moderation.domain.charter import accept_charter, publish_charter
from parvis_moderation.domain.decide import decide
from parvis_moderation.domain.manager import appoint
from parvis_moderation.domain.question import ask
from parvis_moderation.domain.report import report
from parvis_moderation.domain.rule import set_rules
from parvis_moderation.domain.visit import enter
from parvis_moderation.models import Act
from parvis_social import api as social
from parvis_social.content.waiting import submit_post

COLUMNS = ("stranger", "reporter", "author", "owner", "administrator", "manager")
"""Who asks, but for who has not signed in. Reporter, author and owner are members of the closed group."""
END = 2**53
QUERIES = {
    "moderation.queue": (
        "show=place",
        "show=waiting",
        "show=decided",
        "place={place_id}",
        "after=1",
        "show=posts",
        "show=matters",
    ),
    "moderation.mine": ("before={end}", "told={end}"),
    "moderation.open_record": ("before={end}",),
    "moderation.oversee": ("what=moderation", "before={end}"),
    "moderation.charter": ("version=1",),
    "social.content": ("comment={comment}",),
    "social.notifications": ("unread=1",),
    "search.search": ("q=zanzi*", "q=quokka*", "q=weka*"),
}


@dataclass
class Scene:
    """Who is what, and what there is; `again()` makes all as it was."""

    app: object
    people: object
    persons: dict = field(default_factory=dict)
    browsers: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)

    def member(self, who):
        """Return somebody as the database has them now."""
        return db.session.get_one(Member, self.persons[who])

    def keep(self):
        """Remember the database, for `again`."""
        self.kept = Snapshot()

    def again(self):
        """Make the database what it was."""
        self.kept.restore()


@pytest.fixture
def scene(app, people, deliver, index):
    """Give it."""
    made = Scene(app, people)
    for who in COLUMNS:
        name = "Kakapo" if who == "reporter" else who.title()
        person = people.member(f"{name} Person", administrator=who == "administrator")
        made.persons[who] = person.id
        made.browsers[who] = people.browser(person)
    made.browsers["signed out"] = browser(app)
    made.browsers["signed out"].get("/login")
    appoint(person=made.member("manager").person, actor=None)
    charter = publish_charter(french="Oui", english="Yes", actor=None)
    for who in COLUMNS:
        accept_charter(version=charter.version, actor=made.member(who))
    _write(made)
    _decide(made)
    deliver()
    index()
    yield made
    if hasattr(made, "kept"):
        made.kept.close()


def _write(made):
    owner, author, reporter = (made.member(who) for who in ("owner", "author", "reporter"))
    group = create_group(name="Hoiho", purpose="Closed", access="closed", actor=owner)
    for member in (author, reporter):
        social.add_member(place=group.place, person_id=member.id, actor=member)
    wall = social.wall_of(author.person)
    inside = social.post(place=group.place, text="Wekapost", actor=author)
    prepared = social.prepare_file(data=portrait("Quokka", 200), filename="quokka.png", actor=author)
    picture = social.keep_file(prepared=prepared, actor=author, alternative="Quokkapicture")
    mild, severe, hidden = (
        social.post(place=place, text=text, actor=author, files=[picture.id] if place is wall else [])
        for place, text in ((group.place, "Wekamild"), (group.place, "Wekasevere"), (wall, "Quokkapost"))
    )
    said = social.comment(root=hidden, text="Quokkacomment", actor=reporter)
    made.values.update(
        place_id=group.place_id, slug=group.place.slug, inside=inside.id, mild=mild.id, severe=severe.id,
        hidden=hidden.id, comment=said.id, handle=author.person.handle, author=author.id,
    )  # fmt: skip
    _wait(made, group)
    db.session.commit()


def _wait(made, group):
    """Have the author write a first post for an open group, with a picture, and one for the closed one."""
    owner, author = made.member("owner"), made.member("author")
    tui = create_group(name="Tui", purpose="Open", actor=owner)
    social.add_member(place=tui.place, person_id=author.id, actor=author)
    rules = {"words": "", "per_day": None, "flag_links": False}
    set_rules(place_id=tui.place_id, newcomers_wait=True, actor=owner, **rules)
    prepared = social.prepare_file(data=portrait("Kereru", 200), filename="kereru.png", actor=author)
    file = social.keep_file(prepared=prepared, actor=author, alternative="Kererupicture")
    waiting = submit_post(place=tui.place, text="Kererupost", files=[file.id], actor=author)
    closed = social.Waiting(
        place_id=group.place_id, author_id=author.id, source="Ruru", body_html="<p>Rurupost</p>"
    )
    db.session.add(closed)
    db.session.flush()
    question = ask(text="Kakaquestion", actor=author)
    made.values.update(question=question.id, waiting=waiting.id, closed_waiting=closed.id, file=file.id)


def _decide(made):
    owner, author, reporter, manager = (
        made.member(who) for who in ("owner", "author", "reporter", "manager")
    )

    def reported(name, reason="other"):
        case, _new = report(
            kind="content", subject_id=made.values[name], reason=reason, note=f"Zanzinote {name}",
            actor=reporter,
        )  # fmt: skip
        return case.id

    def decided(case, act, actor):
        made_ = decide(case_id=case, act=act, reason="other", text="Zanziletter", actor=actor)
        return made_.id

    cases = {name: reported(name) for name in ("mild", "inside", "hidden")}
    cases["severe"] = reported("severe", "hurtful")
    warned = decided(cases["inside"], Act.MESSAGE, owner)
    taken = decided(cases["hidden"], Act.HIDE, manager)
    made.values.update(case=cases["mild"], severe_case=cases["severe"], decision=warned, appealed=taken,
                       hidden_case=cases["hidden"], inside_case=cases["inside"])  # fmt: skip
    other = create_group(name="Takahe", purpose="Closed", access="closed", actor=owner)
    visit = enter(place=other.place, reason="Hoihoreason", hours=1, actor=manager)
    made.values["visit"] = visit.id
    locked = decided(cases["inside"], Act.LOCK, owner)
    made.values["decision"] = locked
    appeal(decision_id=taken, text="Zanziappeal", actor=author)
    db.session.commit()


@pytest.fixture
def walker():
    """Return what makes something that walks through all pages: `walker(scene)`."""

    def make(made):
        values = made.values
        contents = [values[name] for name in ("inside", "mild", "severe", "hidden", "comment")]
        given = {
            "content_id": contents, "subject_id": contents, "kind": ["content", "comment"],
            "case_id": [values[name] for name in ("case", "severe_case", "hidden_case", "inside_case")],
            "decision_id": [values["decision"], values["appealed"]],
            "act": ["hide", "warn", "nothing"], "code": ["en"], "slug": [values["slug"]],
            "place_id": [values["place_id"]], "handle": [values["handle"]], "person_id": [values["author"]],
            "photo_id": [1], "file_id": [1, values["file"]],
            "waiting_id": [values["waiting"], values["closed_waiting"]],
            "name": ["x"], "key": ["zanzi"], "filename": ["icons.svg"],
            "size": [96],
            "number": [0], "question_id": [values["question"]],
            "visit_id": [values["visit"]], "profile.photo:size": ["medium"], "request_id": [1],
        }  # fmt: skip
        asked = {"end": END, **values}
        queries = {
            endpoint: tuple(query.format(**asked) for query in each) for endpoint, each in QUERIES.items()
        }
        return Walker(made.app, given, queries)

    return make
