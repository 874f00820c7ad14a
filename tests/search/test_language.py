"""A text is stemmed in its own language, which its small words tell; in both where they do not."""

import pytest
from parvis.contribution import SearchDocument
from parvis.search.analysis import language_of, stem, words
from parvis.search.record import record_of

FRENCH, ENGLISH = "Les installations de la ville et du port", "The installations of the town and the harbour"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (FRENCH, "fr"),
        (ENGLISH, "en"),
        ("Kubernetes cluster", None),
        ("", None),
        (f"{FRENCH}. {ENGLISH}", None),
    ],
)
def test_small_words_tell_a_language(text, language):
    assert language_of(words(text)) == language


@pytest.mark.parametrize(
    ("text", "said", "expected"),
    [
        (FRENCH, None, {"fr"}),
        (ENGLISH, None, {"en"}),
        ("installations", None, {"fr", "en"}),
        (FRENCH, "en", {"en"}),
    ],
)
def test_a_document_is_stemmed_in_its_language(text, said, expected):
    found = set(record_of("test:post", SearchDocument(1, "", text, language=said)).body.split())
    both = {language: stem("installations", language) for language in ("fr", "en")}
    assert both["fr"] != both["en"]
    assert {language for language, stemmed in both.items() if stemmed in found} == expected
