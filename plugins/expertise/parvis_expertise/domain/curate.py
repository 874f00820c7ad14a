"""Looking after the words: names of one skill in both languages, and skills that turn out to be one."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from parvis.api import Invalid, Member, NotFound, clean, db, record
from parvis.api import gettext as _
from sqlalchemy import or_, select, tuple_, update
from sqlalchemy.orm import joinedload

from ..event import SkillRenamed, SkillsMerged
from ..models import Declaration, Endorsement, Merge, Skill, SkillName
from .vocabulary import add_name, find_skills, recount, remove_name
from .word import NAME_LENGTH, skill_key

PAGE = 30
AT_ONCE = 500
COLUMNS = {"en": "english", "fr": "french"}


class Names(NamedTuple):
    """All names of a skill, and what became part of it."""

    skill: Skill
    others: Sequence[SkillName]
    """Those besides what it is called in each language."""
    merges: Sequence[Merge]


def list_skills(*, unpaired: bool, before: int | None = None) -> tuple[Sequence[Skill], int | None]:
    """List skills, the newest first; `unpaired`: those alone that lack a name in one language."""
    query = select(Skill).where(Skill.merged_into_id.is_(None)).order_by(Skill.id.desc()).limit(PAGE + 1)
    if unpaired:
        query = query.where(or_(Skill.english == "", Skill.french == ""))
    if before is not None:
        query = query.where(Skill.id < before)
    found = db.session.scalars(query).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def names_of(skill: Skill) -> Names:
    """Return all names of a skill, and what was merged into it and can be taken back."""
    shown = {skill_key(skill.english), skill_key(skill.french)}
    names = db.session.scalars(
        select(SkillName).where(SkillName.skill_id == skill.id).order_by(SkillName.key)
    )
    merges = select(Merge).where(Merge.into_id == skill.id).order_by(Merge.id.desc())
    return Names(
        skill,
        [name for name in names if name.key not in shown],
        db.session.scalars(merges.options(joinedload(Merge.skill))).all(),
    )


def rename(*, skill: Skill, english: str, french: str, others: Sequence[str], actor: Member) -> None:
    """Say what a skill is called in each language, and by what other names it is found.

    What it was called before stays one of its other names unless they are given without it.

    Raises:
        Invalid: it has no name, one is too long, or one is another skill's; `field` says which.
    """
    labels = {"en": clean(english), "fr": clean(french)}
    if not any(labels.values()):
        raise Invalid(_("A skill needs a name in one language at least."), field="english")
    wanted: dict[str, tuple[str, str, str]] = {}
    for name, language, field in (
        (labels["en"], "en", "english"), (labels["fr"], "fr", "french"),
        *((clean(other), "", "others") for other in others),
    ):  # fmt: skip
        if name:
            wanted.setdefault(_key(name, field), (name, language, field))
    _check_free(wanted, skill)
    skill.english, skill.french = labels["en"], labels["fr"]
    existing = {each.key: each for each in db.session.scalars(_names(skill))}
    for key, name in existing.items():
        if key not in wanted:
            remove_name(name)
    for key, (text, language, _field) in wanted.items():
        if key not in existing:
            add_name(skill, text, language, key)
    record(SkillRenamed(actor=actor.id, skill=skill.id))


def _key(name: str, field: str) -> str:
    key = skill_key(name)
    if not key or len(name) > NAME_LENGTH:
        raise Invalid(
            _("A skill is named in at most %(limit)s characters: “%(name)s” is too long.",
              limit=NAME_LENGTH, name=name), field=field,
        )  # fmt: skip
    return key


def _check_free(wanted: dict[str, tuple[str, str, str]], skill: Skill) -> None:
    for key, other in find_skills(wanted).items():
        if other.id != skill.id:
            name, _language, field = wanted[key]
            raise Invalid(
                _("“%(name)s” is the name of another skill. If they are one, merge them.", name=name),
                field=field,
            )


def _names(skill: Skill) -> Any:
    return select(SkillName).where(SkillName.skill_id == skill.id)


def merge(*, skill: Skill, into: Skill, actor: Member) -> Merge:
    """Make a skill part of another: its names, people and what colleagues confirm. It can be taken back.

    Who has both keeps what says more. Of the language in which the other has no name, it takes this one's.

    Raises:
        Invalid: they are the same, or one is part of another already.
    """
    if skill.id == into.id or skill.merged_into_id or into.merged_into_id:
        raise Invalid(_("Choose two skills that are not one already."), field="into")
    moved: dict[str, Any] = {"names": list(db.session.scalars(_ids(SkillName, skill)))}
    moved["filled"] = [c for c in COLUMNS.values() if getattr(skill, c) and not getattr(into, c)]
    for column in moved["filled"]:
        setattr(into, column, getattr(skill, column))
    _repoint(SkillName, moved["names"], into)
    moved["chain"] = list(db.session.scalars(select(Skill.id).where(Skill.merged_into_id == skill.id)))
    db.session.execute(update(Skill).where(Skill.merged_into_id == skill.id).values(merged_into_id=into.id))
    moved |= _move_people(skill, into) | _move_words(skill, into)
    skill.merged_into_id = into.id
    made = Merge(skill_id=skill.id, into_id=into.id, by_id=actor.id, moved=moved)
    db.session.add(made)
    recount([skill.id, into.id])
    record(SkillsMerged(actor=actor.id, skill=skill.id, into=into.id, undone=False))
    return made


def undo_merge(*, merge: Merge, actor: Member) -> Skill:
    """Take a merge back: what it moved, and was not changed since, goes where it was.

    Raises:
        Invalid: the skill it went into has become part of another since.
    """
    skill, into, moved = merge.skill, merge.into, merge.moved
    if into.merged_into_id is not None:
        raise Invalid(_("Take back first what was merged later."))
    _repoint(SkillName, moved["names"], skill, of=into)
    for column in moved["filled"]:
        if getattr(into, column) == getattr(skill, column):
            setattr(into, column, "")
    _write(update(Skill).where(Skill.id.in_(moved["chain"])).values(merged_into_id=skill.id))
    for people in _batches(moved["people"]):
        of = Declaration.skill_id == into.id, Declaration.person_id.in_(people)
        _write(update(Declaration).where(*of).values(skill_id=skill.id))
    for person_id, rank, asks, rank_there, asks_there in moved["both"]:
        _part(skill, into, person_id, (rank, asks), (rank_there, asks_there))
    for pairs in _batches(moved["words"]):
        of = Endorsement.skill_id == into.id, _pair().in_([tuple(pair) for pair in pairs])
        _write(update(Endorsement).where(*of).values(skill_id=skill.id))
    skill.merged_into_id = None
    db.session.delete(merge)
    recount([skill.id, into.id])
    record(SkillsMerged(actor=actor.id, skill=skill.id, into=into.id, undone=True))
    return skill


def get_merge(merge_id: int) -> Merge:
    """Fetch a merge.

    Raises:
        NotFound: there is none, or it was taken back.
    """
    merge = db.session.get(Merge, merge_id)
    if merge is None:
        raise NotFound(_("There is no such skill."))
    return merge


def _move_people(skill: Skill, into: Skill) -> dict[str, Any]:
    """Let those who have one skill have the other; who has both, as what says more."""
    there = {d.person_id: d for d in db.session.scalars(_of(into))}
    people, both = [], []
    for here in db.session.scalars(_of(skill)).all():
        if (other := there.get(here.person_id)) is None:
            people.append(here.person_id)
            continue
        both.append([here.person_id, here.rank, here.asks, other.rank, other.asks])
        other.rank, other.asks = min(here.rank, other.rank), here.asks or other.asks
        db.session.delete(here)
    db.session.flush()
    _write(update(Declaration).where(Declaration.skill_id == skill.id).values(skill_id=into.id))
    return {"people": people, "both": both}


def _part(skill: Skill, into: Skill, person_id: int, here: tuple[int, bool], there: tuple[int, bool]) -> None:
    """Give somebody who had both skills both back, unless they said otherwise since."""
    row = db.session.get(Declaration, (person_id, into.id))
    if row is None or db.session.get(Declaration, (person_id, skill.id)) is not None:
        return
    if (row.rank, row.asks) == (min(here[0], there[0]), here[1] or there[1]):
        row.rank, row.asks = there
    db.session.add(Declaration(person_id=person_id, skill_id=skill.id, rank=here[0], asks=here[1]))


def _move_words(skill: Skill, into: Skill) -> dict[str, Any]:
    """Let what colleagues confirm of one skill stand for the other, unless they confirm that already."""
    pair = select(Endorsement.person_id, Endorsement.by_id)
    there = set(db.session.execute(pair.where(Endorsement.skill_id == into.id)))
    here = db.session.execute(pair.where(Endorsement.skill_id == skill.id))
    words = [list(each) for each in here if each not in there]
    for pairs in _batches(words):
        of = Endorsement.skill_id == skill.id, _pair().in_([tuple(pair) for pair in pairs])
        _write(update(Endorsement).where(*of).values(skill_id=into.id))
    return {"words": words}


def _pair() -> Any:
    return tuple_(Endorsement.person_id, Endorsement.by_id)


def _of(skill: Skill) -> Any:
    return select(Declaration).where(Declaration.skill_id == skill.id)


def _ids(model: type[SkillName], skill: Skill) -> Any:
    return select(model.id).where(model.skill_id == skill.id)


def _repoint(model: type[SkillName], ids: Sequence[int], to: Skill, *, of: Skill | None = None) -> None:
    for batch in _batches(ids):
        query = update(model).where(model.id.in_(batch)).values(skill_id=to.id)
        _write(query if of is None else query.where(model.skill_id == of.id))


def _write(statement: Any) -> None:
    """Write behind the session's back, and let it read anew."""
    db.session.flush()
    db.session.execute(statement, execution_options={"synchronize_session": False})
    db.session.expire_all()


def _batches(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]


def skill_called(name: str) -> Skill:
    """Return the skill that has a name.

    Raises:
        Invalid: none has.
    """
    found = find_skills([skill_key(name)])
    if not found:
        raise Invalid(_("No skill is called so. Choose one that is suggested."), field="into")
    return next(iter(found.values()))
