"""An article taken out to be kept elsewhere."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from parvis.api import db
from parvis_blog.domain.draft import add_file, save_draft
from parvis_blog.domain.publish import publish_draft
from parvis_blog.plugin import BlogPlugin
from parvis_social.api import comment, prepare_file
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, blog=BlogPlugin)


def test_text_alone_is_markdown_in_both_languages_with_who_published_it(
    blog, delegate, member, make_article, people
):
    article = make_article(blog, delegate, second_title="Notre année", second_source="Nous avons *bâti*.")
    answer = people.browser(member).get(f"/blogs/articles/{article.id}/text")
    assert (answer.mimetype, answer.headers["Content-Disposition"]) == (
        "text/markdown", f'attachment; filename="article-{article.id}.md"',
    )  # fmt: skip
    assert answer.text.startswith("# Our year\n\nPublished by Dan Delegate for Emma Chief · ")
    assert "\n---\n\n# Notre année\n" in answer.text


@pytest.mark.both_databases
def test_pictures_and_files_come_with_it(blog, delegate, member, make_draft, add_picture, people):
    draft = make_draft(blog, delegate)
    picture = add_picture(draft, delegate)
    prepared = prepare_file(data=b"1,2", filename="../the figures.csv", actor=delegate)
    table = add_file(draft=draft, actor=delegate, prepared=prepared)
    source = f'See ![The quay](/social/files/{picture["id"]}/tide.jpg "At dawn") and /social/files/999/x.'
    save_draft(
        draft=draft, actor=delegate, version=draft.version, source=source, lead_id=picture["id"],
        lead_alt="A quay", lead_caption='"Here"',
    )  # fmt: skip
    article = publish_draft(draft=draft, actor=delegate, version=draft.version)
    db.session.commit()
    answer = people.browser(member).get(f"/blogs/articles/{article.id}/text", buffered=True)
    assert (answer.mimetype, f"article-{article.id}.zip" in answer.headers["Content-Disposition"]) == (
        "application/zip", True,
    )  # fmt: skip
    assert answer.headers["Cache-Control"] == "private, no-store"
    with ZipFile(BytesIO(answer.data)) as archive:
        names, text = archive.namelist(), archive.read("article.md").decode()
        own = f"files/{picture['id']}-tide.jpg"
        assert names == [own, f"files/{table['id']}-the figures.csv", "article.md"]
        assert archive.read(names[1]) == b"1,2"
    assert f"![A quay]({own} \"'Here'\")" in text
    assert f'![The quay]({own} "At dawn") and /social/files/999/x.' in text


def test_what_is_no_article_is_not_taken_out(blog, chief, make_article, member, people):
    said = comment(root=make_article(blog, chief), text="Hello", actor=member)
    db.session.commit()
    assert people.browser(member).get(f"/blogs/articles/{said.id}/text").status_code == 404
