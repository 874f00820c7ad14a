"""Rules of a place, off by default: what waits, what is looked at twice, how much, what leads elsewhere.

Its owners set them; the configuration, for all places. Those who look after a place are under none.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from parvis.api import (
    BigId,
    EventRecord,
    Invalid,
    Member,
    NotFound,
    TooMany,
    clean,
    columns_of,
    db,
    entities,
    fold,
    plain_text,
    prepared,
    read_rows,
    record,
    tokens,
    utcnow,
)
from parvis.api import gettext as _
from parvis_social.api import (
    Content,
    Place,
    Publication,
    Role,
    SecondLook,
    Waits,
    get_place_by_id,
    manages,
    place_kinds,
    reportables,
    role_in,
)
from sqlalchemy import Select, bindparam, func, literal, select

from ..event import Reported as ReportedEvent
from ..models import Case, Rule
from ..settings import settings
from . import log
from .report import open_case
from .suspension import suspended_until
from .text import reasons

MOST_WORDS = 100
WORD_LENGTH = 60
MOST_PER_DAY = 1000
LINKS = "links"
"""The reason of a case that was opened since something leads out of the company."""
_ADDRESS = re.compile(r'<a href="(https?://[^"]+)"')


@dataclass(frozen=True)
class Rules:
    """What holds in a place: its own rules, and those of the configuration."""

    newcomers_wait: bool = False
    words: Sequence[str] = ()
    per_day: int = 0
    flag_links: bool = False

    @property
    def look(self) -> bool:
        """Whether there is anything to look at before something is published."""
        return bool(self.newcomers_wait or self.words or self.per_day)


def rules_of(place: Place, row: Rule | None) -> Rules:
    """Return what holds in a place, whose own rules are these; on walls, nobody waits."""
    site = settings()
    limits = [number for number in (row.per_day if row else 0, site.per_day) if number]
    return Rules(
        newcomers_wait=place.person_id is None and (site.newcomers_wait or bool(row and row.newcomers_wait)),
        words=[*site.second_look_words, *(row.words if row else ())],
        per_day=min(limits, default=0),
        flag_links=site.flag_links or bool(row and row.flag_links),
    )


def look_up(place: Place, actor: Member) -> tuple[datetime | None, Rules]:
    """Return until when somebody is suspended, and what holds in a place: one query for each contribution."""
    values = {"viewer": actor.id, "now": utcnow(), "place": place.id}
    [row] = read_rows(_suspended_and_ruled(), values)
    [rule] = entities(row, Rule)
    return row.until, rules_of(place, rule)


@prepared
def _suspended_and_ruled() -> Select[Any]:
    one = select(literal(1).label("one")).subquery()
    return (
        select(*columns_of(Rule), suspended_until().scalar_subquery().label("until"))
        .select_from(one)
        .outerjoin(Rule, Rule.place_id == bindparam("place", type_=BigId))
    )


def check_rules(rules: Rules, place: Place, actor: Member, publication: Publication) -> None:
    """Refuse, or have looked at first, what the rules of a place say so of.

    Raises:
        TooMany: the actor has published there as often as they may in a day.
        SecondLook: words stand in it that they should be sure of.
        Waits: it is the first that they publish there.
    """
    if not rules.look or publication.admitted or _is_free(place, actor):
        return
    new = publication.content_id is None
    if new and rules.per_day:
        _check_number(rules.per_day, place, actor)
    if rules.words and publication.confirmed is not None:
        _check_words(rules.words, publication)
    if new and rules.newcomers_wait and publication.type != "comment":
        _check_newcomer(place, actor)


def _is_free(place: Place, person: Member) -> bool:
    """Tell whether somebody is under no rule: who looks after the place, or whose wall it is."""
    return place.person_id == person.id or manages(role_in(place.id, person.id))


def _check_number(most: int, place: Place, actor: Member) -> None:
    mine = (Content.author_id == actor.id, Content.place_id == place.id)
    recent = select(Content.id).where(*mine, Content.created_at > utcnow() - timedelta(days=1)).limit(most)
    if (db.session.scalar(select(func.count()).select_from(recent.subquery())) or 0) >= most:
        raise TooMany(
            _("In %(place)s, one can write %(most)s times a day. Please go on tomorrow.",
              place=place.shown_name, most=most)
        )  # fmt: skip


def _check_words(words: Iterable[str], publication: Publication) -> None:
    said = f" {fold(publication.title)} {' '.join(tokens(plain_text(publication.html)))} "
    found = sorted({word for word in words if (folded := fold(word)) and f" {folded} " in said})
    key = sha256("\n".join(found).encode()).hexdigest()[:16]
    if found and publication.confirmed != key:
        listed = ", ".join(_("“%(word)s”", word=word) for word in found)
        raise SecondLook(
            _("Are you sure? It says %(words)s. Nothing is published yet: change it, or send it as it is.",
              words=listed), key=key,
        )  # fmt: skip


def _check_newcomer(place: Place, actor: Member) -> None:
    before = select(Content.id).where(
        Content.author_id == actor.id, Content.place_id == place.id, Content.root_id.is_(None),
        Content.deleted_at.is_(None),
    )  # fmt: skip
    if db.session.scalar(before.limit(1)) is None:
        raise Waits(
            _("In %(place)s, a first post is read before it is published. Please begin with a post.",
              place=place.shown_name)
        )  # fmt: skip


# setting them


def get_rules_for(member: Member, place_id: int) -> tuple[Place, Rule]:
    """Fetch the rules of a place as one of its owners; none are there yet: those that change nothing.

    Raises:
        NotFound: there is no such place, it is a wall, or the member does not own it.
    """
    place, role = get_place_by_id(member, place_id)
    if role != Role.OWNER or place.person_id is not None:
        raise NotFound(_("There is no such page, or it is not open to you."))
    row = db.session.get(Rule, place.id)
    return place, row or Rule(place_id=place.id, newcomers_wait=False, words=[], per_day=0, flag_links=False)


def set_rules(
    *, place_id: int, newcomers_wait: bool, words: str, per_day: int | None, flag_links: bool, actor: Member
) -> Place:
    """Set the rules of a place, as one of its owners.

    Args:
        words: at which a second look is asked for, one a line or parted by commas: 100 of 60 characters.
        per_day: how many contributions a day from one person, up to 1,000; None or 0: no limit.

    Raises:
        NotFound: see `get_rules_for`.
        Invalid: too many words, one is too long or without a letter, or no such number; `field` says which.
    """
    place, row = get_rules_for(actor, place_id)
    row.newcomers_wait, row.flag_links, row.words = newcomers_wait, flag_links, _checked_words(words)
    if not 0 <= (per_day or 0) <= MOST_PER_DAY:
        raise Invalid(_("Please choose a number from 0 to %(most)s.", most=MOST_PER_DAY), field="per_day")
    row.per_day = per_day or 0
    db.session.add(row)
    log.note("moderation.rules_set", actor=actor, place=place.id)
    return place


def _checked_words(text: str) -> list[str]:
    words = list(dict.fromkeys(filter(None, (clean(part) for part in re.split(r"[,;\n]", text)))))
    if len(words) > MOST_WORDS:
        raise Invalid(_("%(most)s words at most, please.", most=MOST_WORDS), field="words")
    for word in words:
        if len(word) > WORD_LENGTH or not fold(word):
            raise Invalid(
                _("“%(word)s” cannot be looked for: a word or two, %(most)s characters at most.",
                  word=word[:WORD_LENGTH], most=WORD_LENGTH), field="words",
            )  # fmt: skip
    return words


# what leads out of the company


def flag_links(event: EventRecord) -> None:
    """Open a case on what was published and leads out of the company, where a place's rules say so."""
    if not settings().flag_links and not read_rows(_flags_links(), {"content": event.content_id}):
        return
    content = db.session.get(Content, event.content_id) if event.content_id else None
    place = db.session.get(Place, content.place_id) if content else None
    author = db.session.get(Member, content.author_id) if content else None
    if content is None or author is None or place is None or place.kind not in place_kinds():
        return
    rules = rules_of(place, db.session.get(Rule, place.id))
    if not rules.flag_links or _is_free(place, author) or not leads_out(content.body_html):
        return
    kind = "comment" if content.root_id else "content"
    known = select(Case.id).where(
        Case.person_id == author.id, Case.kind == kind, Case.subject_id == content.id
    )
    if db.session.scalar(known.limit(1)) is not None:
        return
    try:
        seen = reportables()[kind].see(author, content.id)
    except NotFound:  # it is gone meanwhile
        return
    case, opened = open_case(kind, seen, reasons()[LINKS], author)
    if opened:
        record(ReportedEvent(person=author.id, place=place.id, case=case.id, opened=True))


@prepared
def _flags_links() -> Select[Any]:
    """Return the query of the place of a content whose own rules have its links looked at."""
    ruled = select(Rule.place_id).join(Content, Content.place_id == Rule.place_id)
    return ruled.where(Content.id == bindparam("content", type_=BigId), Rule.flag_links.is_(True))


def leads_out(html: str) -> bool:
    """Tell whether a text has a link to a host that is not the company's."""
    hosts = (_host(address) for address in _ADDRESS.findall(html))
    own = [host.lower().lstrip(".") for host in settings().own_hosts]
    return any(not any(host == each or host.endswith(f".{each}") for each in own) for host in hosts)


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:  # no host that there can be
        return ""
