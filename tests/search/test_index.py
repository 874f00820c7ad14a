"""The index follows the event log, and whatever is wrong with it, it is made anew while the site stays up."""

import json
import shutil
import subprocess
import sys
import textwrap

import pytest
from parvis.db import db
from parvis.directory.event import PersonAdded, PersonChanged, PersonLeft
from parvis.directory.models import Person
from parvis.events import EventRecord, record
from parvis.profile.change import change_profile
from parvis.profile.profile import Said
from parvis.search.finder import find
from parvis.search.folder import IndexAway, IndexBusy
from parvis.search.indexer import Indexer, index_folder
from parvis.search.reader import index_reader
from parvis.search.status import search_status

# Whoosh leaves a file open where it meets with a garbled one; it is closed when it is thrown away.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
ENGINES = [
    pytest.param(engine, marks=pytest.mark.settings(search={"engine": engine}))
    for engine in ("whoosh", "tantivy")
]
on_both_engines = pytest.mark.parametrize("engine", ENGINES)


def found(viewer, typed):
    """Return the titles of what somebody finds; `away` if there is no index."""
    results = find(viewer, typed)
    return "away" if results.away else [result.hit.title for result in results.results]


def added(people, name, **columns):
    person = people.person(name, **columns)
    record(PersonAdded(person=person.id))
    db.session.commit()
    return person


@on_both_engines
@pytest.mark.both_databases
def test_an_index_is_made_and_follows_what_happens(engine, member, people, index):
    person = added(people, "Hélène Dupont", title="Chemist")
    index()
    assert (found(member, "helene"), found(member, "chemist")) == (["Hélène Dupont"], ["Hélène Dupont"])
    person.title = "Baker"
    record(PersonChanged(person=person.id))
    index()
    assert (found(member, "chemist"), found(member, "baker")) == ([], ["Hélène Dupont"])
    person.present = False
    record(PersonLeft(person=person.id))
    index()
    assert found(member, "baker") == []


@on_both_engines
def test_who_left_does_not_show_though_the_index_does_not_know_yet(engine, member, people, index):
    person = added(people, "Hélène Dupont")
    index()
    person.present = False
    db.session.commit()
    assert found(member, "helene") == []


def test_people_are_found_by_name_while_there_is_no_index(member, people):
    added(people, "Hélène Dupont", title="Chemist")
    results = find(member, "helene")
    assert (results.away, [result.hit.title for result in results.results]) == (True, ["Hélène Dupont"])


def damage_everything(place, change):
    for path in (place / "engine").rglob("*"):
        if path.is_file() and path.stat().st_size:
            change(path)


def truncate(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def garble(path):
    path.write_bytes(bytes(byte ^ 0x55 for byte in path.read_bytes()))


def other_version(place):
    (place / "parvis.json").write_text(json.dumps({"engine": "whoosh", "sources": [], "schema": 0}))


FAULTS = {
    "deleted": lambda place: shutil.rmtree(place),
    "files deleted": lambda place: damage_everything(place, lambda path: path.unlink()),
    "truncated": lambda place: damage_everything(place, truncate),
    "garbled": lambda place: damage_everything(place, garble),
    "of another version": other_version,
    "without its facts": lambda place: (place / "parvis.json").unlink(),
}


@on_both_engines
@pytest.mark.parametrize("fault", FAULTS)
def test_an_index_that_is_not_sound_is_made_anew_and_the_site_stays_up(engine, fault, member, people, index):
    added(people, "Hélène Dupont")
    index()
    FAULTS[fault](index_folder().current())
    index_reader().look_again()
    found(member, "helene")
    Indexer(index_folder()).step()
    index_reader().look_again()
    assert found(member, "helene") == ["Hélène Dupont"]


@on_both_engines
def test_a_writer_that_has_an_index_open_whose_files_are_cut_off_makes_it_anew(engine, member, people):
    added(people, "Hélène Dupont")
    indexer = Indexer(index_folder())
    indexer.step()  # it is made
    indexer.step()  # and opened
    place = index_folder().current()
    damage_everything(place, truncate)
    indexer.step()
    indexer.close()
    assert (index_folder().current() == place, found(member, "helene")) == (False, ["Hélène Dupont"])


@on_both_engines
def test_one_garbled_segment_is_noticed_though_it_can_be_opened(engine, member, people, index):
    added(people, "Hélène Dupont")
    index()
    place = index_folder().current()
    largest = max((place / "engine").iterdir(), key=lambda path: path.stat().st_size)
    content = bytearray(largest.read_bytes())
    content[len(content) // 3] ^= 0xFF
    largest.write_bytes(content)
    Indexer(index_folder()).step()
    assert (index_folder().current() == place, (index_folder().root / "damaged").exists()) == (False, True)


def test_an_index_of_another_engine_is_used_until_the_right_one_is_made(app, member, people, index):
    added(people, "Hélène Dupont")
    index()
    folder = index_folder()
    folder.engine = "tantivy"
    app.extensions["parvis"].config.search.__dict__["engine"] = "tantivy"
    assert found(member, "helene") == ["Hélène Dupont"]
    Indexer(folder).step()
    index_reader().look_again()
    assert (folder.facts(folder.current()).engine, found(member, "helene")) == ("tantivy", ["Hélène Dupont"])


def test_an_index_of_another_database_is_made_anew(member, people, index):
    added(people, "Hélène Dupont")
    index()
    place = index_folder().current()
    db.session.execute(
        db.update(EventRecord).values(at=db.select(Person.created_at).limit(1).scalar_subquery())
    )
    index()
    assert index_folder().current() != place


def test_one_writes_at_a_time_and_the_others_wait_their_turn(app, people, index):
    index()
    holding = f"import fcntl, sys; f = open({str(index_folder().root / 'lock')!r}, 'w')\n"
    holding += "fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(holding)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        other.stdout.readline()
        added(people, "Hélène Dupont")
        indexer = Indexer(index_folder())
        assert indexer.step() == 0
        with pytest.raises(IndexBusy):
            indexer.rebuild()
        other.kill()
    assert indexer.step() == 1
    indexer.close()


def test_a_rebuild_tells_how_far_it_is_and_leaves_one_index(app, people, index):
    added(people, "Hélène Dupont")
    index()
    told = []
    count = Indexer(index_folder()).rebuild(lambda *progress: told.append(progress))
    assert (count, told) == (1, [(1, None, "Person")])
    Indexer(index_folder()).rebuild()
    assert len([*index_folder().root.glob("index-*")]) == 2  # the one in use, and the one before it


@on_both_engines
def test_how_far_behind_the_index_is_can_be_told(engine, app, people, index):
    index()
    assert (search_status().problem, search_status().lag.events) == ("", 0)
    added(people, "Hélène Dupont")
    added(people, "Anne Dupont")
    assert search_status().lag.events == 2
    index()
    assert search_status().lag.events == 0


def test_why_there_is_no_index_can_be_told(app):
    assert search_status().problem == "there is no index yet: the worker makes it"
    with pytest.raises(IndexAway):
        index_folder().version()


def test_what_somebody_says_of_themselves_is_quoted_as_it_is_read_not_as_it_was_typed(member, other, index):
    change_profile(
        actor=member, said=Said(about="I built **bridges** in *Quebec*, and [more](https://e.org).")
    )
    db.session.commit()
    index()
    (result,) = find(other, "quebec").results
    assert result.excerpt == "I built bridges in <mark>Quebec</mark>, and more."


def test_what_somebody_hides_of_their_profile_is_not_found(member, other, people, index, member_client):
    member_client.get("/profile")
    change_profile(
        actor=member,
        said=Said(headline="Knows Zanzibar", about="Speaks of Quebec", hidden=frozenset({"about"})),
    )
    db.session.commit()
    index()
    assert (found(other, "zanzibar"), found(other, "quebec")) == ([member.person.display_name], [])
