"""The judgements by which the search is measured, and the measure."""

from collections import Counter

import pytest

from bench.evaluation import is_meant, judgements, ndcg


def test_the_measure_is_that_of_trec_eval():
    assert ndcg([3, 2, 3, 0, 1, 2], [3, 3, 2, 2, 1, 0]) == pytest.approx(0.9608, abs=1e-4)
    assert (ndcg([3, 2, 1], [1, 2, 3]), ndcg([0, 0], [3]), ndcg([], [])) == (1.0, 0.0, 0.0)
    assert ndcg([0] * 10 + [3], [3]) == 0.0


def test_sixty_questions_at_least_half_of_them_held_out_in_both_languages():
    halves = Counter(each.held_out for each in judgements())
    languages = Counter((each.language, each.held_out) for each in judgements())
    assert (min(halves.values()) >= 30, abs(halves[True] - halves[False]) <= 5) == (True, True)
    assert min(languages.values()) >= 12
    typed = [each.typed for each in judgements()]
    assert sorted(set(typed)) == sorted(typed)


def test_contents_are_meant_by_how_they_begin_and_people_by_their_whole_handle():
    assert (is_meant("post Hel", "post Hello"), is_meant("@ada", "@ada2"), is_meant("@ada", "@ada")) == (
        True,
        False,
        True,
    )
