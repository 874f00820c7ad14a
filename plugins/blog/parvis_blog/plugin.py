"""What blog declares."""

from collections.abc import Iterable

from parvis.api import (
    AccountSection,
    Erasure,
    EventRecord,
    Job,
    Member,
    NavItem,
    Person,
    PersonalData,
    Plugin,
    SearchSource,
    SlotContent,
    hookimpl,
)
from parvis.api import gettext as _
from parvis.api import lazy_gettext as _l
from parvis_social.api import ContentType, NotificationKind, PlaceKind, Reportable

from . import personal_data
from .domain import told
from .domain.article import details
from .domain.history import whole
from .domain.leader import read_leaders
from .domain.publish import publish_due
from .models import ARTICLE, LEADER, PERSONAL, TEAM
from .permission import BlogPermission
from .reportable import QUESTION
from .search import blogs_source, questions_source, words_of
from .settings import BlogSettings
from .views import article, ask, blog, draft, feed
from .web import bp

VIEWS = (article, ask, blog, draft, feed)
"""Named so that they are imported: each registers on the blueprint."""


def _url(slug: str) -> str:
    return f"/blogs/{slug}"


class BlogPlugin(Plugin[BlogSettings]):
    """Blogs of leaders and teams: open to every comment, with questions that are answered in public."""

    name = "blog"
    title = "Blogs"
    version = "0.1.0"
    requires = ("social",)
    blueprint = bp
    permissions = BlogPermission
    styles = ("blog.css",)
    scripts = ("blog.js",)

    @hookimpl
    def register_place_kinds(self) -> Iterable[PlaceKind]:
        """A leader's blog, a team's, a person's: each under its filter, none silently rid of a comment."""
        voice = _l("Author")
        yield PlaceKind(LEADER, _l("Blog"), _url, "leaders", "blog", removes=False, voice=voice)
        yield PlaceKind(TEAM, _l("Team blog"), _url, "groups", "blog", removes=False, voice=voice)
        yield PlaceKind(PERSONAL, _l("Personal blog"), _url, "people", "blog", removes=False, voice=voice)

    @hookimpl
    def register_reportables(self) -> Iterable[Reportable]:
        """Questions; articles and their comments are contents."""
        yield QUESTION

    @hookimpl
    def register_content_types(self) -> Iterable[ContentType]:
        """Articles: in blogs alone, with a page and a way of writing of their own."""
        yield ContentType(
            ARTICLE,
            _l("Article"),
            "blog/card.html",
            load=details,
            url=lambda content_id: f"/blogs/articles/{content_id}",
            edit=lambda content_id: f"/blogs/articles/{content_id}/edit",
            search=words_of,
            withdraws=True,
            forget=personal_data.forget_articles,
            whole=whole,
        )

    @hookimpl
    def register_search_documents(self) -> Iterable[SearchSource]:
        """Blogs and questions; articles are found through social."""
        yield blogs_source()
        yield questions_source()

    @hookimpl
    def register_notification_kinds(self) -> Iterable[NotificationKind]:
        """Roles, reviews, what could not be published, questions and answers."""
        yield from told.KINDS

    @hookimpl
    def register_jobs(self) -> Iterable[Job]:
        """Publish what is due; read who leads from the directory."""
        yield Job("blog:publish", publish_due, "* * * * *")
        yield Job("blog:leaders", read_leaders, "17 * * * *")

    @hookimpl
    def on_event(self, event: EventRecord) -> None:
        """Tell people what concerns them; let new members follow the main blog."""
        told.follow(event)

    @hookimpl
    def navigation(self, viewer: Member) -> Iterable[NavItem]:
        """All blogs: beside the pages, and in one's own menu, where a phone has them."""
        yield NavItem("blogs", _("Blogs"), "blog.directory", "blog", order=15, shortcut="g b")
        yield NavItem("blogs", _("Blogs"), "blog.directory", "blog", "me", order=15)

    @hookimpl
    def slot(self, name: str, viewer: Member | None) -> Iterable[SlotContent]:
        """A row in the list of keys."""
        if name == "shortcuts" and viewer is not None:
            yield SlotContent("blogs", "blog/shortcuts.html", once=True)

    @hookimpl
    def account_sections(self, member: Member) -> Iterable[AccountSection]:
        """The keys of one's feeds."""
        yield AccountSection("blog", _("Feeds of blogs"), "blog/account.html", order=60)

    @hookimpl
    def export_personal_data(self, person: Person) -> Iterable[PersonalData]:
        """What they wrote, asked and answered in blogs."""
        return personal_data.export(person)

    @hookimpl
    def erase_personal_data(self, erasure: Erasure) -> None:
        """Forget drafts, reviews, keys; with what they published, questions and answers too."""
        personal_data.erase(erasure)
