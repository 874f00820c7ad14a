"""What people type is read, never refused, and bounded in every way."""

import random
import time
from datetime import UTC, datetime

import pytest
from parvis.search.query import (
    MOST_CHARACTERS,
    MOST_FILTERS,
    MOST_PHRASE,
    MOST_WITHOUT,
    MOST_WORDS,
    Query,
    Term,
    parse,
)


def words(*them):
    return tuple(Term((word,)) for word in them)


def test_words_are_folded_and_small_ones_go():
    assert parse("La Crème de l’été") == Query(words("creme", "ete"))


def test_small_words_alone_stay():
    assert parse("the who") == Query(words("the", "who"))


def test_a_phrase_one_word_that_must_not_be_there_and_a_beginning():
    query = parse('"machine to machine" -wine photo*')
    assert query == Query((Term(("machine", "to", "machine")), Term(("photo",), begins=True)), words("wine"))


def test_filters_in_both_languages():
    query = parse('pain de:@Helene.Dupont in:photo-club dans:"Club Photo" tag:Été avant:2024-03 after:2023')
    assert query == Query(
        words("pain"), (), ("helene.dupont",), ("photo-club", "club photo"), ("ete",),
        datetime(2023, 1, 1, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize("typed", ["after:yesterday", "before:2023-02-30", "before:0000", "http://x"])
def test_what_is_no_filter_is_words(typed):
    query = parse(typed)
    assert (bool(query.terms), query.after, query.before) == (True, None, None)


def test_the_last_word_may_be_unfinished():
    assert parse("helene dup", typing=True).terms == (Term(("helene",)), Term(("dup",), also=True))
    assert parse("helene dup ", typing=True).terms == words("helene", "dup")


def check_bounds(query):
    assert len(query.terms) <= MOST_WORDS
    assert len(query.without) <= MOST_WITHOUT
    assert max(len(query.authors), len(query.places), len(query.tags)) <= MOST_FILTERS
    for term in (*query.terms, *query.without):
        assert 1 <= len(term.words) <= MOST_PHRASE
        assert all(0 < len(word) <= 40 and " " not in word for word in term.words)


@pytest.mark.parametrize("typing", [False, True])
def test_nothing_is_an_error_and_everything_is_bounded(hostile, typing):
    for typed in hostile:
        begun = time.process_time()
        check_bounds(parse(typed, typing=typing))
        assert time.process_time() - begun < 0.2


def test_random_text_is_read_too():
    chance = random.Random(7)
    alphabet = "ab\"-:*#@\\()'’«» \x00\u0301\ud800éœﬁ9./ 😀"
    for _ in range(3000):
        typed = "".join(chance.choices(alphabet, k=chance.randrange(40)))
        check_bounds(parse(typed, typing=chance.random() < 0.5))


def test_no_more_is_read_than_one_would_type():
    assert len(parse("word " * MOST_CHARACTERS).words) == 1
    assert parse(" ".join(f"w{n}" for n in range(200))).words == [f"w{n}" for n in range(MOST_WORDS)]
