"""French is complete, says the same thing everywhere, and is French: in core and in every plugin."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from parvis.cli.i18n import extracted, read_catalog, write_catalog

ROOT = Path(__file__).parents[2]
PACKAGES = [ROOT / "core" / "parvis", *sorted(p.parent for p in ROOT.glob("plugins/*/parvis_*/__init__.py"))]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w*\}")
FAMILIAR = re.compile(r"\b(?:tu|te|toi|ton|ta|tes|tien|tienne)\b|\bt’", re.IGNORECASE)
TYPEWRITTEN = {
    "a straight apostrophe": r"\w'\w",
    "English quotation marks": r"[“”]|\"",
    "an ordinary space before : ; ? ! » %": r" [:;?!»%]",
    "no space before ; ? !": r"\w[;?!]",
    "no space before :": r"\w:(?!//)",
    "no non-breaking space after «": r"«(?![\u00a0\u202f])",
    "no non-breaking space before »": r"(?<![\u00a0\u202f])»",
    "three dots": r"\.\.\.",
}


def catalogue(package):
    """Return the French catalogue of a package, an empty one if it has none."""
    path = package / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
    return read_catalog(path) if path.exists() else Catalog(locale="fr")


def forms(text):
    """Return the forms of a message or a translation: one, or singular and plural."""
    return (text,) if isinstance(text, str) else tuple(text or ())


def messages(catalog):
    """Return what is to be said, without the header."""
    return [message for message in catalog if message.id]


def faults(message):
    """Return what is wrong with a translation."""
    said, meant = forms(message.string), forms(message.id)
    if len(said) != len(meant) or not all(said):
        return ["untranslated"]
    found = ["fuzzy"] if message.fuzzy else []
    if any(text != text.strip() for text in said):
        found.append("space at an end")
    if wrong_placeholders(said, meant):
        found.append("other placeholders")
    if FAMILIAR.search(" ".join(said)):
        found.append("tutoiement")
    plain = [PLACEHOLDER.sub(lambda found: "%" if found[0] == "%%" else "x", text) for text in said]
    return found + [
        fault for fault, sign in TYPEWRITTEN.items() if any(re.search(sign, text) for text in plain)
    ]


def wrong_placeholders(said, meant):
    """Compare the last form of each; the singular may leave out the number."""
    wanted = [Counter(PLACEHOLDER.findall(text)) for text in meant]
    given = [Counter(PLACEHOLDER.findall(text)) for text in said]
    singular = given[0] - Counter({"%(num)s": 1}) == wanted[0] - Counter({"%(num)s": 1})
    return given[-1] != wanted[-1] or not singular


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_the_catalogue_holds_the_messages_of_the_sources_and_no_other(package):
    in_sources = {message.id for message in messages(extracted(package))}
    in_catalogue = {message.id for message in messages(catalogue(package))}
    assert (in_sources - in_catalogue, in_catalogue - in_sources) == (set(), set())


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_every_message_is_well_translated(package):
    catalog = catalogue(package)
    wrong = {message.id: found for message in messages(catalog) if (found := faults(message))}
    assert (wrong, list(catalog.obsolete), catalog.fuzzy) == ({}, [], False)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_a_plural_has_the_forms_of_french(package):
    assert (catalogue(package).num_plurals, catalogue(package).plural_expr) == (2, "(n > 1)")


def test_no_two_catalogues_translate_one_message_differently():
    said = defaultdict(set)
    for package in PACKAGES:
        for message in messages(catalogue(package)):
            said[message.id].add(message.string)
    assert {message: strings for message, strings in said.items() if len(strings) > 1} == {}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_a_catalogue_is_as_update_writes_it(package, tmp_path):
    path = package / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        pytest.skip(f"{package.name} has no catalogue")
    catalog = catalogue(package)
    catalog.update(extracted(package), no_fuzzy_matching=True)
    write_catalog(tmp_path / "messages.po", catalog)
    assert path.read_text(encoding="utf-8") == (tmp_path / "messages.po").read_text(encoding="utf-8")


def test_no_template_puts_a_colon_behind_what_is_translated():
    """French has a space there: the colon belongs into the message."""
    written = re.compile(r"\}\}:|%\}: ")
    found = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (package / "templates").rglob("*.html")
        if written.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_samples_for_developers_are_left_out():
    developers_only = "What pages are built from."
    assert developers_only in (ROOT / "core/parvis/templates/develop/components.html").read_text(
        encoding="utf-8"
    )
    assert [m.id for m in extracted(PACKAGES[0]) if str(m.id).startswith(developers_only)] == []


@pytest.mark.parametrize(
    ("meant", "said", "fault"),
    [
        ("Save", "", "untranslated"),
        (("%(num)s photo", "%(num)s photos"), ("%(num)s photo", ""), "untranslated"),
        (("One photo", "%(num)s photos"), ("Une photo", "Des photos"), "other placeholders"),
        ("Hello, %(name)s", "Bonjour %(nom)s", "other placeholders"),
        ("%(part)s %% done", "%(part)s fait", "other placeholders"),
        ("Remove {tag}", "Retirer {mot}", "other placeholders"),
        ("Save", "Enregistrer ", "space at an end"),
        ("Your profile", "Ton profil", "tutoiement"),
        ("You are here", "Te voilà", "tutoiement"),
        ("Find somebody", "Trouver quelqu'un", "a straight apostrophe"),
        ("Ready?", "C’est fait ?", "an ordinary space before : ; ? ! » %"),
        ("Ready?", "C’est fait?", "no space before ; ? !"),
        ("Run: this", "Lancez: ceci", "no space before :"),
        ("%(part)s %% done", "Fait à %(part)s %%", "an ordinary space before : ; ? ! » %"),
        ("“This”", "“Ceci”", "English quotation marks"),
        ("“This”", "«Ceci\u00a0»", "no non-breaking space after «"),
    ],
)
def test_a_bad_translation_is_found(meant, said, fault):
    assert faults(Message(meant, said)) == [fault]


@pytest.mark.parametrize(
    ("meant", "said"),
    [
        (
            "Ready? See https://example.com: it is “there”.",
            "Prêt\u202f? Voyez https://example.com\u00a0: c’est «\u00a0là\u00a0».",
        ),
        (("One photo", "%(num)s photos"), ("%(num)s photo", "%(num)s photos")),
        (("%(num)s photo", "%(num)s photos"), ("Une photo", "%(num)s photos")),
    ],
)
def test_a_good_translation_is_not_complained_of(meant, said):
    assert faults(Message(meant, said)) == []


def test_an_uncertain_translation_is_found():
    assert faults(Message("Save", "Enregistrer", flags=["fuzzy"])) == ["fuzzy"]
