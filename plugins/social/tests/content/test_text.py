"""What people type becomes what is shown: people, tags, emoji and addresses, in text only."""

import re

import pytest
from parvis.api import Invalid
from parvis_social.content.emoji import EMOJI, find_emoji
from parvis_social.content.quote import quotation
from parvis_social.content.text import render, tag_key
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin)


@pytest.fixture
def anna(people):
    """Return somebody whom texts name."""
    return people.member("Anna Blum")


@pytest.mark.parametrize(
    "text",
    [
        "@anna.blum",
        "@Anna.Blum!",
        "Ask @anna.blum.",
        "Ask @anna.blum, please",
        "(@anna.blum)",
        "**@anna.blum**",
        "@anna.blum's idea",
        "l'@anna.blum",
        "- one\n- @anna.blum",
        "| a |\n|---|\n| @anna.blum |",
        "@anna.blum and once more @anna.blum",
    ],
)
def test_who_is_named_is_linked_and_known(anna, text):
    found = render(text)
    assert found.mentioned == (anna.id,)
    assert 'href="/people/anna.blum"' in found.html


@pytest.mark.parametrize("text", ["> @anna.blum said so", "> - @anna.blum", "> one\n> > @anna.blum\n\ntwo"])
def test_whom_only_a_quotation_names_is_linked_and_not_named_again(anna, text):
    found = render(text)
    assert (found.mentioned, 'href="/people/anna.blum"' in found.html) == ((), True)
    assert render(f"{text}\n\nYes, @anna.blum").mentioned == (anna.id,)


@pytest.mark.parametrize(
    "text",
    [
        "`@anna.blum`",
        "```\n@anna.blum\n```",
        "    @anna.blum",
        "[@anna.blum](https://example.org)",
        "https://example.org/@anna.blum",
        "<https://example.org/@anna.blum>",
        "![@anna.blum](/picture.png)",
        "mail@anna.blum",
        "@@anna.blum",
        r"\@anna.blum",
        "@anna.blum@example.org",
        "@anna.blumen",
        "@nobody.here",
    ],
)
def test_nobody_is_named_in_code_links_and_words(anna, text):
    found = render(text)
    assert found.mentioned == ()
    assert "/people/" not in found.html


def test_who_has_left_is_not_named(people):
    people.person("Gone Person", present=False)
    assert render("@gone.person").mentioned == ()


@pytest.mark.parametrize("count", [1, 3])
def test_naming_people_costs_one_query(people, count_queries, count):
    text = " ".join(f"@{people.person().handle}" for _ in range(count))
    with count_queries(exactly=1):
        assert len(render(text).mentioned) == count


def test_text_that_names_nobody_costs_no_query(app, count_queries):
    with count_queries(exactly=0):
        render("Hello #world")


def test_twenty_people_at_most_are_told(people):
    handles = [people.person().handle for _ in range(25)]
    found = render(" ".join(f"@{handle}" for handle in handles))
    assert (len(found.mentioned), found.html.count("/people/")) == (20, 25)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("#Welding", ("Welding",)),
        ("#one, #two; #three.", ("one", "two", "three")),
        ("#4x4 and #covid-19", ("4x4", "covid-19")),
        ("#Été #ete", ("Été",)),
        ("#snow_board", ("snow_board",)),
        ("#safety-", ("safety",)),
        ("**#bold** _#thin_", ("bold", "thin")),
        ("## About #inside", ("inside",)),
        ("#日本", ("日本",)),
        ("# Heading", ()),
        ("#42", ()),
        ("#1-2", ()),
        ("C# a#b ##c #", ()),
        ("`#code`", ()),
        ("https://example.org/#part", ()),
        ("[#link](/x)", ()),
        (r"\#no", ()),
        ("&#39;", ()),
        ("#" + "x" * 61, ()),
    ],
)
def test_tags_are_words_after_a_hash(app, text, labels):
    assert render(text).tags == labels


def test_a_tag_is_found_without_case_accents_and_strokes():
    assert {tag_key(label) for label in ("Été_2026", "ete-2026", "ÉTÉ--2026")} == {"ete-2026"}


def test_a_tag_links_to_its_page(app):
    assert 'href="/tags/machine-a-machine"' in render("#Machine-à-Machine").html


def test_twenty_tags_at_most_are_kept(app):
    assert len(render(" ".join(f"#tag{number}" for number in range(30))).tags) == 20


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (":tada:", "🎉"),
        ("Well done :+1:!", "Well done 👍!"),
        (":TADA:", "🎉"),
        (":nothing:", ":nothing:"),
        ("at 10:30:45", "at 10:30:45"),
        (r"\:tada:", ":tada:"),
        ("a:tada:b", "a:tada:b"),
    ],
)
def test_emoji_have_names(app, text, shown):
    assert render(text).html == f"<p>{shown}</p>"


def test_emoji_are_found_by_a_word_of_either_language():
    assert ("tada", "🎉") in find_emoji("fete")
    assert ("tada", "🎉") in find_emoji("party")
    assert find_emoji("zzzz") == []
    assert len(find_emoji("")) == 8


def test_every_name_of_an_emoji_can_be_typed(app):
    assert {render(f":{name}:").html for name in EMOJI} == {
        f"<p>{sign}</p>" for sign, _words in EMOJI.values()
    }


@pytest.mark.parametrize(
    ("text", "href", "shown"),
    [
        ("See https://example.org.", "https://example.org", "example.org"),
        ("(https://example.org/a)", "https://example.org/a", "example.org/a"),
        ("https://example.org/a_(b)", "https://example.org/a_(b)", "example.org/a_(b)"),
        ("https://example.org/a_b_c?d=1&e=2!", "https://example.org/a_b_c?d=1&amp;e=2", None),
        ("https://example.org/é", "https://example.org/%C3%A9", "example.org/é"),
    ],
)
def test_a_bare_address_is_a_link(app, text, href, shown):
    html = render(text).html
    assert f'href="{href}"' in html
    assert shown is None or f">{shown}</a>" in html


@pytest.mark.parametrize(
    "text", ["http://a:b:c/", "https://", "javascript:alert(1)", "file:///etc", "`https://example.org`"]
)
def test_what_is_no_address_is_no_link(app, text):
    assert "<a" not in render(text).html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "https://example.org/<img src=x onerror=alert(1)>",
        '#a"onclick="alert(1)',
        "@anna.blum<b>",
    ],
)
def test_nothing_that_is_typed_becomes_markup(anna, text):
    tags = re.findall("<[^>]*>", render(text).html)
    assert {re.match("</?([a-z]*)", tag)[1] for tag in tags} <= {"p", "a"}
    assert {name for tag in tags for name in re.findall(" ([a-z]+)=", tag)} <= {"href", "rel"}


@pytest.mark.parametrize("text", ["> " * 40 + "deep", "x" * 70_000, "*" * 9_000])
def test_what_is_too_much_is_told_beside_the_field(app, text):
    with pytest.raises(Invalid) as refusal:
        render(text)
    assert refusal.value.field == "text"


def test_control_characters_and_lone_surrogates_are_taken_out(app):
    assert render("a\0b\ud800c\u202ed #x\0y").tags == ("xy",)


def test_of_a_long_text_only_the_beginning_is_quoted():
    assert quotation("One\n\nTwo") == "> One\n> \n> Two\n\n"
    assert quotation("\n".join(["word " * 100] * 9)) == ("> " + "word " * 100 + "\n") * 3 + "\n"
    assert quotation("word " * 900) == "> " + "word " * 399 + "word\n\n"
    assert len(quotation("x" * 9000)) == 2004
