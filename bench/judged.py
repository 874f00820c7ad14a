"""What becomes of what is reported: who reports it too, who decides what, how soon, and who appeals.

Most is decided within a day or two, some waits for weeks. What a group's own people leave for three days
comes to those who moderate the whole site. Of what was reported lately much is open: somebody is away.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from babel.dates import format_date
from parvis.db import Model
from parvis.directory.models import Person
from parvis_moderation.domain.text import TOLD, begun, reasons
from parvis_moderation.models import (
    Act,
    Appeal,
    Case,
    Decision,
    Desk,
    LogEntry,
    Outcome,
    Report,
    State,
    Suspension,
)

if TYPE_CHECKING:
    from bench.reported import Subject

REASONS = {
    "hurtful": 20, "hateful": 6, "confidential": 8, "consent": 8, "advertising": 20, "place": 26, "other": 12,
}  # fmt: skip
SAME = 0.8
"""So often the others who report a thing, and whoever decides, give the reason of the first."""
OTHERS = 0.0, 0.9
"""How many people report one thing: a lognormal law, rounded, one at least."""
NOTES = ("", "", "", "Please have a look at this.", "C’est la deuxième fois.", "I know who is meant here.")
ACTS = {
    Act.NOTHING: 50, Act.MESSAGE: 14, Act.EDIT: 7, Act.HIDE: 14, Act.LOCK: 5, Act.WARN: 7, Act.SUSPEND: 3,
}  # fmt: skip
"""Of a hundred decisions on contents; of what cannot be decided on other things, they have less."""
MANAGERS_ONLY = {Act.WARN, Act.SUSPEND}
AFTER_EDIT = {Act.NOTHING: 6, Act.HIDE: 4}
DELAY = 3.0, 1.4
"""The logarithm of the hours until somebody decides: of the median, and sigma."""
PATIENCE = timedelta(days=3)
"""So long a case waits for those who look after a place."""
WAITED_FOR = timedelta(days=14)
"""So long whoever decides waits for a change; nobody here makes one."""
AWAY, LEFT = timedelta(days=21), 0.6
"""Of what was reported so lately, this share is open."""
DAYS = (1, 3, 7, 7, 14, 30)
APPEALED, OVERTURNED = 0.2, 0.3
APPEALABLE = {Act.HIDE, Act.LOCK, Act.WARN, Act.SUSPEND}
APPEAL_DAYS = 30
APPEAL = "I meant no harm, and I think that this was read in another way than I wrote it."
ANSWERS = {
    Outcome.UPHELD: "We have read it again, and leave it as it was decided.",
    Outcome.OVERTURNED: "You are right: read as a whole, it is within our charter.",
}


class Deed(NamedTuple):
    """What was done to a content."""

    at: datetime
    content: int
    act: Act
    undone: bool
    by: int
    reason: str


Row = dict[str, Any]


class Judgement:
    """Decides all that follows from reports; what happens first has the smaller id."""

    def __init__(
        self, seed: int, now: datetime, everybody: Sequence[int], managers: Sequence[int],
        people: Mapping[int, Person], languages: Mapping[int, str], keepers: Mapping[int, list[int]],
        readers: Mapping[int, list[int]],
    ) -> None:  # fmt: skip
        self.seed, self.now, self.everybody, self.managers = seed, now, everybody, managers
        self.people, self.languages, self.keepers, self.readers = people, languages, keepers, readers
        self.deeds: list[Deed] = []
        self._rows: dict[type[Model], list[Row]] = defaultdict(list)

    def rows(self, subjects: Sequence["Subject"]) -> Mapping[type[Model], list[Row]]:
        """Give the rows of all tables; `subjects` are in the order of time."""
        for subject in subjects:
            self._judge(subject)
        rows = self._rows
        for model in (Report, Decision, LogEntry):
            rows[model].sort(key=lambda row: row["at"])
            for number, row in enumerate(rows[model], 1):
                row["id"] = number
        for model in (Appeal, Suspension):
            for row in rows[model]:
                row["decision_id"] = row["decision_id"]["id"]
        return rows

    def _judge(self, subject: "Subject") -> None:
        self.rng = Random(f"judged {self.seed} {subject.kind} {subject.id}")  # others do not change it
        readers = self.readers.get(subject.place or 0, []) if subject.closed else self.everybody
        reporters = self._reporters(subject, readers)
        if not reporters:
            return
        case = self._case(subject, self._reason())
        kept = [
            id for id in self.keepers.get(subject.place or 0, []) if id not in (subject.author, reporters[0])
        ]
        decided = subject.at + timedelta(hours=self.rng.lognormvariate(*DELAY))
        if decided > self.now or (self.now - subject.at < AWAY and self.rng.random() < LEFT):
            decided = self.now
        reports = self._reports(case, reporters, decided)
        severe = [row["at"] for row in reports if reasons()[row["reason"]].severe]
        if kept and not severe and subject.kind != "place":
            case["desk"] = Desk.PLACE
            if decided > subject.at + PATIENCE:
                late = subject.at + PATIENCE + timedelta(hours=self.rng.random())
                if late < self.now:
                    self._log(late, "moderation.moved_to_managers", None, case, "late")
                    case["desk"] = Desk.MANAGERS
        if decided < self.now:
            self._decide(case, subject, decided, kept)

    def _reason(self, first: str | None = None) -> str:
        if first is not None and self.rng.random() < SAME:
            return first
        return self.rng.choices(list(REASONS), list(REASONS.values()))[0]

    def _reporters(self, subject: "Subject", readers: Sequence[int]) -> list[int]:
        wanted = max(1, round(self.rng.lognormvariate(*OTHERS)))
        some = self.rng.sample(readers, min(len(readers), wanted + 1))
        return [person for person in some if person != subject.author][:wanted]

    def _case(self, subject: "Subject", reason: str) -> Row:
        case = {
            "id": len(self._rows[Case]) + 1, "kind": subject.kind, "subject_id": subject.id,
            "place_id": subject.place, "person_id": subject.author, "desk": Desk.MANAGERS,
            "state": State.OPEN, "reason": reason, "title": subject.title, "url": subject.url,
            "seen": subject.seen, "reports_count": 0, "opened_at": subject.at, "decided_at": None,
            "outcome": "",
        }  # fmt: skip
        self._rows[Case].append(case)
        return case

    def _reports(self, case: Row, reporters: Sequence[int], until: datetime) -> list[Row]:
        """Let people report one thing, the first of them when its case is opened."""
        opened = case["opened_at"]
        later = sorted(opened + (until - opened) * self.rng.random() for _ in reporters[1:])
        case["reports_count"] = len(reporters)
        found = [
            {
                "id": 0, "case_id": case["id"], "reporter_id": person,
                "reason": self._reason(case["reason"]) if number else case["reason"],
                "note": self.rng.choice(NOTES), "seen": None, "at": at,
            }
            for number, (person, at) in enumerate(zip(reporters, (opened, *later), strict=True))
        ]  # fmt: skip
        self._rows[Report] += found
        return found

    def _decide(self, case: Row, subject: "Subject", at: datetime, kept: Sequence[int]) -> None:
        by_place = case["desk"] == Desk.PLACE
        deciding = kept if by_place else [id for id in self.managers if id != subject.author]
        act = self._act(ACTS, case, by_place)
        made = self._decision(case, act, at, self.rng.choice(deciding))
        if act == Act.EDIT:
            again = at + WAITED_FOR + timedelta(hours=self.rng.lognormvariate(*DELAY))
            if again < self.now:
                made = self._decision(case, self._act(AFTER_EDIT, case, by_place), again, made["by_id"])
        if made["act"] in APPEALABLE and self.rng.random() < APPEALED:
            self._appeal(case, made)

    def _act(self, acts: Mapping[Act, int], case: Row, by_place: bool) -> Act:
        """Draw what is decided, of what can be on such a thing and by those."""
        impossible = {
            "content": set[Act](), "comment": {Act.LOCK}, "profile": {Act.HIDE, Act.LOCK},
            "place": {Act.HIDE, Act.LOCK},
        }[case["kind"]] | (MANAGERS_ONLY if by_place else set())  # fmt: skip
        possible = {act: weight for act, weight in acts.items() if act not in impossible}
        return self.rng.choices(list(possible), list(possible.values()))[0]

    def _decision(self, case: Row, act: Act, at: datetime, by: int) -> Row:
        person, reason = case["person_id"], self._reason(case["reason"])
        until = at + timedelta(days=self.rng.choice(DAYS)) if act == Act.SUSPEND else None
        hides = act == Act.HIDE
        made = {
            "id": 0, "case_id": case["id"], "act": act, "reason": reason, "by_id": by, "desk": case["desk"],
            "person_id": person, "text": self._text(act, case, reason, until) if act in TOLD else "",
            "delay": int((at - case["opened_at"]).total_seconds()), "until": until,
            "kept": {"hidden": True} if hides else {}, "at": at, "undone_at": None, "undone_by_id": None,
        }  # fmt: skip
        self._rows[Decision].append(made)
        case["state"] = State.WAITING if act == Act.EDIT else State.CLOSED
        case["outcome"], case["reason"], case["decided_at"] = act, reason, at
        self._log(at, f"moderation.{act}", by, case, reason)
        if until is not None:
            self._rows[Suspension].append({"decision_id": made, "person_id": person, "until": until})
        self._do(case, made, at, by)
        return made

    def _do(self, case: Row, made: Row, at: datetime, by: int, *, undone: bool = False) -> None:
        if made["act"] in (Act.HIDE, Act.LOCK):
            label = reasons()[made["reason"]].label("en")
            self.deeds.append(Deed(at, case["subject_id"], made["act"], undone, by, label))

    def _text(self, act: Act, case: Row, reason: str, until: datetime | None) -> str:
        """Return what whom it is about is sent, in their language."""
        person = self.people[case["person_id"]]
        language = "fr" if self.languages[person.id].startswith("fr") else "en"
        text = begun(act=act, person=person, title=case["title"])
        text = text.replace("{reason}", reasons()[reason].label(language))
        return text.replace("{until}", format_date(until, "long", locale=language)) if until else text

    def _appeal(self, case: Row, made: Row) -> None:
        at = made["at"] + timedelta(days=min(APPEAL_DAYS - 1.0, self.rng.expovariate(1 / 4)))
        if at > self.now:
            return
        asked: Row = {
            "decision_id": made, "text": APPEAL, "at": at, "answered_at": None, "by_id": None, "outcome": "",
            "answer": "",
        }  # fmt: skip
        self._rows[Appeal].append(asked)
        self._log(at, "moderation.appealed", made["person_id"], case)
        answered = at + timedelta(hours=self.rng.lognormvariate(DELAY[0] + 1, DELAY[1]))
        if answered < self.now:
            self._answer(case, made, asked, answered)

    def _answer(self, case: Row, made: Row, asked: Row, at: datetime) -> None:
        """Let somebody else than who decided look at it again."""
        others = [id for id in self.managers if id not in (made["by_id"], made["person_id"])]
        by = self.rng.choice(others)
        outcome = Outcome.OVERTURNED if self.rng.random() < OVERTURNED else Outcome.UPHELD
        asked.update(answered_at=at, by_id=by, outcome=outcome, answer=ANSWERS[outcome])
        if outcome == Outcome.OVERTURNED:
            made["undone_at"], made["undone_by_id"] = at, by
            self._log(at, f"moderation.{made['act']}_undone", by, case, made["reason"])
            suspensions = self._rows[Suspension]
            self._rows[Suspension] = [each for each in suspensions if each["decision_id"] is not made]
            self._do(case, made, at, by, undone=True)
        self._log(at, f"moderation.appeal_{outcome}", by, case, ANSWERS[outcome])

    def _log(self, at: datetime, what: str, actor: int | None, case: Row, reason: str = "") -> None:
        self._rows[LogEntry].append({
            "id": 0, "at": at, "what": what, "actor_id": actor, "person_id": case["person_id"],
            "place_id": case["place_id"], "case_id": case["id"],
            "subject": f"{case['kind']} {case['subject_id']}", "address": "", "reason": reason,
        })  # fmt: skip
