"""Ostrelune, an international company of French origin that does not exist, and everyone who works there.

It builds tide turbines. Every person is drawn by lot from lists of names, the same for the same size and
seed; telephone numbers are of those reserved for fiction, where a country has such.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from random import Random
from typing import NamedTuple, TextIO
from uuid import NAMESPACE_DNS, uuid5
from zlib import crc32

from parvis.testing.directory import Entry, write_entries
from parvis.testing.ostrelune import (
    ASSISTANCE,
    DEPARTMENTS,
    HEADQUARTERS,
    NAMES,
    ROLES,
    SITES,
    Department,
    Site,
)
from parvis.testing.portrait import Look, portrait
from parvis.text import fold

NAME, DOMAIN, BASE_DN = "Ostrelune", "ostrelune.example", "dc=ostrelune,dc=example"
PEOPLE_DN, GROUPS_DN, SERVICES_DN = (f"ou={unit},{BASE_DN}" for unit in ("people", "groups", "services"))
SMALLEST = 100
# As OpenLDAP's password policy locks an account, until an administrator unlocks it.
_LOCK, LOCKED_FOR_GOOD = "pwdAccountLockedTime", "000001010000Z"


@dataclass(frozen=True, eq=False)
class Person:
    """Someone who works there."""

    number: int
    username: str
    password: str
    given_name: str
    family_name: str
    title: str
    department: str
    job_family: str
    site: Site
    manager: "Person | None"
    mail: str | None
    mobile: str | None
    kind: str
    leads: bool
    has_photo: bool
    look: Look

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def dn(self) -> str:
        return f"uid={self.username},{PEOPLE_DN}"

    @property
    def disabled(self) -> bool:
        return self.kind == "disabled"

    @property
    def may_sign_in(self) -> bool:
        """Tell whether they are in the group of those let in: contractors are not, they are found only."""
        return self.kind != "contractor"

    def entry(self, *, photo: bool = True) -> Entry:
        return Entry(self.dn, {
            # The last one allows for `c`, which a person has in no standard class.
            "objectClass": ["top", "person", "organizationalPerson", "inetOrgPerson", "extensibleObject"],
            "uid": self.username,
            "cn": self.name,
            "sn": self.family_name,
            "givenName": self.given_name,
            "displayName": self.name,
            "title": self.title,
            "o": NAME,
            "ou": self.department,
            "departmentNumber": self.department,
            "businessCategory": self.job_family,
            "l": self.site.city,
            "c": self.site.country,
            "preferredLanguage": "fr" if self.site.language == "fr" else "en",
            "employeeNumber": str(100_000 + self.number),
            "employeeType": self.kind,
            "manager": self.manager.dn if self.manager else None,
            "mail": self.mail,
            "telephoneNumber": f"{self.site.phone} {self.number % 10_000:04}",
            "mobile": self.mobile,
            "jpegPhoto": portrait(self.username, 200, look=self.look) if photo and self.has_photo else None,
            _LOCK: LOCKED_FOR_GOOD if self.disabled else None,
            "userPassword": self.password,
            "entryUUID": _stable_id(self.username),
        })  # fmt: skip


@dataclass(frozen=True, eq=False)
class Company:
    """The company, its directory, and those of its people whom demonstrations and tests call by name.

    Its groups: `members_dn`, who may sign in; `administrators_dn`; `leaders_dn`, all with people to lead.
    """

    people: tuple[Person, ...]
    photos: bool
    chief_executive: Person
    newcomer: Person
    group_owner: Person
    community_manager: Person
    administrator: Person
    disabled: Person
    without_mail: Person
    contractor: Person
    namesakes: tuple[Person, Person]

    name = NAME
    domain = DOMAIN
    base_dn, people_dn, groups_dn = BASE_DN, PEOPLE_DN, GROUPS_DN
    service_dn, service_password = f"cn=parvis,{SERVICES_DN}", "tide-and-time"
    members_dn, administrators_dn, leaders_dn = (
        f"cn={group},{GROUPS_DN}" for group in ("parvis-members", "parvis-admins", "leaders")
    )

    def entries(self) -> Iterator[Entry]:
        """Give the whole directory, parents before children."""
        top = {"objectClass": ["top", "dcObject", "organization"], "dc": "ostrelune", "o": NAME}
        yield Entry(BASE_DN, {**top, "entryUUID": _stable_id("")})
        for unit in (PEOPLE_DN, GROUPS_DN, SERVICES_DN):
            yield Entry(unit, objectClass=["top", "organizationalUnit"], entryUUID=_stable_id(unit))
        yield Entry(
            self.service_dn,
            objectClass=["top", "applicationProcess", "simpleSecurityObject"],
            cn="parvis",
            userPassword=self.service_password,
            entryUUID=_stable_id(self.service_dn),
        )
        yield from (person.entry(photo=self.photos) for person in self.people)
        yield _group(self.members_dn, [person for person in self.people if person.may_sign_in])
        yield _group(self.administrators_dn, [self.administrator])
        yield _group(self.leaders_dn, [person for person in self.people if person.leads])


def company(size: int = 420, seed: int = 2010, *, photos: bool = True) -> Company:
    """Found the company with so many people.

    Args:
        size: how many; at least 100, else some of those called by name would have no place.
        photos: whether the directory knows a photo of every fifth of them.
    """
    if size < SMALLEST:
        raise ValueError(f"a company of {size} has no room for everyone it needs; {SMALLEST} do")
    founding = Founding(Random(seed))
    founding.open_posts(size)
    return founding.fill_them(photos)


def write_ldif(company: Company, file: TextIO) -> int:
    """Write the directory for `slapadd`, with the schemas core, cosine and inetorgperson; return its size.

    The lock on the disabled account is left out, for only the password policy's module knows it:
    there its `employeeType` alone tells.
    """
    unlocked = (entry.but({_LOCK: None}) if _LOCK in entry else entry for entry in company.entries())
    return write_entries(unlocked, file)


class _Post(NamedTuple):
    department: Department
    rank: str
    boss: int | None
    site: Site


class Founding:
    """Draw a company by lot: first the posts, from the top down, then who holds them."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.posts: list[_Post] = []
        self.leaders: set[int] = set()
        self.usernames: Counter[str] = Counter()
        self.called = {name: self._username(*role[:2]) for name, role in ROLES.items()}

    def open_posts(self, size: int) -> None:
        chief = self._open(HEADQUARTERS, "chief", None, SITES[0])
        assistants = min(4, size // 100)
        for _ in range(assistants):
            self._open(HEADQUARTERS, "staff", chief, SITES[0])
        parts = shares(size - 1 - assistants, [department.weight for department in DEPARTMENTS])
        for department, share in zip(DEPARTMENTS, parts, strict=True):
            self._open_team(department, share, chief, "head")

    def fill_them(self, photos: bool) -> Company:
        cast = self._cast()
        roles = {post: name for name, post in cast.items()}
        people: list[Person] = []
        for number, post in enumerate(self.posts):
            manager = None if post.boss is None else people[post.boss]
            people.append(self._hire(number, post, manager, roles.get(number, "")))
        called = {name: people[post] for name, post in cast.items()}
        namesakes = called.pop("namesake"), called.pop("other_namesake")
        return Company(tuple(people), photos, namesakes=namesakes, **called)

    def _open(self, department: Department, rank: str, boss: int | None, site: Site) -> int:
        self.posts.append(_Post(department, rank, boss, site))
        if boss is not None:
            self.leaders.add(boss)
        return len(self.posts) - 1

    def _open_team(self, department: Department, size: int, boss: int, rank: str) -> None:
        """Open the posts of a leader and of all below: some directly, the others in teams of uneven sizes."""
        leader = self._open(department, rank, boss, self._somewhere())
        rest = size - 1
        spread = 0 if rest <= 7 else max(3, min(9, round(rest**0.25)))
        teams = shares(rest - 1, [1 / (place + 1) for place in range(spread)]) if spread else []
        alone = rest - sum(team for team in teams if team > 2)
        for _ in range(alone):
            near = self.chance.random() < 0.85
            self._open(department, "staff", leader, self.posts[leader].site if near else self._somewhere())
        for team in teams:
            if team > 2:
                self._open_team(department, team, leader, "manager")

    def _somewhere(self) -> Site:
        return self.chance.choices(SITES, cum_weights=_ZIPF)[0]

    def _cast(self) -> dict[str, int]:
        """Choose a post for everyone who is called by name."""
        cast: dict[str, int] = {}
        for name, role in ROLES.items():
            free = [
                (post.department.name != role.department, number)
                for number, post in enumerate(self.posts)
                if post.rank == role.rank and number not in cast.values()
            ]
            cast[name] = min(free)[1]
        return cast

    def _hire(self, number: int, post: _Post, manager: Person | None, called: str) -> Person:
        chance, role = self.chance, ROLES.get(called)
        woman = role.woman if role else chance.random() < 0.5
        given, family = role[:2] if role else self._name(post.site.language, woman)
        job = chance.choice(post.department.jobs) if post.department.jobs else ASSISTANCE
        username = self.called.get(called) or self._username(given, family)
        drawn = chance.choices(("employee", "trainee", "contractor"), (93, 3, 4))[0]
        return Person(
            number=number,
            username=username,
            password=f"{_bare(given)}-{1000 + crc32(username.encode()) % 9000}",
            given_name=given,
            family_name=family,
            title=role.title if role else self._title(post, job, woman),
            department=post.department.name,
            job_family=job[0],
            site=post.site,
            manager=manager,
            mail=None if called == "without_mail" else f"{username}@{DOMAIN}",
            mobile=f"+33 6 39 98 {chance.randint(0, 9999):04}" if chance.random() < 0.5 else None,
            kind=role.kind if role else drawn if post.rank == "staff" else "employee",
            leads=number in self.leaders,
            has_photo=chance.random() < 0.2,
            look="feminine" if woman else "masculine",
        )

    def _name(self, language: str, woman: bool) -> tuple[str, str]:
        """Draw a name: of the country's mostly, for colleagues come from elsewhere too."""
        if self.chance.random() > 0.75:
            language = self.chance.choice(tuple(NAMES))
        women, men, families = NAMES[language]
        return self.chance.choice(women if woman else men), self.chance.choice(families)

    def _username(self, given: str, family: str) -> str:
        plain = f"{_bare(given)}.{_bare(family)}"
        self.usernames[plain] += 1
        return plain if self.usernames[plain] == 1 else f"{plain}{self.usernames[plain]}"

    def _title(self, post: _Post, job: tuple[str, str, str, str], woman: bool) -> str:
        french, department = post.site.language == "fr", post.department
        if post.rank == "head":
            leader = "Directrice" if woman else "Directeur"
            return f"{leader} {department.french}" if french else f"{department.name} Director"
        if post.rank == "manager":
            return f"Responsable {department.french}" if french else f"{department.name} Manager"
        senior = self.chance.random() < 0.25
        if french:
            return job[2 if woman else 1] + (" senior" if senior else "")
        return ("Senior " if senior else "") + job[3]


_ZIPF = tuple(accumulate(1 / (place + 1) for place in range(len(SITES))))


def shares(total: int, weights: list[float]) -> list[int]:
    """Divide people by weights, none lost to rounding."""
    bounds = [round(total * upto / sum(weights)) for upto in accumulate(weights)]
    return [upper - lower for lower, upper in pairwise([0, *bounds])]


def _bare(name: str) -> str:
    return fold(name).replace(" ", "")


def _stable_id(name: str) -> str:
    return str(uuid5(NAMESPACE_DNS, f"{name}.{DOMAIN}"))


def _group(dn: str, members: list[Person]) -> Entry:
    return Entry(
        dn,
        objectClass=["top", "groupOfNames"],
        cn=dn[3:].partition(",")[0],
        member=[person.dn for person in members],
        entryUUID=_stable_id(dn),
    )
