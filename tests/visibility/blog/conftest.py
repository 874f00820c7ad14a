"""A leader's blog with everybody in and around it, and all that can be in one."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from parvis.api import Member, db, utcnow
from parvis.testing.plugin import browser
from parvis.testing.portrait import portrait
from parvis.testing.visibility import Snapshot, Walker
from parvis_blog.domain.acknowledge import acknowledge
from parvis_blog.domain.ask import answer, ask, hide_question
from parvis_blog.domain.blog import give_role, open_blog, take_role
from parvis_blog.domain.draft import add_file, ask_review, begin_draft, get_draft_of, remark, save_draft
from parvis_blog.domain.draft import get_draft_for as draft_for
from parvis_blog.domain.feed import make_key
from parvis_blog.domain.publish import publish_draft, schedule
from parvis_blog.domain.read import get_blog_for
from parvis_blog.models import LEADER, Blog
from parvis_social import api as social

COLUMNS = ("reader", "follower", "administrator", "former delegate", "reviewer", "delegate", "author")
"""Who asks, but for who has not signed in."""
OTHERS = ("colleague", "asker", "voice", "kakapo", "takahe", "other leader")
END = 2**53

QUERIES = {
    "blog.directory": ("after=0-9-9",),
    "blog.show": ("before={end}", "month={month}", "series=Wekaseries", "series=zanziseries"),
    "blog.read": (
        "order=reactions", "answered=1", "language=fr", "comment={comment}", "before={end}", "after=1",
        "order=reactions&after=1", "reply={comment}", "language=en&order=reactions&answered=1",
    ),
    "blog.questions": ("show=oldest", "show=answered", "after=9-{end}", "show=answered&after=9-{end}"),
    "blog.mine": ("before={end}",),
    "blog.preview": ("language=fr", "language=en"),
    "blog.file": ("size=small", "size=thumb"),
    "blog.keys": ("blog={slug}",),
    "blog.text": (),
    "social.content": ("comment={comment}", "before={end}", "reply={comment}&quote=1", "quote=1"),
    "social.reactions": ("kind=like", "after=1"),
    "social.feed": ("before={end}",),
    "social.wall": ("all=1", "all=1&before={end}"),
    "social.tag": ("before={end}",),
    "social.notifications": ("unread=1", "before={end}"),
    "social.suggest_tags": ("q=zan", "q=wek"),
    "social.suggest_people": ("q=a", "q=kakapo"),
    "social.file": ("size=small",),
    "search.search": (
        "q=zanzi*", "q=quokka*", "q=weka*", "q=weka*&within=contents&order=new", "q=in:{slug}",
        "q=tag:zanzitag", "q=tag:wekatag", "q=hoiho*", "q=noise",
    ),
}  # fmt: skip
"""Further addresses of a route, by endpoint: whatever its page can be asked for."""


@dataclass
class Scene:
    """A blog, who is what to it, and what is in it; `again()` makes all as it was."""

    app: object
    people: object
    persons: dict = field(default_factory=dict)
    browsers: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)

    def member(self, who):
        """Return somebody as the database has them now."""
        return db.session.get_one(Member, self.persons[who])

    @property
    def blog(self):
        """Return the blog as the database has it now."""
        return db.session.get_one(Blog, self.values["place_id"])

    def keep(self):
        """Remember the database, for `again`."""
        self.kept = Snapshot()

    def again(self):
        """Make the database what it was."""
        self.kept.restore()


@pytest.fixture
def scene(app, people, deliver, index):
    """Give the blog."""
    made = Scene(app, people)
    _people(made)
    _open(made)
    _publish(made)
    _draft(made)
    _ask(made)
    _keys(made)
    deliver()
    take_role(blog=made.blog, person=made.member("former delegate").person, actor=made.member("author"))
    db.session.commit()
    index()
    yield made
    if hasattr(made, "kept"):
        made.kept.close()


def _people(made):
    for who in (*COLUMNS, *OTHERS):
        person = made.people.member(f"{who.title()} Person", administrator=who == "administrator")
        made.persons[who] = person.id
        made.browsers[who] = made.people.browser(person)
    made.browsers["signed out"] = browser(made.app)
    made.browsers["signed out"].get("/login")
    made.values["handles"] = {who: made.member(who).person.handle for who in made.persons}


def _open(made):
    said = {"purpose": "Wekapurpose", "language": "en", "anonymous": True}
    blog = open_blog(
        kind=LEADER, name="Weka", leader=made.member("author").person, actor=made.member("administrator"),
        **said,
    )  # fmt: skip
    for who in ("delegate", "former delegate"):
        person = made.member(who).person
        give_role(blog=blog, person=person, role=social.Role.MODERATOR, actor=made.member("author"))
    other = open_blog(
        kind=LEADER, name="Other", leader=made.member("other leader").person,
        actor=made.member("administrator"), language="en",
    )  # fmt: skip
    for who in COLUMNS:
        if who != "reader":
            social.follow_place(place=blog.place, actor=made.member(who))
    made.values.update(place_id=blog.place_id, slug=blog.place.slug, other=other.place.slug)


def _written(made, **said):
    """Begin a draft with a picture and a file in it, as the delegate does."""
    delegate = made.member("delegate")
    draft = begin_draft(blog=made.blog, actor=delegate)
    save_draft(draft=draft, actor=delegate, version=draft.version, **said)
    return draft


def _attach(made, draft, *files):
    delegate = made.member("delegate")
    return [
        add_file(
            draft=draft, actor=delegate,
            prepared=social.prepare_file(data=data, filename=name, actor=delegate),
        )["id"]
        for name, data in files
    ]  # fmt: skip


def _publish(made):
    delegate, author = made.member("delegate"), made.member("author")
    draft = _written(
        made, title="Wekatitle", source="Wekatext #wekatag", second_title="Wekatitre",
        second_source="Wekatexte", tags="wekalabel", series="Wekaseries", acknowledge=True,
    )  # fmt: skip
    [shown] = _attach(made, draft, ("wekapicture.png", portrait("A", 200)))
    save_draft(
        draft=draft, actor=delegate, version=draft.version, lead_id=shown, lead_alt="Wekaalternative",
        lead_caption="Wekacaption",
    )  # fmt: skip
    article = publish_draft(draft=draft, actor=delegate, version=draft.version)
    comment = social.comment(root=article, text="Wekacomment", actor=made.member("colleague"))
    social.comment(root=article, text="Wekareply", actor=author, parent_id=comment.id)
    hidden = social.comment(root=article, text="Quokkacomment", actor=made.member("colleague"))
    social.hide(comment=hidden, actor=author, reason="Noise")
    acknowledge(content_id=article.id, actor=made.member("kakapo"))
    gone = _written(made, title="Quokkatitle", source="Quokkatext #quokkatag")
    [gone_file] = _attach(made, gone, ("quokkafile.csv", b"quokkabytes"))
    removed = publish_draft(draft=gone, actor=delegate, version=gone.version)
    away = _written(made, title="Quokkaaway", source="Quokkawords #quokkatag", series="Quokkaseries")
    from parvis_social.content.delete import delete, withdraw  # noqa: PLC0415 - what their pages do

    delete(content=removed, actor=author)
    withdrawn = publish_draft(draft=away, actor=delegate, version=away.version)
    social.comment(root=withdrawn, text="Wekaword", actor=made.member("colleague"))
    withdraw(content=withdrawn, reason="Noise", actor=author)
    changed = get_draft_of(author, article.id).draft
    [later] = _attach(made, changed, ("zanzilater.csv", b"zanzibytes"))
    save_draft(
        draft=changed, actor=author, version=changed.version, title="Zanzititle", source="Zanzichange",
        second_source="Zanzichangement", lead_caption="Zanzicaption", tags="zanzilabel",
        series="Zanziseries",
    )  # fmt: skip
    made.values.update(
        article=article.id, comment=comment.id, hidden=hidden.id, removed=removed.id,
        withdrawn=withdrawn.id, changed=changed.id,
        files=[shown, later, gone_file], shown=shown, month=int(f"{utcnow():%Y%m}"), gone=gone.id,
    )  # fmt: skip
    db.session.commit()


def _draft(made):
    delegate, reviewer = made.member("delegate"), made.member("reviewer")
    said = {"source": "Zanzitext #zanzitag", "second_title": "Zanzititre", "second_source": "Zanzitexte"}
    draft = _written(made, title="Zanzidraft", tags="zanzilabel", series="Zanziseries", **said)
    files = _attach(
        made, draft, ("zanzipicture.png", portrait("B", 200)), ("zanzifile.csv", b"zanzibytes")
    )  # fmt: skip
    save_draft(
        draft=draft, actor=delegate, version=draft.version, lead_id=files[0], lead_alt="Zanzialternative",
        lead_caption="Zanzicaption",
    )  # fmt: skip
    scheduled = _written(made, title="Zanzischeduled", source="Zanzilater")
    schedule(
        draft=scheduled, actor=delegate, version=scheduled.version, at=utcnow() + timedelta(days=1),
        timezone="UTC",
    )  # fmt: skip
    changed = draft_for(delegate, made.values["changed"]).draft
    for each in (draft, scheduled, changed):
        ask_review(draft=each, person=reviewer.person, actor=delegate)
        remark(writing=draft_for(reviewer, each.id), text="Zanziremark", actor=reviewer)
    made.values.update(draft=draft.id, scheduled=scheduled.id, draft_files=files)
    made.values["files"] += files
    db.session.commit()


def _ask(made):
    author, asker, nameless = made.member("author"), made.member("asker"), made.member("kakapo")
    view = get_blog_for(asker, made.values["slug"])
    question = ask(view=view, text="Wekaquestion", actor=asker)
    anonymous = ask(
        view=get_blog_for(nameless, made.values["slug"]), text="Wekaanonymous", actor=nameless, anonymous=True
    )
    answered = ask(
        view=get_blog_for(nameless, made.values["slug"]), text="Wekaanswered", actor=nameless, anonymous=True
    )
    answer(question=answered, text="Wekaanswer", actor=author)
    hidden = ask(view=view, text="Quokkaquestion", actor=asker)
    answer(question=hidden, text="Quokkaanswer", actor=author)
    hide_question(question=hidden, reason="Noise", actor=author)
    named = ask(
        view=get_blog_for(made.member("takahe"), made.values["slug"]),
        text="Wekahidden",
        actor=made.member("takahe"),
    )
    hide_question(question=named, reason="Noise", actor=author)
    made.values.update(
        question=question.id, anonymous=anonymous.id, answered=answered.id, hidden_question=hidden.id,
        hidden_asker=named.id,
    )  # fmt: skip
    db.session.commit()


def _keys(made):
    keys = {}
    for who in ("reader", "author"):
        key, secret = make_key(label=f"Hoiho {who}", actor=made.member(who))
        keys[who] = (key.id, secret)
    made.values["keys"] = keys
    db.session.commit()


@pytest.fixture
def walker():
    """Return what makes something that walks through all pages: `walker(scene)`."""

    def make(made):
        values = made.values
        contents = [values[name] for name in ("article", "comment", "hidden", "removed", "withdrawn")]
        given = {
            "content_id": contents,
            "blog.read:content_id": contents,
            "draft_id": [values[name] for name in ("draft", "scheduled", "changed", "gone")],
            "question_id": [
                values[name]
                for name in ("question", "anonymous", "answered", "hidden_question", "hidden_asker")
            ],
            "file_id": values["files"], "name": ["x"], "slug": [values["slug"], values["other"]],
            "place_id": [values["place_id"]], "handle": [values["handles"]["author"]],
            "key": ["zanzitag", "zanzilabel", "quokkatag", "wekatag"],
            "blog.feed:key": [values["keys"]["reader"][1]], "photo_id": [1],
            "request_id": [1], "filename": ["icons.svg"],
            "person_id": [made.persons["colleague"]], "profile.photo:size": ["medium"], "size": [96],
        }  # fmt: skip
        asked = {"end": END, **values}
        queries = {
            endpoint: tuple(query.format(**asked) for query in each) for endpoint, each in QUERIES.items()
        }
        return Walker(made.app, given, queries)

    return make
