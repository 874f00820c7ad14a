"""The pages of conversations, groups and blogs, as those see them for whom they may be dear; and writing."""

from collections.abc import Iterator
from uuid import uuid4

from bench.article import SLUG
from bench.page import Act, Page
from bench.population import Scene

STREAM, CONTENT, WRITE = 5.0, 5.0, 8.0
"""How often the reference page's cost is the goal."""
TEXT = "We measured the *tide* at the quay again: three metres, as #Python-1 said. Thanks to all who helped."
WHO = ("median", "light", "heavy", "quiet", "new")


def viewers(scene: Scene) -> dict[str, int]:
    """Return through whose eyes pages are seen beside those of the member in the middle."""
    return {who: scene.cast[who] for who in WHO[1:]}


def pages_of(scene: Scene) -> Iterator[Page]:
    """Name the pages of what people talk about."""
    for who in (*WHO, "told"):
        yield Page(f"home: {who}", ["/"], goal_ratio=STREAM, viewer=scene.cast[who])
    middle, oldest = scene.contents // 2, scene.contents // 50
    for who in ("median", "heavy"):
        paths = [f"/feed?before={scene.contents - 100 * n}" for n in range(1, 20)]
        yield Page(f"home: next part, {who}", paths, True, goal_ratio=STREAM, viewer=scene.cast[who])
        old = [f"/feed?before={middle}", f"/feed?before={oldest}"]
        yield Page(f"home: long ago, {who}", old, True, goal_ratio=STREAM, viewer=scene.cast[who])
    for who in WHO:
        paths = [f"/groups/{slug}" for _id, slug in scene.lively]
        yield Page(f"group: {who}", paths, goal_ratio=STREAM, viewer=scene.cast[who])
    yield Page("group: the largest's people", [f"/groups/{scene.lively[0][1]}/members"], goal_ratio=STREAM)
    yield Page("groups: all", ["/groups"], goal_ratio=STREAM)
    for name, content in (("20", scene.short), ("500", scene.long)):
        yield Page(f"content: {name} comments", [f"/contents/{content}"], goal_ratio=CONTENT)
    for who, viewer in viewers(scene).items():
        paths = [f"/contents/{scene.short}"]
        yield Page(f"content: 20 comments, {who}", paths, goal_ratio=CONTENT, viewer=viewer)
    earlier = [f"/contents/{scene.long}?before={number}" for number in (480, 300, 100)]
    yield Page("content: 500, earlier", earlier, goal_ratio=CONTENT)
    article = f"/blogs/articles/{scene.article}"
    yield Page("article: 500 comments", [article], goal_ratio=CONTENT)
    yield Page("article: 500, by reactions", [f"{article}?order=reactions"], goal_ratio=CONTENT)
    yield Page("article: 500, answered", [f"{article}?answered=1"], goal_ratio=CONTENT)
    yield Page("blog", [f"/blogs/{SLUG}"], goal_ratio=STREAM)
    yield Page("tag: often used", [f"/tags/{tag}" for tag in scene.tags], goal_ratio=STREAM)
    for who in ("median", "told"):
        yield Page(f"notifications: {who}", ["/notifications"], goal_ratio=STREAM, viewer=scene.cast[who])
    yield Page("bookmarks: heavy", ["/bookmarks"], goal_ratio=STREAM, viewer=scene.cast["heavy"])
    yield from _writing(scene)


def _writing(scene: Scene) -> Iterator[Page]:
    group, slug = scene.lively[0]
    writers, strangers = scene.writers, scene.strangers

    def writer(number: int) -> int:
        return writers[number % len(writers)]

    def text() -> dict[str, str]:
        return {"text": TEXT, "form_key": uuid4().hex}

    def post(number: int) -> Act:
        return Act(f"/places/{group}/post", writer(number), text())

    def comment(number: int) -> Act:
        return Act(f"/contents/{scene.short + number % 2 * (scene.long - scene.short)}/comment",
                   writer(number), text())  # fmt: skip

    def react(number: int) -> Act:
        kind = "like" if number // len(writers) % 2 else "insight"
        return Act(f"/contents/{scene.short}/react", writer(number), {"kind": kind})

    def join(number: int) -> Act:
        return Act(f"/groups/{slug}/join", strangers[number], {})

    def follow(number: int) -> Act:
        return Act(f"/places/{scene.lively[1 + number % 5][0]}/follow", strangers[number], {})

    yield Page("write: a post", [], goal_ratio=WRITE, act=post)
    yield Page("write: a comment", [], goal_ratio=WRITE, act=comment)
    yield Page("write: a reaction", [], goal_ratio=WRITE, act=react)
    yield Page("write: joining", [], goal_ratio=WRITE, act=join)
    yield Page("write: following", [], goal_ratio=WRITE, act=follow)
