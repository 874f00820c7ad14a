"""Whatever anybody types, by the thousand: an answer, and soon, from both engines."""

import random
import time

import pytest
from parvis.db import db
from parvis.directory.event import PersonAdded
from parvis.events import record

TYPED = 1000
SECONDS = 1.5
WORDS = """
a é photo photos phtoo l' d’ œuvre C++ R&D " « » “ - * : # @ AND NOT ( ) [ ~2 ^9 / ½ ٣ % 1e999 the le
from: de:me in: dans:x tag: after:2024 avant:32/13/0 😀 ﬁ 中文
"""
PIECES = (
    *WORDS.split(),
    "\\",
    "\x00",
    "\u0301",
    "\u202e",
    "\ud800",
    "' OR 1=1 --",
    "x" * 50,
    "-" * 9,
    '"' * 7,
)
ENGINES = [
    pytest.param(engine, marks=pytest.mark.settings(search={"engine": engine}))
    for engine in ("whoosh", "tantivy")
]


def typed_things(seed, count):
    chance = random.Random(seed)
    for _number in range(count):
        pieces = chance.choices(PIECES, k=chance.randrange(1, 14))
        yield chance.choice(("", " ")).join(pieces)


@pytest.mark.proof
@pytest.mark.parametrize("engine", ENGINES)
def test_whatever_is_typed_is_answered_soon(engine, people, member_client, index):
    for number in range(60):
        person = people.person(f"Photo{number} Œuvre{number}", title=f"photo the {number} R&D C++ l'été 中文")
        record(PersonAdded(person=person.id))
    db.session.commit()
    index()
    more = ({"order": "new"}, {"within": "people"}, {"page": "2"}, {"suggest": "1"}, {})
    slow, refused = [], []
    for number, typed in enumerate(typed_things(5, TYPED)):
        asked = {"q": typed.encode("utf-8", "surrogatepass"), **more[number % len(more)]}
        headers = {"HX-Request": "true"} if "suggest" in asked else {}
        begun = time.process_time()
        answer = member_client.get("/search", query_string=asked, headers=headers)
        slow += [typed] if time.process_time() - begun > SECONDS else []
        refused += [typed] if answer.status_code not in (200, 400) else []
    assert (slow, refused) == ([], [])
