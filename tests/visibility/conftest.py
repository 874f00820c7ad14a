"""A group with everybody in and around it, and all that can be in one."""

from dataclasses import dataclass, field
from functools import partial

import pytest
from parvis.api import db
from parvis.application.factory import create_app
from parvis.manager import PluginManager
from parvis.testing.plugin import browser, make_config
from parvis.testing.portrait import portrait
from parvis.testing.visibility import Snapshot, Walker

COLUMNS = (
    "stranger", "invited", "banned", "left", "administrator", "member", "author", "moderator", "owner",
)  # fmt: skip
"""Who asks, but for who has not signed in."""
OUTSIDE = ("stranger", "invited", "banned", "left", "administrator")

INSIDE, NAME = "zanzi", "quokka"
"""How the words begin that stand only in what is published in the group, and in what it is called."""
END = 2**53

QUERIES = {
    "social.content": ("comment={comment}", "before={end}", "after=1", "reply={comment}&quote=1", "quote=1"),
    "social.reactions": ("kind=like", "after=1"),
    "social.feed": ("before={end}",),
    "social.wall": ("all=1", "all=1&before={end}", "before={end}"),
    "social.tag": ("before={end}",),
    "social.kept": ("before={end}",),
    "social.notifications": ("unread=1", "before={end}", "unread=1&before={end}"),
    "social.follows": ("after=1", "name=a&places=1"),
    "social.suggest_tags": ("q=zan",),
    "social.suggest_people": ("q=a", "q=kiwi"),
    "social.file": ("size=small",),
    "groups.directory": (
        "tab=mine", "tab=suggested", "tab=new", "tab=active", "q=kiwi", "q=quok", "tag=kiwi", "theme=work",
        "tab=active&after=", "tab=new&after=9",
    ),
    "groups.similar": ("name=Kiwi+club&purpose=kiwi&tags=kiwi",),
    "groups.show": ("order=active", "before={end}", "order=active&before={end}"),
    "groups.members": ("q=a", "after=1", "q=kiwi"),
    "groups.files": ("show=files", "before={end}", "show=files&before={end}"),
    "groups.access": ("access=open", "access=closed", "access=secret"),
    "groups.merge": ("q=kiwi", "q=quok", "into={slug}", "into=kiwi-garden"),
    "groups.ownerless": ("after=1",),
    "profile.people": ("q=a", "q=kiwi"),
    "search.search": (
        "q=zan*", "q=quok*", "q=kiwi", "q=zan*&within=contents&order=new", "q=zan*&kind=social:post",
        "q=zan*&kind=social:comment", "q=tag:kiwi", "q=from:author.person", "q=zan&suggest=1",
    ),
}  # fmt: skip
"""Further addresses of a route, by endpoint: whatever its page can be asked for."""


@dataclass
class Scene:
    """A group, who is what to it, and what is in it; `again()` makes all as it was."""

    app: object
    people: object
    access: str
    persons: dict = field(default_factory=dict)
    browsers: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)

    def member(self, who):
        """Return somebody as the database has them now."""
        from parvis.api import Member  # noqa: PLC0415 - as all of social: only where the plugins are on

        return db.session.get_one(Member, self.persons[who])

    @property
    def group(self):
        """Return the group as the database has it now."""
        from parvis_groups.models import Group  # noqa: PLC0415

        return db.session.get_one(Group, self.values["place_id"])

    def keep(self):
        """Remember the database, for `again`."""
        self.kept = Snapshot()

    def again(self):
        """Make the database what it was."""
        self.kept.restore()


@pytest.fixture
def scene(app, people, deliver, index):
    """Return what makes the group: `scene("closed")`."""
    kept = []

    def make(access):
        made = Scene(app, people, access)
        kept.append(made)
        _people(made)
        _group(made)
        _contents(made)
        deliver()
        _leave(made)
        db.session.commit()
        index()
        return made

    yield make
    for made in kept:
        if hasattr(made, "kept"):
            made.kept.close()


def _people(made):
    roles = (*COLUMNS, "keeper", "colleague", "asker", "newcomer", "neighbour")
    for who in roles:
        person = made.people.member(f"{who.title()} Person", administrator=who == "administrator")
        made.persons[who] = person.id
        made.browsers[who] = made.people.browser(person)
    made.browsers["signed out"] = browser(made.app)
    made.browsers["signed out"].get("/login")


def _group(made):
    from parvis_groups.domain.create import create_group  # noqa: PLC0415
    from parvis_groups.domain.membership import set_role  # noqa: PLC0415
    from parvis_social.api import add_member  # noqa: PLC0415

    owner = made.member("owner")
    hidden = made.access == "secret"
    name = "Kiwi Quokkaclub" if hidden else "Kiwi club"
    group = create_group(
        name=name, purpose="Kiwi quokkapurpose" if hidden else "Kiwi", actor=owner,
        description="Kiwi quokkadescription" if hidden else "", tags=["kiwi"], access=made.access,
    )  # fmt: skip
    for who in ("member", "author", "moderator", "keeper", "colleague", "banned", "left"):
        add_member(place=group.place, person_id=made.persons[who], actor=made.member(who), level="all")
    set_role(group=group, person_id=made.persons["moderator"], role="moderator", actor=owner)
    set_role(group=group, person_id=made.persons["keeper"], role="owner", actor=owner)
    group.place.picture_key = _picture(owner)
    garden = create_group(name="Kiwi garden", purpose="Kiwi", actor=made.member("neighbour"), tags=["kiwi"])
    for who in (*OUTSIDE, "member"):
        add_member(place=garden.place, person_id=made.persons[who], actor=made.member(who))
        set_role(group=garden, person_id=made.persons[who], role="owner", actor=made.member("neighbour"))
    made.values.update(place_id=group.place_id, slug=group.place.slug, garden=garden.place.slug)
    db.session.commit()


def _picture(owner):
    from parvis_groups.picture import keep_picture, prepare_picture  # noqa: PLC0415

    return keep_picture(prepare_picture(data=portrait("Kiwi", 200), filename="us.jpg", actor=owner))


def _contents(made):
    from parvis_social import api as social  # noqa: PLC0415
    from parvis_social.content.draft import keep_draft  # noqa: PLC0415

    author, place = made.member("author"), made.group.place
    files = [
        social.keep_file(
            prepared=social.prepare_file(data=data, filename=name, actor=author), actor=author,
            alternative="zanzialternative",
        )
        for name, data in (("zanzipicture.png", portrait("A", 200)), ("zanzifile.csv", b"zanzibytes"))
    ]  # fmt: skip
    mentions = " ".join(f"@{made.member(who).person.handle}" for who in (*OUTSIDE, "member"))
    post = social.post(
        place=place, text=f"Kiwi zanzipost #zanzitag {mentions}", actor=author, files=[f.id for f in files]
    )
    comment = social.comment(root=post, text=f"Kiwi zanzicomment {mentions}", actor=author)
    reply = social.comment(root=post, text="zanzireply", actor=author, parent_id=comment.id)
    deleted = social.post(place=place, text="zanzideleted", actor=author)
    pinned = social.post(place=place, text="zanzipinned", actor=author)
    social.pin(content=pinned, actor=made.member("owner"))
    for who in ("left", "banned", "member"):
        social.react(content=post, kind="like", actor=made.member(who))
        social.bookmark(content=post, actor=made.member(who))
        social.comment(root=post, text=f"zanziword of {who}", actor=made.member(who))
    keep_draft(place=place, source="zanzidraft", actor=author)
    for name, who in (("waiting", made.member("member")), ("waits", author)):
        words = {"source": "zanziwaiting", "body_html": "<p>zanziwaiting</p>", "answer": "zanzianswer"}
        waiting = social.Waiting(place_id=place.id, author_id=who.id, **words)
        db.session.add(waiting)
        db.session.flush()
        made.values[name] = waiting.id
    for who in OUTSIDE:
        db.session.add(social.PersonFollow(person_id=made.persons[who], followed_id=author.id))
    made.values.update(
        post=post.id, comment=comment.id, reply=reply.id, deleted=deleted.id, pinned=pinned.id,
        files=[(file.id, file.name) for file in files], tag="zanzitag",
        handles={who: made.member(who).person.handle for who in made.persons},
    )  # fmt: skip
    db.session.commit()


def _leave(made):
    from parvis_groups.domain.invitation import invite  # noqa: PLC0415
    from parvis_groups.domain.membership import ban, leave  # noqa: PLC0415
    from parvis_social.content.delete import delete  # noqa: PLC0415
    from parvis_social.content.models import Content  # noqa: PLC0415

    group, owner = made.group, made.member("owner")
    ban(group=group, person_id=made.persons["banned"], reason="Noise", actor=owner)
    leave(group=group, actor=made.member("left"))
    delete(content=db.session.get_one(Content, made.values["deleted"]), actor=made.member("author"))
    invite(group=group, people=[made.persons["invited"]], message="Come", actor=owner)


@pytest.fixture
def with_only(tmp_path, enabled_plugins):
    """Return what starts another app on the same database and files, with some plugins only."""

    def start(*names):
        chosen = {name: enabled_plugins[name] for name in names}
        config = make_config(tmp_path, str(db.engine.url), plugins=chosen)
        manager = PluginManager({name: partial(lambda plugin: plugin, each) for name, each in chosen.items()})
        manager.find(config.enabled)
        app = create_app(config, manager, safe_mode=False, overrides={"TESTING": True})
        assert {name: state.status for name, state in manager.states.items()} == dict.fromkeys(
            names, "active"
        )
        return app

    return start


@pytest.fixture
def walker():
    """Return what makes something that walks through all pages: `walker(scene)`."""

    def make(made):
        values = made.values
        given = {
            "content_id": [values["post"], values["comment"], values["deleted"], values["pinned"]],
            "file_id": [number for number, _name in values["files"]],
            "name": ["x"], "slug": [values["slug"], values["garden"]], "place_id": [values["place_id"], 0],
            "handle": [values["handles"][who] for who in ("owner", "author", "left")],
            "key": [values["tag"]], "person_id": [made.persons["colleague"]], "photo_id": [1],
            "request_id": [1],
            "filename": ["icons.svg"], "size": [96], "profile.photo:size": ["medium"],
        }  # fmt: skip
        asked = {"end": END, **values}
        queries = {
            endpoint: tuple(query.format(**asked) for query in each) for endpoint, each in QUERIES.items()
        }
        return Walker(made.app, given, queries)

    return make
