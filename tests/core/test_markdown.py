import random
import re
import time
from contextlib import suppress
from html.parser import HTMLParser

import pytest
from parvis.cleaning import clean
from parvis.errors import Invalid
from parvis.markdown import MAX_BYTES, MAX_COUNT, render

REL = 'rel="noopener nofollow ugc"'


def test_common_formatting():
    assert render("**Bold** *it* ~~no~~ `x<1`\nnext line\n\n- a\n- b\n\n3. c\n\n> q") == (
        "<p><strong>Bold</strong> <em>it</em> <s>no</s> <code>x&lt;1</code><br>\nnext line</p>\n"
        '<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol start="3">\n<li>c</li>\n</ol>\n'
        "<blockquote>\n<p>q</p>\n</blockquote>"
    )


def test_headings_start_below_the_title_of_the_page():
    assert render("# One\n\nTwo\n---\n\n###### Six") == "<h2>One</h2>\n<h3>Two</h3>\n<h6>Six</h6>"


def test_a_table_keeps_its_alignment_without_a_style_attribute():
    html = render("| a | b |\n|:-|-:|\n| 1 | 2 |")
    assert re.findall(r"<(t[hd])\b([^>]*)>", html) == [
        ("th", ' align="left"'),
        ("th", ' align="right"'),
        ("td", ' align="left"'),
        ("td", ' align="right"'),
    ]


@pytest.mark.parametrize(
    "address", ["https://e.com/a", "HTTP://e.com", "mailto:me@example.org", "/people/anna"]
)
def test_links_that_are_kept(address):
    assert render(f'[x]({address} "t")') == f'<p><a href="{address}" title="t" {REL}>x</a></p>'


def test_an_address_in_angle_brackets_is_a_link():
    assert render("<https://e.com>") == f'<p><a href="https://e.com" {REL}>https://e.com</a></p>'
    assert render("<me@e.com>") == f'<p><a href="mailto:me@e.com" {REL}>me@e.com</a></p>'


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#x6a;avascript:alert(1)",
        "java&Tab;script:alert(1)",
        "data:text/html,x",
        "data:image/png;base64,x",
        "vbscript:x",
        "ftp://e.com",
        "file:///etc/passwd",
        "//evil.example",
        "relative",
        "#top",
    ],
)
def test_links_that_are_left_as_text(address):
    assert "<a" not in render(f"[x]({address})\n\n[y]: {address}\n\n[y]\n\n<{address}>")


@pytest.mark.parametrize(
    "address", ["/\\evil.example", "\\\\evil.example", "/\t/evil.example", "https:/\\evil"]
)
def test_a_backslash_never_leads_to_another_host(address):
    for href in re.findall(r'href="([^"]*)"', render(f"[x](<{address}>)")):
        assert not re.match(r"[\\/]{2}|https:/[^/]", href)


def test_pictures_come_from_here_or_are_their_alternative_text():
    assert render("![a](/media/x.jpg) ![b](https://evil.example/x.png) ![*c*](mailto:x)") == (
        '<p><img src="/media/x.jpg" alt="a" loading="lazy"> b *c*</p>'
    )


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '[a](https://e.com "x\\" onmouseover=\'y\'")',
        "```<b onclick=x>\n</code></pre><script>\n```",
        '![" onload="x](/a "\\" onerror=\\"x")',
        "<svg/onload=x>",
        "<!-- --><b>",
        "`<script>`",
        "[<b>](/x)",
        "| <script> |\n|-|\n| <i> |",
    ],
)
def test_no_html_of_a_person_comes_through(source):
    allowed = {"rel", "href", "title", "src", "alt", "loading"}
    seen = Tags(render(source))
    assert seen.names - {"p", "a", "img", "pre", "code", "table", "thead", "tbody", "tr", "th", "td"} == set()
    assert seen.attributes - allowed == set()


def test_control_and_direction_characters_do_not_survive_even_as_entities():
    assert render("a\0b \u202ec &#x202e;d &#8238;e &#x9b;f") == "<p>ab c d e \ufffdf</p>"


def test_inline_text_has_no_blocks_and_no_pictures():
    assert (
        render("# *a*\n\n- b ![c](/d) [e](/f)", inline=True) == f'# <em>a</em> - b c <a href="/f" {REL}>e</a>'
    )


def test_an_extension_adds_a_rule():
    assert render("yes", extensions=[shout]) == "<p>YES</p>"
    assert render("yes") == "<p>yes</p>"


def shout(parser):
    def upper(state):
        for token in state.tokens:
            for child in token.children or ():
                child.content = child.content.upper()

    parser.core.ruler.push("shout", upper)


def test_size_is_bounded_in_bytes():
    assert len(render("é" * (MAX_BYTES // 2))) > MAX_BYTES // 2
    with pytest.raises(Invalid, match="too long"):
        render("é" * (MAX_BYTES // 2) + "x")


@pytest.mark.parametrize(
    "source",
    [
        ">" * 40 + " a",
        "- " * 40 + "a",
        "*a " * 40 + "b* " * 40,
        "".join("  " * n + "- a\n" for n in range(40)),
    ],
)
def test_deep_nesting_is_refused(source):
    with pytest.raises(Invalid, match="too deep"):
        render(source)


def test_a_long_document_as_people_write_it_is_taken():
    words = "Some *words* and a [link](/x) with `code`, **told** at the length that people tell them. " * 4
    chapter = f"## Chapter\n\n{words}\n\n- one\n  - two\n\n| a | b |\n|-|-|\n| c | d |\n\n"
    number = MAX_BYTES // len(chapter)
    assert render(chapter * number).count("<h3>") == number


PIECES = [
    *(
        "[",
        "![",
        "[a](",
        "*a ",
        "**a *b ",
        "*_~`[",
        "`` ",
        "|",
        "<a@b.c>",
        "&copy;",
        "#",
        "\\",
        "\n",
        "a\n",
        "> ",
    ),
    *(
        "- a\n",
        "  - a\n",
        "- - - - a\n",
        "> - > - a\n",
        "|a|\n|-|\n",
        "[a]: /x\n\n[a]",
        "]",
        "# a\n",
        "a\n===\n",
    ),
]
WHOLE = {
    "wide table": "|a" * 1000 + "\n" + "|-" * 1000 + "\n" + "a\n" * 60_000,
    "many cells": "|a" * 40 + "\n" + "|-" * 40 + "\n" + "|\n" * 2900,
    "many tables": ("|a" * 200 + "\n" + "|-" * 200 + "\n" + "a\n" * 300 + "\n") * 9,
    "nested pictures": "![" * 299 + "](/a)" * 299,
    "nested links": "[" * 1499 + "](/a)" * 1499,
    "nested emphasis": "*" * 3999 + "a" + "*" * 3999,
    "one long definition": "[a]: /" + "x" * 50_000 + "\n\n" + "[a]" * 1400,
    "one long title": '[a]: /x "' + "y" * 50_000 + '"\n\n' + "[a]" * 1400,
    "backticks": "".join("a" + "`" * n for n in range(1, 120)),
    "quotes": ">" * 65_000,
    "closing brackets": "[a](" + "(" * 60_000,
    "lists": "".join("  " * (n % 8) + "- a\n" for n in range(2900)),
    "one line": "a" * MAX_BYTES,
    "tags": "<div>" * 3999,
}


def repeated(piece):
    """Repeat until the size or the first of the counted limits is reached: the most that gets through."""
    most = [limit // piece.count(mark) for mark, limit in MAX_COUNT.items() if mark in piece]
    return piece * min([MAX_BYTES // len(piece.encode()), *most])


@pytest.mark.parametrize("source", [*WHOLE.values()], ids=[*WHOLE])
def test_a_text_made_to_hurt_costs_less_than_a_second(source):
    assert seconds(source[:MAX_BYTES]) < 1


@pytest.mark.parametrize("name", ["one long definition", "one long title"])
def test_a_definition_used_a_thousand_times_does_not_become_megabytes(name):
    with pytest.raises(Invalid, match="too many"):
        render(WHOLE[name])


def test_no_repetition_costs_a_second():
    choose = random.Random(2)
    mixed = ["".join(choose.choices(PIECES, k=3)) for _ in range(8)]
    slow = {piece: spent for piece in [*PIECES, *mixed] if (spent := seconds(repeated(piece))) > 1}
    assert slow == {}


def seconds(source):
    start = time.thread_time()  # not the wall's: other processes are none of its fault
    with suppress(Invalid):
        render(source)
    return time.thread_time() - start


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.names, self.attributes = set(), set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes |= {name for name, _value in attrs}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Jean \t Dupont\r\n", "Jean Dupont"),
        ("E\u0301mile", "Émile"),
        ("a\0b\x1bc\x7fd\x9be\ufefff", "abcdef"),
        ("evil\u202egnp.exe\u2066\u2069", "evilgnp.exe"),
        ("lone \ud800 half", "lone half"),
        ("a\u2028b\x85c", "a b c"),
        ("👩‍🚀 ok\u200f", "👩‍🚀 ok\u200f"),
        ("\0", ""),
    ],
)
def test_one_line_is_cleaned(typed, kept):
    assert clean(typed) == kept


def test_several_lines_keep_their_lines_tabs_and_first_indentation():
    assert clean(" \r\n\n    code\r\n\tb\x0b\0 c \n\n", multiline=True) == "    code\n\tb\n c"


def listen(parser):
    """Add a rule that reads what it is given for one text."""
    parser.core.ruler.push("listen", lambda state: state.env["heard"].append(state.src))


def test_an_extension_is_given_what_one_text_needs():
    heard = []
    render("Hello", extensions=(listen,), env={"heard": heard})
    assert heard == ["Hello"]
