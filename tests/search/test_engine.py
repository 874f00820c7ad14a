"""One behaviour, two engines: what is found, in which order, for whom, and how much of it there is."""

import time
from datetime import UTC, datetime

import pytest
from parvis.contribution import SearchDocument
from parvis.search.engine import engine_class
from parvis.search.query import parse
from parvis.search.record import Match, Plan, code_of, number_of, record_of

POST, PERSON = code_of("test:post"), code_of("test:person")


def doc(id, title="", body="", **more):
    return SearchDocument(id, title, body, **more)


class Shelf:
    """An index, filled and asked in a line each."""

    def __init__(self, engine):
        self.engine = engine

    def put(self, *documents, kind="test:post", gone=()):
        self.engine.write(list(gone), [record_of(kind, each) for each in documents], "state")

    def ask(self, typed, *, match=Match.ALL, typing=False, **more):
        query = parse(typed, typing=typing)
        plan = Plan(
            query.terms, query.without, query.tags, frozenset({POST, PERSON}), match=match,
            **{"after": moment(query.after), "before": moment(query.before), **more},
        )  # fmt: skip
        return self.engine.search(plan)

    def find(self, typed, **more):
        return [id for _kind, id in self.ask(typed, **more).hits]


def moment(at):
    return None if at is None else number_of(at)


@pytest.fixture(params=["whoosh", "tantivy"])
def shelf(request, tmp_path):
    made = Shelf(engine_class(request.param).create(tmp_path))
    yield made
    made.engine.close()


def test_a_word_is_found_whatever_its_accents_case_and_ligatures(shelf):
    shelf.put(doc(1, "Bœuf à l’Hôtel"), doc(2, "Other"))
    assert [shelf.find(word) for word in ("boeuf", "BŒUF", "hotel", "hôtel")] == [[1]] * 4


def test_an_elision_hides_no_word(shelf):
    shelf.put(doc(1, "L’expertise d’Anne", "jusqu'aujourd'hui"), doc(2, "The company's bread"))
    assert [shelf.find(word) for word in ("expertise", "l'expertise", "anne", "company")] == [
        [1],
        [1],
        [1],
        [2],
    ]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Les photographies de la fête", "photographie"),
        ("Des antennes développées ici", "développer"),
        ("We are painting the houses", "house paint"),
        ("Bread and baking", "bakes"),
    ],
)
def test_other_forms_of_a_word_are_found(shelf, written, typed):
    shelf.put(doc(1, "", written), doc(2, "", "Something else"))
    assert shelf.find(typed) == [1]


def test_small_words_neither_find_nor_hinder(shelf):
    shelf.put(doc(1, "", "La recette du pain"), doc(2, "", "Le chat et la souris"))
    assert (shelf.find("une recette de pain"), shelf.find("the recette of pain")) == ([1], [1])


def test_small_words_alone_are_looked_for_as_they_stand(shelf):
    shelf.put(doc(1, "The Who", "a band"), doc(2, "A band"))
    assert shelf.find("the who") == [1]


def test_names_with_signs_are_words_of_their_own(shelf):
    shelf.put(
        doc(1, "", "C++ here"), doc(2, "", "C# there"), doc(3, "", "plain C"), doc(4, "", "our R&D team")
    )
    assert [shelf.find(word) for word in ("C++", "c#", "c", "r&d")] == [[1], [2], [3], [4]]


def test_all_words_are_wanted(shelf):
    shelf.put(doc(1, "", "antenna radio"), doc(2, "", "antenna"), doc(3, "", "radio"))
    assert shelf.find("radio antenna") == [1]


def test_a_title_comes_before_a_text(shelf):
    shelf.put(
        doc(1, "Holidays", "a word on solar panels in the sun"), doc(2, "Solar panels", "all about them")
    )
    assert shelf.find("solar panels") == [2, 1]


def test_a_phrase_is_found_in_its_order_and_not_across_title_and_text(shelf):
    shelf.put(
        doc(1, "", "le chef de projet arrive"), doc(2, "", "projet du chef"), doc(3, "Un chef", "de projet")
    )
    assert (shelf.find('"chef de projet"'), sorted(shelf.find("chef projet"))) == ([1], [1, 2, 3])


def test_what_must_not_be_there_is_left_out(shelf):
    shelf.put(doc(1, "", "red wine"), doc(2, "", "white wine"), doc(3, "", "water"))
    assert (shelf.find("wine -red"), sorted(shelf.find("-wine"))) == ([2], [3])


def test_a_phrase_can_be_left_out(shelf):
    shelf.put(doc(1, "", "machine to machine"), doc(2, "", "a machine"))
    assert shelf.find('machine -"machine to machine"') == [2]


def test_a_beginning_finds_with_a_star_and_while_typing(shelf):
    shelf.put(doc(1, "Photography club"), doc(2, "", "photonics in a text"), doc(3, "Phonetics"))
    assert sorted(shelf.find("photo*")) == [1, 2]
    assert shelf.find("photogr", typing=True) == [1]
    assert shelf.find("photogr") == []


def test_typing_errors_are_forgiven_when_asked(shelf):
    shelf.put(doc(1, "", "développement durable"), doc(2, "", "autre chose"))
    assert (shelf.find("devellopement"), shelf.find("devellopement", match=Match.FUZZY)) == ([], [1])


def test_two_letters_the_wrong_way_round_are_one_error(shelf):
    shelf.put(doc(1, "Hélène"), doc(2, "soudage"), doc(3, "something else"))
    found = [shelf.find(typed, match=Match.FUZZY) for typed in ("helnee", "osudage", "soudgae")]
    assert found == [[1], [2], [2]]


def test_topics_and_tags_count_more_than_a_text_and_are_found_in_either_language(shelf):
    text = "a word about welders here and there, said once in a long text about other things altogether"
    shelf.put(
        doc(1, "", text), doc(2, "", "short", topics="Welding\nSoudage"), doc(3, "", "x", tags=["welding"])
    )
    assert sorted(shelf.find("welding")) == [2, 3]
    shelf.put(doc(4, "", text.replace("welders", "welding")))
    assert (shelf.find("welding")[-1], shelf.find("soudages"), shelf.find("sou*")) == (4, [2], [2])


def test_short_words_are_not_guessed(shelf):
    shelf.put(doc(1, "", "the cat"), doc(2, "", "the car"))
    assert shelf.find("cat", match=Match.FUZZY) == [1]


def test_some_of_the_words_when_asked_the_most_first(shelf):
    shelf.put(doc(1, "", "alpha"), doc(2, "", "alpha beta"), doc(3, "", "gamma"))
    assert shelf.find("alpha beta delta", match=Match.SOME) == [2, 1]


def test_tags_filter(shelf):
    shelf.put(doc(1, "", "x", tags=["Côte d’Azur"]), doc(2, "", "x cote azur", tags=["other"]))
    assert (shelf.find('tag:"cote d azur"'), shelf.find("#Côte-d-Azur x"), sorted(shelf.find("azur"))) == (
        [1],
        [1],
        [1, 2],
    )


def test_dates_filter(shelf):
    shelf.put(*(doc(n, "", "x", at=datetime(2020 + n, 6, 1, tzinfo=UTC)) for n in (1, 2, 3)))
    assert sorted(shelf.find("x after:2022")) == [2, 3]
    assert shelf.find("x before:2022-06-01") == [1]
    assert shelf.find("after:1/6/2022 avant:2023 x") == [2]


def test_authors_and_places_filter(shelf):
    shelf.put(doc(1, "", "x", author=7, place=3), doc(2, "", "x", author=8, place=3), doc(3, "", "x"))
    assert shelf.find("x", authors=frozenset({7})) == [1]
    assert sorted(shelf.find("", places=frozenset({3}))) == [1, 2]
    assert shelf.find("x", authors=frozenset()) == []


def test_only_what_an_audience_reads_is_found_and_counted(shelf):
    shelf.put(doc(1, "", "x"), doc(2, "", "x", audience=5), doc(3, "", "x", audience=6))
    stranger, member = shelf.ask("x"), shelf.ask("x", audiences=frozenset({5}))
    assert (stranger.hits, stranger.counts) == (((POST, 1),), {POST: 1})
    assert (sorted(member.hits), member.counts) == ([(POST, 1), (POST, 2)], {POST: 2})


def test_a_member_of_many_places_is_answered(shelf):
    shelf.put(*(doc(n, "", "x", audience=n) for n in range(1, 600)))
    found = shelf.ask("x", audiences=frozenset(range(1, 301)))
    assert found.counts == {POST: 300}


def test_kinds_narrow_the_hits_and_not_the_counts(shelf):
    shelf.put(doc(1, "", "x"), doc(2, "", "x"))
    shelf.put(doc(1, "x"), kind="test:person")
    shelf.put(doc(9, "x"), kind="test:gone")
    found = shelf.ask("x", kinds=frozenset({PERSON}))
    assert (found.hits, dict(found.counts)) == (((PERSON, 1),), {POST: 2, PERSON: 1})


def test_newest_first(shelf):
    shelf.put(*(doc(n, "x", at=datetime(2020, n, 1, tzinfo=UTC)) for n in (3, 1, 2)))
    assert shelf.find("x", newest=True) == [3, 2, 1]


def test_pages_follow_each_other(shelf):
    shelf.put(*(doc(n, "x", at=datetime(2020, n, 1, tzinfo=UTC)) for n in range(1, 8)))
    pages = [shelf.find("x", newest=True, offset=offset, limit=3) for offset in (0, 3, 6, 9)]
    assert pages == [[7, 6, 5], [4, 3, 2], [1], []]


def test_a_document_is_replaced_and_taken_out(shelf):
    shelf.put(doc(1, "before"), doc(2, "before"))
    shelf.put(doc(1, "after"), gone=["test:post:2"])
    assert (shelf.find("before"), shelf.find("after")) == ([], [1])


def test_the_state_is_kept_with_the_commit_and_never_found(shelf):
    shelf.engine.write([], [record_of("test:post", doc(1, "x"))], "one")
    shelf.engine.write([], [], "two")
    assert (shelf.engine.state(), shelf.find("two"), shelf.find("-y")) == ("two", [], [1])


def test_an_index_is_opened_again(shelf, tmp_path):
    shelf.put(doc(1, "x"))
    again = Shelf(type(shelf.engine).open(tmp_path))
    assert (again.find("x"), again.engine.state()) == ([1], "state")
    again.engine.close()


def test_what_another_process_commits_is_seen_after_a_second_look(shelf, tmp_path):
    reader = Shelf(type(shelf.engine).open(tmp_path))
    for number in (1, 2, 3):
        shelf.put(doc(number, "x"))
        reader.engine.look_again()
        assert len(reader.find("x")) == number
    reader.engine.close()


def test_the_version_changes_with_each_commit(shelf, tmp_path):
    versions = []
    for number in range(3):
        shelf.put(doc(number, "x"))
        versions.append(shelf.engine.version(tmp_path))
    assert len(set(versions)) == 3


@pytest.mark.parametrize("match", Match)
def test_whatever_is_typed_is_answered_soon(shelf, hostile, match):
    shelf.put(*(doc(n, f"word{n} photo", "developpement " * 30) for n in range(200)))
    for typed in hostile:
        begun = time.process_time()
        shelf.ask(typed, match=match, typing=True)
        assert time.process_time() - begun < 1.5, typed[:40]


def test_a_document_of_odd_text_is_taken(shelf, hostile):
    shelf.put(*(doc(n, typed, typed, tags=[typed]) for n, typed in enumerate(hostile)), doc(99, "fine"))
    assert shelf.find("fine") == [99]
