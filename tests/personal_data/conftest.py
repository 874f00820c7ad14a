"""Somebody with contents everywhere, whose names stand wherever a name can."""

from datetime import timedelta

import pytest
from parvis.db import db, utcnow
from parvis.directory.event import PersonChanged
from parvis.directory.models import DirectoryRun
from parvis.events import record
from parvis.identity.models import Member
from parvis.profile.change import change_profile
from parvis.profile.photo import add_photo, prepare_photo
from parvis.profile.profile import Link, Period, Said
from parvis.runtime import runtime
from parvis.testing.portrait import portrait
from parvis_blog.domain.acknowledge import acknowledge
from parvis_blog.domain.ask import answer, ask
from parvis_blog.domain.blog import give_role, open_blog
from parvis_blog.domain.draft import ask_review, begin_draft, get_draft_for, remark, save_draft
from parvis_blog.domain.feed import make_key
from parvis_blog.domain.publish import publish_draft, schedule
from parvis_blog.domain.read import get_blog_for
from parvis_blog.models import LEADER
from parvis_expertise.domain.declare import declare
from parvis_expertise.domain.endorse import ask_colleague, endorse
from parvis_expertise.models import Declaration
from parvis_groups.domain.create import create_group
from parvis_groups.domain.invitation import invite
from parvis_groups.domain.membership import ban
from parvis_groups.domain.proposal import propose
from parvis_groups.domain.request import ask as ask_to_join
from parvis_moderation.domain.appeal import appeal
from parvis_moderation.domain.charter import accept_charter, publish_charter
from parvis_moderation.domain.decide import decide, move
from parvis_moderation.domain.report import report
from parvis_moderation.models import Act, Desk
from parvis_social import api as social
from parvis_social.content.draft import keep_draft
from parvis_social.content.edit import edit
from parvis_social.place.follow import follow_person, follow_tag

NAME = "Zanzibelle Quetzalcóatl"


class Scene:
    """Who leaves, two colleagues, and what was published."""

    def __init__(self, people):
        self.people = people
        contact = {"mail": "zqtl@company.example", "phone": "555-0199", "dn": f"cn={NAME},dc=example"}
        self.leaver = people.member(NAME, title="Zanzibelle's title", username="zqtl", **contact)
        self.friend, self.boss = people.member("Ada Friend"), people.member("Bob Boss")
        self.carla = people.member("Carla Administrator", administrator=True)
        self.at = f"@{self.leaver.person.handle}"
        self.id = self.leaver.id
        self.ids = {}

    def again(self, member):
        """Return a member as the present session has them."""
        return db.session.get_one(Member, member.id)


@pytest.fixture
def scene(app, people, deliver):
    """Give somebody who did everything that can be done, and of whom others spoke."""
    made = Scene(people)
    _profile(made)
    _conversations(made)
    _groups(made)
    _blog(made)
    _expertise(made)
    _moderation(made)
    db.session.add(DirectoryRun(report=f'{{"added": ["{NAME}"]}}', outcome="written", ended_at=utcnow()))
    people.browser(made.leaver)
    record(PersonChanged(person=made.id))
    deliver()
    return made


def _profile(made):
    me = made.leaver
    change_profile(
        actor=me,
        said=Said(
            headline=f"I am {NAME}", about=f"Write to {NAME}", career=[Period(f"{NAME} & Co")],
            interests=["zanzibelle"], links=[Link(NAME, "https://zqtl.example")],
        ),
    )  # fmt: skip
    prepared = prepare_photo(data=portrait("Z", 200), filename="zanzibelle.jpg", actor=me)
    add_photo(actor=me, prepared=prepared, alternative=f"{NAME} at sea")
    change_profile(actor=made.friend, said=Said(about=f"I work with {NAME}. Ask {made.at}!"))
    key = "photos/aa/directory.jpg"
    runtime().media.put(key.replace(".jpg", "-96.jpg"), b"face")
    me.person.directory_photo_key = key
    db.session.commit()


def _file(actor, name, data=b"wombatbytes"):
    return social.keep_file(
        prepared=social.prepare_file(data=data, filename=name, actor=actor), actor=actor, alternative=name
    )


def _conversations(made):
    me, friend, at = made.leaver, made.friend, made.at
    wall, own = social.wall_of(friend.person), social.wall_of(me.person)
    files = [_file(me, f"{NAME}.csv").id, _file(me, "zanzibelle quetzalcoatl.png", portrait("P", 200)).id]
    post = social.post(place=wall, text=f"Wombatword by {NAME}", actor=me, files=files)
    edit(content=post, text=f"Wombatword again by {NAME}", actor=me, version=post.version)
    quiet = social.post(place=own, text="Wombatquiet #zanzibelle-quetzalcoatl", actor=me)
    said = social.comment(
        root=post, text=f"Kiwiword, {at} ({at.upper()}), [see](/people/{at[1:]})", actor=friend
    )
    social.comment(root=post, text=f"Thank you, {NAME.upper()}!", actor=made.boss, parent_id=said.id)
    theirs = social.post(
        place=wall,
        text=f"{NAME} and {at}",
        actor=friend,
        files=[_file(friend, f"for {NAME}.csv", b"kiwibytes").id],
    )
    edit(content=theirs, text=f"Kiwipost for {NAME} and {at}.", actor=friend, version=theirs.version)
    reply = social.comment(root=theirs, text="Wombatanswer", actor=me)
    alone = social.comment(root=theirs, text="Wombatalone", actor=me)
    social.comment(root=theirs, text=f"Kiwireply {at}", actor=friend, parent_id=reply.id)
    social.post(place=own, text="Kiwiwall", actor=friend)
    social.react(content=theirs, kind="like", actor=me)
    social.bookmark(content=theirs, actor=me)
    keep_draft(place=wall, source=f"Begun by {NAME}", actor=me)
    keep_draft(place=wall, source=f"About {NAME}", actor=friend)
    follow_person(person=me.person, actor=friend)
    follow_person(person=friend.person, actor=me)
    follow_tag(tag=social.get_tag_for(me, "zanzibelle-quetzalcoatl"), actor=me)
    _file(me, f"{NAME} waits.csv")
    made.ids.update(post=post.id, quiet=quiet.id, theirs=theirs.id, reply=reply.id, alone=alone.id)
    db.session.commit()


def _groups(made):
    me, friend, boss = made.leaver, made.friend, made.boss
    own = create_group(
        name=f"Fans of {NAME}", purpose=f"What {NAME} says", description=f"Ask {made.at}", actor=me,
        second_name=f"Amis de {NAME}", languages=["en", "fr"],
    )  # fmt: skip
    social.add_member(place=own.place, person_id=friend.id, actor=friend)
    social.post(place=own.place, text="Wombatgroup", actor=me)
    closed = create_group(name="Kiwi club", purpose="Kiwis", actor=boss, access="closed")
    ask_to_join(group=closed, message=f"{NAME} would like to come", actor=me)
    invite(group=own, people=[boss.id], message=f"Come, says {NAME}", actor=me)
    invite(group=closed, people=[me.id], message=f"Come, {NAME}", actor=boss)
    propose(group=closed, text=f"A topic of {NAME}", actor=me)
    ban(group=own, person_id=made.carla.id, reason=f"{NAME} says so", actor=me)
    made.ids.update(group=own.place_id, closed=closed.place_id)
    db.session.commit()


def _blog(made):
    me, friend, boss = made.leaver, made.friend, made.boss
    blog = open_blog(
        kind=LEADER, name=f"{NAME}'s blog", purpose=f"{NAME} thinks", leader=me.person, actor=made.carla,
        language="en", anonymous=True,
    )  # fmt: skip
    give_role(blog=blog, person=friend.person, role=social.Role.MODERATOR, actor=me)
    said = {
        "title": f"Wombattitle of {NAME}",
        "source": f"Wombatarticle, says {NAME}",
        "series": f"By {NAME}",
    }
    article = _published(blog, me, **said)
    social.comment(root=article, text=f"Kiwicomment to {made.at}", actor=friend)
    acknowledged = _published(blog, me, title="Wombatread", source="Wombattext", acknowledge=True)
    acknowledge(content_id=acknowledged.id, actor=me)
    later = _drafted(blog, me, title=f"Draft of {NAME}", source="Later")
    schedule(draft=later, actor=me, version=later.version, at=utcnow() + timedelta(days=1), timezone="UTC")
    other = open_blog(kind=LEADER, name="Bob's blog", leader=boss.person, actor=made.carla, anonymous=True)
    draft = _drafted(other, boss, title=f"On {NAME}", source=f"For {made.at}")
    ask_review(draft=draft, person=me.person, actor=boss)
    remark(writing=get_draft_for(me, draft.id), text=f"Good, says {NAME}", actor=me)
    view, own = get_blog_for(me, other.place.slug), get_blog_for(boss, blog.place.slug)
    ask(view=view, text=f"Wombatquestion by {NAME}", actor=me)
    answered = ask(view=view, text="Wombatasked", actor=me, anonymous=True)
    answer(question=answered, text=f"Dear {NAME}, kiwianswer", actor=boss)
    asked = ask(view=own, text=f"Kiwiquestion to {NAME}", actor=boss)
    answer(question=asked, text="Wombatreply", actor=me)
    make_key(label=f"Key of {NAME}", actor=me)
    made.ids.update(article=article.id, read=acknowledged.id, blog=blog.place_id, asked=asked.id)
    db.session.commit()


def _drafted(blog, actor, **said):
    draft = begin_draft(blog=blog, actor=actor)
    return save_draft(draft=draft, actor=actor, version=draft.version, **said)


def _published(blog, actor, **said):
    draft = _drafted(blog, actor, **said)
    return publish_draft(draft=draft, actor=actor, version=draft.version)


def _expertise(made):
    me, friend = made.leaver, made.friend
    declare(said={"expert": "Wombats"}, actor=me)
    declare(said={"expert": "Kiwis"}, actor=friend)
    db.session.flush()
    of = {row.person_id: row.skill_id for row in db.session.scalars(db.select(Declaration))}
    endorse(person=me.person, skill_id=of[me.id], note=f"With {NAME}, at sea", actor=friend)
    endorse(person=friend.person, skill_id=of[friend.id], note=f"{NAME} was there", actor=me)
    ask_colleague(colleague=made.boss.person, skill_id=of[me.id], actor=me)
    ask_colleague(colleague=me.person, skill_id=of[friend.id], actor=friend)
    made.ids.update(skill=of[me.id])
    db.session.commit()


def _moderation(made):
    me, friend, carla = made.leaver, made.friend, made.carla
    charter = publish_charter(french="Oui", english="Yes", actor=None)
    for member in (me, friend, made.boss, carla):
        accept_charter(version=charter.version, actor=member)
    case, _new = report(
        kind="content", subject_id=made.ids["post"], reason="hurtful", note=f"{NAME}!", actor=friend
    )
    report(kind="content", subject_id=made.ids["theirs"], reason="other", note=f"Says {NAME}", actor=me)
    move(case_id=case.id, desk=Desk.MANAGERS, reason=f"It is {NAME}", actor=carla)
    warned = decide(case_id=case.id, act=Act.WARN, reason="hurtful", text=f"Dear {NAME}", actor=carla)
    appeal(decision_id=warned.id, text=f"Wombatappeal of {NAME}", actor=me)
    db.session.commit()
