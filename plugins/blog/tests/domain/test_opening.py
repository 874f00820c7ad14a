"""Who opens a blog, and for whom; who says what it is and who writes in it."""

import pytest
from parvis.api import Invalid, NotAllowed, db
from parvis.directory.ldap.error import IncompleteRead
from parvis.directory.person import dn_key
from parvis.testing.directory import DirectoryServer, Entry
from parvis_blog.domain.blog import (
    change_blog,
    close_blog,
    give_role,
    kinds_for,
    main_blog,
    make_main,
    open_blog,
    take_role,
    writers_of,
)
from parvis_blog.domain.leader import read_leaders
from parvis_blog.models import LEADER, PERSONAL, TEAM, Blog, Leader
from parvis_blog.plugin import BlogPlugin
from parvis_social.api import Role
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, blog=BlogPlugin)

BASE = "dc=example,dc=org"
LEADERS, BOARD = f"cn=leaders,ou=groups,{BASE}", f"cn=board,ou=groups,{BASE}"


def dn(name):
    return f"uid={name},ou=people,{BASE}"


def group(at, *members):
    return Entry(at, objectClass="groupOfNames", cn=at.partition(",")[0][3:], member=list(members))


@pytest.fixture
def directory():
    """A directory in which Emma leads, and the board by a group within the group."""
    people = [
        Entry(dn(name), objectClass="inetOrgPerson", uid=name, cn=name, sn=name)
        for name in ("emma", "bea", "joe")
    ]
    groups = [group(LEADERS, dn("emma"), BOARD), group(BOARD, dn("bea"))]
    with DirectoryServer([*people, *groups], base_dn=BASE, anonymous=True) as running:
        yield running


@pytest.fixture
def known(people):
    """Emma, Bea and Joe, as the directory has them."""
    made = {}
    for name in ("emma", "bea", "joe"):
        made[name] = people.member(f"{name.title()} Board")
        made[name].person.dn_key = dn_key(dn(name))
    db.session.commit()
    return made


@pytest.fixture
def settings(request):
    """Name the directory and its group of leaders, where a test has a directory."""
    if "directory" not in request.fixturenames:
        mark = request.node.get_closest_marker("settings")
        return dict(mark.kwargs) if mark else {}
    server = request.getfixturevalue("directory")
    return {
        "directory": {"servers": [server.url], "base_dn": BASE, "start_tls": False},
        "plugins.blog": {"leaders_group": LEADERS},
    }


def leads(known):
    db.session.expire_all()
    return {name for name, member in known.items() if LEADER in kinds_for(member)}


@pytest.mark.both_databases
def test_who_is_in_the_directorys_group_of_leaders_opens_a_blog_of_their_own(directory, known, people):
    assert people.browser(known["emma"]).get("/blogs/new").status_code == 404
    for _twice in range(2):
        read_leaders()
        db.session.commit()
    assert (leads(known), db.session.query(Leader).count()) == ({"emma", "bea"}, 2)
    browser = people.browser(known["bea"])
    assert browser.get("/blogs/new").status_code == 200
    form = {"kind": "blog", "name": "Bea writes", "language": "en"}
    assert browser.post("/blogs/new", data=form).location == "/blogs/bea-writes/writers"
    assert db.session.scalar(db.select(Blog.leader_id)) == known["bea"].id
    with pytest.raises(NotAllowed):
        open_blog(kind=LEADER, name="Joe's", leader=known["joe"].person, actor=known["bea"])
    with pytest.raises(NotAllowed):
        open_blog(kind=TEAM, name="Board", actor=known["bea"])


def test_who_leads_no_longer_opens_none_and_keeps_the_blog_they_have(directory, known):
    read_leaders()
    kept = open_blog(kind=LEADER, name="Bea writes", actor=known["bea"])
    directory.change(LEADERS, member=[dn("joe")])
    read_leaders()
    assert leads(known) == {"joe"}
    assert writers_of(kept) == [(known["bea"].person, Role.OWNER)]


def test_a_directory_that_does_not_answer_takes_nothing_from_leaders(directory, known):
    read_leaders()
    directory.refuse_bind("", 51)
    with pytest.raises(IncompleteRead):
        read_leaders()
    assert leads(known) == {"emma", "bea"}


def test_without_a_group_nobody_leads_by_the_directory(app, member):
    db.session.add(Leader(person_id=member.id))
    read_leaders()
    assert (kinds_for(member), db.session.query(Leader).count()) == ([], 0)


@pytest.mark.settings(**{"plugins.blog": {"personal": True}})
def test_where_it_is_set_everybody_has_one_personal_blog(app, member, other, people):
    assert kinds_for(member) == [PERSONAL]
    browser = people.browser(member)
    assert browser.get("/blogs/new").status_code == 200
    form = {"kind": "personal_blog", "name": "Ada's notes", "language": "en"}
    assert browser.post("/blogs/new", data=form).location == "/blogs/ada-s-notes/writers"
    again = browser.post("/blogs/new", data={**form, "name": "More"})
    assert (again.status_code, "one is enough" in again.text) == (422, True)
    with pytest.raises(NotAllowed):
        open_blog(kind=PERSONAL, name="Bob's", leader=other.person, actor=member)
    assert main_blog() is None


def test_elsewhere_nobody_has_one(app, member, administrator):
    assert (kinds_for(member), kinds_for(administrator)) == ([], [LEADER, TEAM])
    with pytest.raises(NotAllowed):
        open_blog(kind=PERSONAL, name="Mine", actor=administrator)


def test_the_first_blog_of_a_leader_is_the_main_one_until_another_is_chosen(app, blog, administrator, chief):
    second = open_blog(kind=LEADER, name="Second", leader=chief.person, actor=administrator)
    assert main_blog() is blog
    with pytest.raises(NotAllowed):
        make_main(blog=second, actor=chief)
    make_main(blog=second, actor=administrator)
    assert (main_blog() is second, blog.is_main) == (True, False)


@pytest.mark.both_databases
@pytest.mark.parametrize("who", ["delegate", "member"])
def test_only_authors_and_administrators_say_what_a_blog_is_and_who_writes(blog, chief, request, who):
    actor = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        change_blog(blog=blog, actor=actor, name="Mine", purpose="", language="en")
    with pytest.raises(NotAllowed):
        close_blog(blog=blog, actor=actor)
    with pytest.raises(NotAllowed):
        give_role(blog=blog, person=actor.person, role=Role.OWNER, actor=actor)
    with pytest.raises(NotAllowed):
        take_role(blog=blog, person=chief.person, actor=actor)
    assert (blog.place.name, blog.author_ids) == ("Emma's blog", [chief.id])


def test_a_delegate_gives_their_role_back(blog, delegate, chief):
    take_role(blog=blog, person=delegate.person, actor=delegate)
    assert writers_of(blog) == [(chief.person, Role.OWNER)]


def test_a_blog_has_an_author_always(blog, chief):
    with pytest.raises(Invalid):
        take_role(blog=blog, person=chief.person, actor=chief)
    with pytest.raises(Invalid):
        give_role(blog=blog, person=chief.person, role=Role.MODERATOR, actor=chief)


def test_a_blog_has_several_authors(blog, chief, other):
    give_role(blog=blog, person=other.person, role=Role.OWNER, actor=chief)
    assert blog.author_ids == [chief.id, other.id]


def test_a_title_is_needed_and_addresses_of_pages_are_taken(app, administrator):
    with pytest.raises(Invalid) as refusal:
        open_blog(kind=TEAM, name=" ", actor=administrator)
    assert refusal.value.field == "name"
    assert open_blog(kind=TEAM, name="Drafts", actor=administrator).place.slug.startswith("drafts-")
