"""Who looks after the words: administrators, and whom a group of the directory names."""

import pytest
from parvis.api import db
from parvis.directory.ldap.error import IncompleteRead
from parvis.directory.person import dn_key
from parvis.testing.directory import DirectoryServer, Entry
from parvis_expertise.domain.curator import may_curate, read_curators
from parvis_expertise.models import Curator
from parvis_expertise.plugin import ExpertisePlugin

pytestmark = [pytest.mark.plugins(expertise=ExpertisePlugin), pytest.mark.both_databases]
BASE = "dc=example,dc=org"
MANAGERS = f"cn=community,ou=groups,{BASE}"


def dn(name):
    return f"uid={name},ou=people,{BASE}"


@pytest.fixture
def directory():
    """A directory in whose group of community managers Emma is."""
    people = [
        Entry(dn(name), objectClass="inetOrgPerson", uid=name, cn=name, sn=name) for name in ("emma", "joe")
    ]
    group = Entry(MANAGERS, objectClass="groupOfNames", cn="community", member=[dn("emma")])
    with DirectoryServer([*people, group], base_dn=BASE, anonymous=True) as running:
        yield running


@pytest.fixture
def settings(directory):
    """Name the directory and its group."""
    return {
        "directory": {"servers": [directory.url], "base_dn": BASE, "start_tls": False},
        "plugins.expertise": {"curators_group": MANAGERS},
    }


@pytest.fixture
def known(people):
    """Emma and Joe, as the directory has them."""
    made = {}
    for name in ("emma", "joe"):
        made[name] = people.member(f"{name.title()} Words")
        made[name].person.dn_key = dn_key(dn(name))
    db.session.commit()
    return made


def test_whom_the_group_names_looks_after_the_words_as_long_as_it_does(
    directory, known, people, administrator, skill
):
    def looking(member):
        browser, names = people.browser(member), f"/expertise/words/{skill('Welding').id}"
        pages = [browser.get(path).status_code for path in ("/expertise/words", names)]
        offered = ["Look after the words" in browser.get("/expertise").text]
        return {
            *pages,
            *offered,
            "Names of this skill" in browser.get(f"/expertise/skills/{skill('Welding').id}").text,
        }

    assert (looking(known["emma"]), looking(administrator)) == ({404, False}, {200, True})
    for _twice in range(2):
        read_curators()
        db.session.commit()
    assert (looking(known["emma"]), looking(known["joe"])) == ({200, True}, {404, False})
    directory.change(MANAGERS, member=[dn("joe")])
    read_curators()
    db.session.commit()
    assert (may_curate(known["emma"]), may_curate(known["joe"])) == (False, True)


def test_a_directory_that_does_not_answer_takes_nothing(directory, known):
    read_curators()
    directory.refuse_bind("", 51)
    with pytest.raises(IncompleteRead):
        read_curators()
    assert db.session.scalars(db.select(Curator.person_id)).all() == [known["emma"].id]
