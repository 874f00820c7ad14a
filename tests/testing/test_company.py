"""The invented company: big enough, odd enough, the same each time, and palatable to a real directory."""

import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from io import BytesIO, StringIO

import ldap3
import pytest
from parvis.testing.company import Company, Person, company, write_ldif
from parvis.testing.directory import DirectoryServer
from parvis.testing.services import require, slapd
from PIL import Image


@pytest.fixture(scope="module")
def ostrelune() -> Company:
    return company()


def depth(person: Person) -> int:
    return 1 + depth(person.manager) if person.manager else 0


def test_it_has_the_size_asked_for_and_is_the_same_each_time(ostrelune: Company) -> None:
    again, other = StringIO(), StringIO()
    write_ldif(company(), again)
    write_ldif(ostrelune, other)
    assert len(ostrelune.people) == 420
    assert again.getvalue() == other.getvalue()
    assert [person.name for person in company(seed=1).people] != [person.name for person in ostrelune.people]


def test_too_small_a_company_is_refused() -> None:
    assert len(company(100, photos=False).people) == 100
    with pytest.raises(ValueError, match="100 do"):
        company(99)


def test_managers_reach_six_levels_deep_with_teams_of_sensible_size(ostrelune: Company) -> None:
    assert max(map(depth, ostrelune.people)) == 6
    teams = Counter(
        person.manager for person in ostrelune.people if person.manager is not ostrelune.chief_executive
    )
    assert max(teams.values()) <= 10
    assert [person for person in ostrelune.people if not person.manager] == [ostrelune.chief_executive]
    assert {manager for manager in teams if manager and not manager.leads} == set()


def test_sites_lie_in_several_countries_and_are_of_very_different_size(ostrelune: Company) -> None:
    sites = Counter(person.site for person in ostrelune.people)
    assert len(sites) >= 8
    assert len({site.country for site in sites}) >= 5
    assert sites.most_common(1)[0][1] > 10 * min(sites.values())
    assert len({person.department for person in ostrelune.people}) >= 12


def test_those_called_by_name_are_who_they_are(ostrelune: Company) -> None:
    assert [person.username for person in ostrelune.namesakes] == ["camille.morvan", "camille.morvan2"]
    assert len({person.name for person in ostrelune.namesakes}) == 1
    assert [person for person in ostrelune.people if person.disabled] == [ostrelune.disabled]
    assert [person for person in ostrelune.people if not person.mail] == [ostrelune.without_mail]
    assert not ostrelune.contractor.may_sign_in
    assert ostrelune.community_manager.department == "Communication"
    assert ostrelune.group_owner.leads
    for size in (100, 2000):
        same = company(size, photos=False)
        assert same.newcomer.username == ostrelune.newcomer.username
        assert same.newcomer.password == ostrelune.newcomer.password


def test_usernames_are_plain_and_unique_whatever_the_names(ostrelune: Company) -> None:
    usernames = [person.username for person in ostrelune.people]
    assert len(set(usernames)) == len(usernames)
    assert all(name.isascii() and name.replace(".", "").isalnum() and name.islower() for name in usernames)
    assert not all(person.name.isascii() for person in ostrelune.people)


def test_a_fifth_have_a_small_square_photo(ostrelune: Company) -> None:
    photos = [entry["jpegPhoto"][0] for entry in ostrelune.entries() if "jpegPhoto" in entry]
    assert 420 * 0.15 < len(photos) < 420 * 0.25
    assert max(map(len, photos)) < 20_000
    with Image.open(BytesIO(photos[0])) as image:
        assert (image.format, image.size) == ("JPEG", (200, 200))
    assert photos[0] != photos[1]
    assert not any("jpegPhoto" in entry for entry in company(100, photos=False).entries())


def test_its_people_sign_in_at_the_demo_directory(demo: str, ostrelune: Company) -> None:
    target = ldap3.Server(demo, get_info=ldap3.NONE)
    for dn, password in (
        (ostrelune.newcomer.dn, ostrelune.newcomer.password),
        (ostrelune.service_dn, ostrelune.service_password),
    ):
        connection = ldap3.Connection(target, dn, password)
        assert connection.bind()
        assert connection.search(ostrelune.groups_dn, f"(&(cn=leaders)(member={ostrelune.group_owner.dn}))")
        connection.unbind()


def test_a_large_company_is_founded_in_time() -> None:
    start = time.process_time()
    large = company(20_000, photos=False)
    assert time.process_time() - start < 20_000 / 73_000 * 20
    assert max(map(depth, large.people)) <= 15


@pytest.fixture(scope="module")
def demo(ostrelune: Company) -> Iterator[str]:
    with DirectoryServer(ostrelune.entries(), base_dn=ostrelune.base_dn) as server:
        yield server.url


@pytest.fixture(scope="module")
def openldap(tmp_path_factory: pytest.TempPathFactory, ostrelune: Company) -> Iterator[str]:
    """Run OpenLDAP with the company in it; gives its URL."""
    require("slapd")
    ldif = tmp_path_factory.mktemp("slapd") / "company.ldif"
    with ldif.open("w", encoding="ascii") as file:
        write_ldif(ostrelune, file)
    with slapd(ldif, base=ostrelune.base_dn) as server:
        yield server.url


def ldapsearch(url: str, company: Company, wanted: str) -> list[str]:
    """Return the lines of what is found, in an order of their own."""
    bind = ["-D", company.service_dn, "-w", company.service_password]
    command = [require("ldapsearch"), "-x", "-LLL", "-o", "ldif-wrap=no", "-H", url, "-b", company.base_dn]
    paged = ["-E", "pr=100/noprompt", wanted, "*", "entryUUID"]
    done = subprocess.run([*command, *bind, *paged], capture_output=True, text=True, timeout=20, check=True)
    return sorted(line for line in done.stdout.splitlines() if line and line[0] != "#")


@pytest.mark.parametrize(
    "wanted",
    [
        "(&(objectClass=inetOrgPerson)(!(employeeType=disabled)))",
        "(|(cn=*müller)(sn=O'BRIEN)(title=*hydro*que))",
        "(&(l=nantes)(!(mail=*)))",
        "(&(modifyTimestamp>=20200101000000Z)(!(modifyTimestamp<=20200101000000Z))(l=porto))",
        "(&(ou=research)(businessCategory=materials)(telephoneNumber=*))",
        "(&(uid=*)(!(|(employeeType=employee)(c=fr))))",
        "(member=uid=zoe.kerbrat,ou=people,dc=ostrelune,dc=example)",
    ],
)
def test_openldap_takes_it_and_finds_the_same_as_the_demo_directory(
    openldap: str, demo: str, ostrelune: Company, wanted: str
) -> None:
    ours = [line for line in ldapsearch(demo, ostrelune, wanted) if "LockedTime" not in line]
    theirs = [line for line in ldapsearch(openldap, ostrelune, wanted) if "userPassword" not in line]
    assert ours == theirs
    assert len(ours) > 5
