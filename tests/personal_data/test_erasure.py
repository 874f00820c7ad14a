"""Whoever is forgotten is named nowhere: in no column of any table, no index of the search, no file."""

import json
import unicodedata
from html import unescape

import pytest
from parvis.db import db
from parvis.directory.models import Person
from parvis.events import EventRecord
from parvis.identity.models import Member
from parvis.personal_data.request import erase_now
from parvis.profile.change import change_profile
from parvis.profile.models import Profile
from parvis.profile.profile import Said
from parvis.runtime import hooks, runtime
from parvis.search.indexer import index_folder
from parvis_blog.plugin import BlogPlugin
from parvis_expertise.models import Skill
from parvis_expertise.plugin import ExpertisePlugin
from parvis_groups.models import Group, Offer
from parvis_groups.plugin import GroupsPlugin
from parvis_moderation.plugin import ModerationPlugin
from parvis_sample.plugin import SamplePlugin
from parvis_social.api import Content, Place
from parvis_social.plugin import SocialPlugin
from sqlalchemy import MetaData, select

everything = pytest.mark.plugins(
    social=SocialPlugin, groups=GroupsPlugin, blog=BlogPlugin, expertise=ExpertisePlugin,
    moderation=ModerationPlugin,
)  # fmt: skip
CANARIES = ("zanzibelle", "quetzalcoatl", "zqtl", "555-0199")
SKILL = {"expertise_skill.english", "expertise_name.name", "expertise_name.key", "expertise_word.word"}
"""The word they added for what they know, which others may use by now: it stays, without them."""
TABLES = {
    "person", "person_name", "profile", "profile_career", "profile_interest", "profile_photo",
    "directory_run", "social_content", "social_text", "social_version", "social_place", "social_file",
    "social_draft", "social_tag", "social_notification", "groups_group", "groups_word", "groups_request",
    "groups_invitation", "groups_proposal", "groups_ban", "blog_blog", "blog_article", "blog_draft",
    "blog_review", "blog_question", "blog_feed_key", "expertise_endorsement", "expertise_title",
    "moderation_appeal", "moderation_case", "moderation_decision", "moderation_log", "moderation_report",
}  # fmt: skip
"""Where the canaries stand before."""


def on(quick, *, slow):
    """Run a test on one database, and its proof on the other."""
    kinds = [pytest.param(quick), pytest.param(slow, marks=pytest.mark.proof)]
    return pytest.mark.parametrize("database_kind", kinds, indirect=True)


def plain(value):
    """Return anything as it may be searched: JSON undone, case and accents aside."""
    text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    folded = unicodedata.normalize("NFKD", text.encode().decode("unicode_escape", "ignore") + text)
    return "".join(c for c in folded if not unicodedata.combining(c)).casefold()


def in_tables(words):
    """Return where words stand, in any column of any table that the database has."""
    found = set()
    metadata = MetaData()
    metadata.reflect(db.session.connection())
    for table in metadata.sorted_tables:
        for row in db.session.execute(select(table)).mappings():
            found |= {
                f"{table.name}.{column}"
                for column, value in row.items()
                if any(w in plain(value) for w in words)
            }
    return found


def in_files(words):
    """Return the files in the media folder in which words stand, or whose names have them."""
    folder = runtime().config.path.parent / "media"
    files = [path for path in folder.rglob("*") if path.is_file()]
    said = [(path.name, path.name.encode().lower() + path.read_bytes().lower()) for path in files]
    return [name for name, data in said if any(word.encode() in data for word in words)]


def in_index(words):
    """Return the words that begin so in the files of the search index, those of deleted documents too."""
    folder = index_folder()
    place = folder.current()
    engine = folder.engine_of(place).open(place / "engine")
    if folder.engine == "tantivy":
        found = [
            term
            for word in words
            for term, _count in engine.searcher.terms_with_prefix("exact", word, limit=9)
        ]
    else:
        found = [term for word in words for term in engine.searcher.reader().expand_prefix("exact", word)]
    engine.close()
    return found


@pytest.fixture
def erased(scene, deliver, index):
    """Return what erases who leaves: `erased("keep")`; gives the report."""

    def erase(contents):
        index()
        assert {place.partition(".")[0] for place in in_tables(CANARIES)} >= TABLES
        assert [] not in (in_index(("zanzibelle",)), in_files(("wombat",)))
        request = erase_now(person=db.session.get_one(Person, scene.id), contents=contents)
        deliver()
        index()
        return request

    return erase


def looked(*words):
    """Return where words stand: in tables, in files, in the index."""
    return in_tables(words), in_files(words), in_index(words)


@everything
@on("sqlite", slow="postgresql")
def test_what_they_published_stays_and_nothing_names_them(scene, erased, people):
    signed_in, request = people.browser(scene.leaver), erased("keep")
    assert (request.report["left"], looked(*CANARIES)) == ({}, (set(), [], []))
    assert in_tables(("wombatword",)) >= {"social_text.source", "social_content.body_html"}
    assert signed_in.get("/account").location == "/login?next=/account"
    _nothing_is_left_of_the_account(scene)
    _their_group_is_offered_to_others(scene, people)
    _others_read_of_a_former_colleague(scene, people)
    _it_is_told_by_number_alone(scene, request)
    _erasing_again_changes_nothing(scene)


def _nothing_is_left_of_the_account(scene):
    person, handle = db.session.get_one(Person, scene.id), f"former.colleague.{scene.id}"
    assert (person.handle, person.present, db.session.get(Member, scene.id)) == (handle, False, None)
    empty = [column.name for column in Person.__table__.columns if column.nullable]
    assert {name for name in empty if getattr(person, name)} == set()
    assert db.session.scalar(select(Place.slug).where(Place.person_id == scene.id)) == handle
    assert db.session.get_one(Skill, scene.ids["skill"]).people_count == 0


def _their_group_is_offered_to_others(scene, people):
    group = db.session.get_one(Group, scene.ids["group"])
    offered = db.session.scalars(select(Offer.person_id).where(Offer.place_id == group.place_id)).all()
    assert (group.place.name, group.orphaned_at is not None) == ("Fans of a former colleague", True)
    assert offered == [scene.friend.id]
    found = people.browser(scene.again(scene.boss)).get("/groups?q=former+colleague").text
    assert "Fans of a former colleague" in found


def _others_read_of_a_former_colleague(scene, people):
    shown = people.browser(scene.again(scene.friend)).get(f"/contents/{scene.ids['post']}").text
    assert "Kiwiword, a former colleague (a former colleague), see" in shown
    assert ("Thank you, a former colleague!" in shown, ">Former colleague</a>" in shown) == (True, True)
    french = people.browser(scene.again(scene.boss))
    french.post("/language", data={"language": "fr"})
    assert ">Ancien collègue</a>" in unescape(french.get(f"/contents/{scene.ids['post']}").text)


def _it_is_told_by_number_alone(scene, request):
    newest = db.session.scalar(select(EventRecord).order_by(EventRecord.id.desc()).limit(1))
    assert (newest.kind, newest.person_id) == ("core.person_erased", scene.id)
    assert (request.report["media_keys"], request.done_at is not None) == ([], True)


def _erasing_again_changes_nothing(scene):
    before = {each.id: each.body_html for each in db.session.scalars(select(Content))}
    report = erase_now(person=db.session.get_one(Person, scene.id), contents="keep").report
    after = {each.id: each.body_html for each in db.session.scalars(select(Content))}
    assert (report["changed"], report["files"], before == after) == ({}, 0, True)


@everything
@pytest.mark.proof
@pytest.mark.both_databases
@pytest.mark.settings(search={"engine": "tantivy"})
def test_what_they_published_goes_and_where_others_wrote_a_mark_stays(scene, erased, people):
    request = erased("remove")
    assert (request.report["left"], looked(*CANARIES, "wombat")) == ({}, (SKILL, [], []))
    reader = people.browser(scene.again(scene.friend))
    kept, answered = (reader.get(f"/contents/{scene.ids[name]}").text for name in ("post", "theirs"))
    assert ("its author left" in kept, "Kiwiword" in kept, "Kiwireply" in answered) == (True, True, True)
    assert (answered.count("This comment was removed."), "2 comments" in kept) == (1, True)
    assert reader.get(f"/contents/{scene.ids['quiet']}").status_code == 404
    article = reader.get(f"/blogs/articles/{scene.ids['article']}", follow_redirects=True).text
    assert ("its author left" in article, "Kiwicomment" in article) == (True, True)
    feed, found = reader.get("/").text, reader.get("/search?q=kiwicomment").text
    assert ("Kiwiwall" in feed, "ombat" in feed, "<mark>Kiwicomment</mark>" in found) == (True, False, True)


def says(member, about):
    change_profile(actor=member, said=Said(about=about))
    db.session.commit()


def said_by(member):
    return db.session.scalar(select(Profile.about).where(Profile.person_id == member.id))


def test_a_name_that_a_colleague_bears_too_stays_in_texts_and_is_reported(app, people, member):
    leaver, _namesake = people.member("Rose Martin"), people.member("Rose Martin")
    says(member, "Rose Martin (@rose.martin, not @rose.martin2)")
    report = erase_now(person=leaver.person, contents="keep").report
    assert said_by(member) == "Rose Martin (a former colleague, not @rose.martin2)"
    assert report["left"] == {"profile.about": 1, "profile.about_html": 1}


ONE = "a former colleague"
NAMED = [
    ("Rose", "A rose for @rose. /people/rose", f"A rose for {ONE}. /people/former.colleague.2"),
    ("Anne O'Neil", "anne o’neil, ANNE O'NEIL, not Joanne O'Neil", f"{ONE}, {ONE}, not Joanne O'Neil"),
    ("Max Power", "Max  Power, Power Max, max@power.example", f"{ONE}, {ONE}, {ONE}"),
]
"""A name, what is said of it, and what that says afterwards."""


@pytest.mark.parametrize(("name", "said", "left"), NAMED)
def test_only_what_means_the_person_is_taken_out(app, people, member, name, said, left):
    leaver = people.member(name, mail="max@power.example")
    says(member, said)
    erase_now(person=leaver.person, contents="keep")
    assert said_by(member) == left


@pytest.mark.plugins(sample=SamplePlugin)
def test_what_a_plugin_keeps_that_is_switched_off_is_named(app, people, monkeypatch):
    leaver = people.member("Rose Martin")
    monkeypatch.setattr(type(hooks()), "active", [])
    assert erase_now(person=leaver.person, contents="keep").report["off"] == ["sample"]
