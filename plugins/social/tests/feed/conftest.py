"""A company that writes: places, follows and contents in numbers, put straight into the tables."""

import random
from collections import Counter
from datetime import timedelta
from itertools import accumulate, count

import pytest
from parvis.api import Member, Person, db, utcnow
from parvis_social.content.models import Bookmark, Content, ContentTag, Reaction, Tag, TagFollow
from parvis_social.place.models import Access, Membership, PersonFollow, Place, PlaceFollow, Posting
from sqlalchemy import insert, text, update

FOLLOWS = {
    "light": (3, 5, 1),
    "average": (12, 15, 3),
    "heavy": (300, 500, 20),
    "quiet": (0, 0, 0),
    "new": (0, 0, 0),
}
"""How many places, people and tags each follows; the quiet one follows five places where nobody writes."""

BATCH = 20_000
TAGS = 50
LONGEST = 500
"""Comments under the very first post."""


class Company:
    """Places and people in numbers; `crowd` are the ids of those whose feeds are looked at."""

    def __init__(self, *, people=300, places=160, dead=10, memberships=1_500):
        self.chance, self.now = random.Random(1), utcnow()
        found = self._people(people + len(FOLLOWS))
        self.crowd, self.people = dict(zip(FOLLOWS, found, strict=False)), found[len(FOLLOWS) :]
        self.access = self._places(places + dead)
        ids = list(self.access)
        self.places, self.dead = ids[:places], ids[places:]
        self.members = self._members(memberships)
        self.tags = self._tags()
        for name, (some_places, some_people, some_tags) in FOLLOWS.items():
            followed = self.dead[:5] if name == "quiet" else self._some(self.places, some_places)
            self._follow(self.crowd[name], followed, self._some(self.people, some_people), some_tags)

    def write(self, *, posts=6_000, comments=4_000):
        """Write posts and comments mixed in time, with few who write much; return the first post."""
        sizes = [len(self.members[place]) for place in self.places]
        where = iter(self.chance.choices(self.places, weights=sizes, k=posts))
        first, total = _next(Content), posts + comments
        roots, answers, given = [], [], Counter()
        for n in range(first, first + total):
            if len(roots) < posts and (not roots or self.chance.random() < posts / total):
                place = next(where)
                author = self.members[place][int(len(self.members[place]) * self.chance.random() ** 3)]
                roots.append(self._row(n, "post", place, author))
                continue
            root = roots[max(0, len(roots) - 1 - int(self.chance.expovariate(1 / 300)))]
            root = roots[0] if given[first] < LONGEST else root
            given[root["id"]] += 1
            root["latest_id"] = n
            answer = self._row(n, "comment", root["place_id"], self.chance.choice(self.people))
            answers.append({**answer, "root_id": root["id"], "number": given[root["id"]]})
        for row in roots:
            row["comments_given"] = row["comments_count"] = given[row["id"]]
        _add(Content, roots)
        _add(Content, answers)
        self._after(roots)
        return first

    def settle(self):
        """Commit, and let the database look at what it holds."""
        db.session.commit()
        db.session.execute(text("ANALYZE"))
        db.session.commit()
        if (
            db.engine.dialect.name == "postgresql"
        ):  # so little fits in few pages: it would rightly read them all
            db.session.execute(text("SET random_page_cost = 1.1"))
            db.session.commit()

    def _after(self, roots):
        newest = {row["place_id"]: row["latest_id"] for row in roots}
        db.session.execute(update(Place), [{"id": n, "latest_id": latest} for n, latest in newest.items()])
        weights = [1 / (n + 1) for n in range(TAGS)]
        tagged = self._some(roots, len(roots) // 3)
        tags = self.chance.choices(self.tags, weights=weights, k=len(tagged))
        rows = zip(tagged, tags, strict=True)
        _add(
            ContentTag,
            [{"content_id": r["id"], "tag_id": tag, "latest_id": r["latest_id"]} for r, tag in rows],
        )
        for person in self.crowd.values():
            some = [{"content_id": r["id"], "person_id": person} for r in self._some(roots, 200)]
            _add(Reaction, [{**row, "kind": "like"} for row in some])
            _add(Bookmark, some[:60])

    def _some(self, those, most):
        return self.chance.sample(those, min(most, len(those)))

    def _row(self, n, type_, place, author):
        return {
            "id": n, "type": type_, "place_id": place, "author_id": author, "latest_id": n, "version": 1,
            "audience": 0 if self.access[place] == Access.OPEN else place, "files": [], "tags": [],
            "body_html": f"<p>Text {n}, as long as most are: two or three sentences, and more.</p>" * 3,
            "reactions": {"like": 2}, "root_id": None, "parent_id": None, "number": None,
            "comments_given": 0, "comments_count": 0, "created_at": self.now + timedelta(seconds=n),
        }  # fmt: skip

    def _people(self, total):
        ids = [n for n, _each in zip(count(_next(Person)), range(total), strict=False)]
        rows = (
            {
                "id": n, "username": f"u{n}", "handle": f"crowd.{n}", "display_name": f"Person {n}",
                "sort_name": f"person {n}", "title": "Chemist",
            }
            for n in ids
        )  # fmt: skip
        _add(Person, rows)
        _add(Member, ({"id": n, "joined_at": self.now, "steps_done": []} for n in ids))
        return ids

    def _places(self, total):
        first = _next(Place)
        kinds = [Access.OPEN] * 7 + [Access.CLOSED] * 3
        access = {n: self.chance.choice(kinds) for n in range(first, first + total)}
        common = {"kind": "wall", "posting": Posting.MEMBERS, "types": []}
        rows = ({"id": n, "slug": f"p{n}", "name": f"Place {n}", "access": access[n]} for n in access)
        _add(Place, ({**common, **row} for row in rows))
        return access

    def _members(self, total):
        """Put people into large and small places, as they are: a tenth of them holds more than half."""
        weights = list(accumulate(1 / (rank + 3) ** 0.8 for rank in range(len(self.places))))
        pairs = {(self.people[place % len(self.people)], place) for place in self.places}
        while len(pairs) < total:
            people = self.chance.choices(self.people, k=1000)
            pairs.update(
                zip(people, self.chance.choices(self.places, cum_weights=weights, k=1000), strict=True)
            )
        members = {}
        for person, place in sorted(pairs):
            members.setdefault(place, []).append(person)
        _add(Membership, ({"person_id": person, "place_id": place} for person, place in sorted(pairs)))
        _add(PlaceFollow, ({"person_id": person, "place_id": place} for person, place in sorted(pairs)))
        return members

    def _tags(self):
        first = _next(Tag)
        _add(Tag, ({"id": first + n, "folded": f"tag{n}", "label": f"tag{n}"} for n in range(TAGS)))
        return list(range(first, first + TAGS))

    def _follow(self, person, places, people, tags):
        _add(Membership, ({"person_id": person, "place_id": n} for n in places[::2]))
        _add(PlaceFollow, ({"person_id": person, "place_id": n} for n in places))
        _add(PersonFollow, ({"person_id": person, "followed_id": n} for n in people))
        _add(TagFollow, ({"person_id": person, "tag_id": n} for n in self.tags[:tags]))


def _next(model):
    return (db.session.scalar(db.select(db.func.max(model.id))) or 0) + 1


def _add(model, rows):
    rows = list(rows)
    for start in range(0, len(rows), BATCH):
        db.session.execute(insert(model), rows[start : start + BATCH])


@pytest.fixture
def company(app):
    """Return a company in which something was written."""
    made = Company()
    made.thread = made.write()
    made.settle()
    return made
