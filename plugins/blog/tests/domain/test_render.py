"""From what is written to what is read: figures, pull quotes, tables, how it begins, how long it takes."""

import pytest
from parvis_blog.domain.render import inline_files, minutes_of, render
from parvis_blog.plugin import BlogPlugin
from parvis_social.plugin import SocialPlugin

pytestmark = [pytest.mark.plugins(social=SocialPlugin, blog=BlogPlugin), pytest.mark.usefixtures("app")]

PICTURE = {"id": 7, "name": "quay.jpg", "width": 1200, "height": 800}


def test_a_picture_that_stands_alone_is_a_figure_with_its_caption_and_size():
    html = render('![A quay](/social/files/7/quay.jpg "At <dawn>")', [PICTURE]).html
    assert html == (
        '<figure><img src="/social/files/7/quay.jpg" alt="A quay" width="1200" height="800" loading="lazy"'
        ' decoding="async"><figcaption>At &lt;dawn&gt;</figcaption></figure>'
    )


def test_a_picture_within_a_sentence_stays_there():
    assert "<figure>" not in render("See ![A quay](/social/files/7/quay.jpg) here", [PICTURE]).html


def test_a_picture_from_elsewhere_is_not_shown():
    assert "<img" not in render("![Spy](https://elsewhere.example/pixel.png)").html


def test_a_line_after_two_marks_is_a_pull_quote_and_tables_are_tables():
    html = render(">> The sea has time.\n\n| a | b |\n| --- | ---: |\n| 1 | 2 |").html
    assert "<blockquote>\n<blockquote>" in html
    assert ("<table>" in html, "<td" in html) == (True, True)


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (200, 1), (460, 2), (2300, 10)])
def test_reading_time_is_counted_in_minutes(words, minutes):
    assert minutes_of("<p>" + "word " * words + "</p>") == minutes


def test_an_excerpt_is_whole_paragraphs_and_no_picture():
    source = "![Quay](/social/files/7/quay.jpg)\n\nFirst.\n\nSecond.\n\n" + "long " * 200
    assert render(source, [PICTURE]).excerpt == "<p>First.</p><p>Second.</p>"


def test_files_that_a_text_names_are_found_once_in_their_order():
    assert inline_files("/social/files/7/a ![](/social/files/3/b) /social/files/7/c") == [7, 3]
