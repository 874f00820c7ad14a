from xml.etree import ElementTree

import pytest
from parvis.avatar import COLOURS, colour, initials, initials_svg


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Hélène Dupont", "HD"),
        ("émile zola", "ÉZ"),
        ("Jean-Marc de La Tour", "JT"),
        ("Jean d'Alembert", "JA"),
        ("Sinéad O’Brien", "SO"),
        ("vincent van Gogh", "G"),
        ("jean dupont", "JD"),
        ("Al Pacino", "AP"),
        ("Madonna", "M"),
        ("Amélie Martin (external)", "AM"),
        ("王小明", "王"),
        ("김민준", "김"),
        ("فاطمة الزهراء", "ف"),
        ("Ольга Петрова", "ОП"),
        ("😀 Bob", "B"),
        ("😀", "?"),
        ("", "?"),
        ("-- ''", "?"),
        ("ßa", "ß"),
    ],
)
def test_initials(name, expected):
    assert initials(name) == expected


def test_a_decomposed_accent_stays_with_its_letter():
    assert initials("E\u0301mile X\u0323\u0301a") == "ÉX\u0323\u0301"


def test_white_letters_are_readable_on_every_colour():
    assert [c for c in COLOURS if 1.05 / (luminance(c) + 0.05) < 4.5] == []


def test_a_name_keeps_its_colour_and_names_differ():
    assert colour("Hélène Dupont") == colour("HELENE dupont")
    assert len({colour(f"Person {n}") for n in range(200)}) == len(COLOURS)


@pytest.mark.parametrize(
    "name", ["Hélène Dupont", "<script> & co", "\0\x1b", "\ud800", '"><svg onload=x>', "&amp; &lt;"]
)
def test_the_drawing_is_well_formed_and_shows_nothing_but_initials(name):
    root = ElementTree.fromstring(initials_svg(name, size=48))
    assert root.get("width") == "48"
    assert root.find("{*}text").text == initials(name)
    assert [child.tag.partition("}")[2] for child in root] == ["rect", "text"]


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
