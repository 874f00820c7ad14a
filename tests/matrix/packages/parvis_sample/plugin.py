"""What it declares."""

from collections.abc import Iterable, Sequence

import click
from parvis.api import (
    AccountSection,
    Erasure,
    Event,
    EventRecord,
    Identity,
    Job,
    JoinStep,
    Member,
    NavItem,
    Person,
    PersonalData,
    Plugin,
    ProfileSection,
    SearchDocument,
    SearchHit,
    SearchSource,
    SearchWords,
    Settings,
    SlotContent,
    Upload,
    Veto,
    db,
    hookimpl,
    hooks,
    hookspec,
    rows,
    setting,
)

from . import views
from .models import Note


class SampleSettings(Settings):
    """`[plugins.sample]`."""

    greeting: str = setting("Hello", help="What it says.")
    demand: bool = setting(False, help="Whether everyone must promise something first.")


class SampleHooks:
    """What it offers to those that require it."""

    @hookspec
    def sample_words(self) -> Iterable[str]:
        """Add words."""


@click.group("sample")
def commands() -> None:
    """Commands of the sample plugin."""


@commands.command()
def greet() -> None:
    """Say hello."""
    click.echo("hello from sample")


def clean_notes() -> None:
    """Delete every note."""
    db.session.execute(db.delete(Note))


def note_ids(after: int, limit: int) -> Sequence[int]:
    """Return the ids of notes."""
    return db.session.scalars(db.select(Note.id).where(Note.id > after).order_by(Note.id).limit(limit)).all()


def documents(ids: Sequence[int]) -> Iterable[SearchDocument]:
    """Give what notes are found by."""
    for note in db.session.scalars(db.select(Note).where(Note.id.in_(ids))):
        yield SearchDocument(note.id, note.text)


def changed(event: EventRecord) -> Iterable[int]:
    """Every event makes every note stale."""
    return note_ids(0, 100)


def show(ids: Sequence[int], viewer: Member) -> Iterable[SearchHit]:
    """Show notes to administrators alone."""
    for note in db.session.scalars(db.select(Note).where(Note.id.in_(ids))):
        if viewer.administrator:
            yield SearchHit(note.id, note.text, "/sample/notes")


class SamplePlugin(Plugin[SampleSettings]):
    """Use everything."""

    name = "sample"
    title = "Sample"
    version = "1.2"
    blueprint = views.bp
    permissions = views.SamplePermission
    styles = ("sample.css",)
    scripts = ("sample.js",)
    commands = commands
    hookspecs = (SampleHooks,)

    @hookimpl
    def register_search_documents(self) -> Iterable[SearchSource]:
        yield SearchSource("sample:note", "Note", "contents", note_ids, documents, changed, show)

    @hookimpl
    def register_search_words(self) -> Iterable[SearchWords]:
        yield SearchWords(
            "core:person",
            load=lambda ids: dict.fromkeys(ids, ("quagga", "okapi")),
            changed=lambda event: (),
            show=lambda ids, viewer: dict.fromkeys(ids, "Keeps a quagga"),
        )

    @hookimpl
    def register_jobs(self) -> Iterable[Job]:
        yield Job("sample:clean", clean_notes, "5 4 * * *")

    @hookimpl
    def authenticate(self, username: str, password: str) -> Identity | None:
        if (username, password) != ("sample-user", "sample-password"):
            return None
        person = db.session.scalar(db.select(Person).where(Person.username == username))
        return Identity(person.id, way="sample") if person else None

    @hookimpl
    def check_sign_in(self, person: Person) -> None:
        if person.username == "unwelcome":
            raise Veto("Not today.")

    @hookimpl
    def join_steps(self, member: Member) -> Iterable[JoinStep]:
        if self.settings.demand:
            yield JoinStep("sample:promise", "A promise", "sample.promise", required=True, order=1)

    @hookimpl
    def navigation(self, viewer: Member) -> Iterable[NavItem]:
        yield NavItem("sample", "Sample notes", "sample.notes", "house", order=50)

    @hookimpl
    def slot(self, name: str, viewer: Member | None) -> Iterable[SlotContent]:
        if name == "home":
            words = [word for _owner, call in hooks().implementations("sample_words") for word in call()]
            yield SlotContent(
                "sample", "sample/slot.html", {"greeting": self.settings.greeting, "words": words}
            )

        elif name == "side":
            yield SlotContent("sample", "sample/section.html", {"about": "the left column"})

    @hookimpl
    def profile_sections(self, person: Person, viewer: Member) -> Iterable[ProfileSection]:
        yield ProfileSection(
            "sample", "Sample section", "sample/section.html", {"about": person.display_name}
        )

    @hookimpl
    def account_sections(self, member: Member) -> Iterable[AccountSection]:
        yield AccountSection("sample", "Sample account", "sample/section.html", {"about": "account"})

    @hookimpl
    def check_upload(self, upload: Upload, actor: Member) -> None:
        if b"EICAR" in upload.data:
            raise Veto("That file carries something harmful.")

    @hookimpl
    def on_event(self, event: EventRecord) -> None:
        db.session.add(Note(person_id=event.person_id, text=f"{event.kind} {event.id}"))

    @hookimpl
    def export_personal_data(self, person: Person) -> Iterable[PersonalData]:
        notes = rows(db.select(Note).where(Note.person_id == person.id))
        yield PersonalData("notes", notes, {"note.txt": lambda: b"a note"})

    @hookimpl
    def erase_personal_data(self, erasure: Erasure) -> None:
        db.session.execute(db.delete(Note).where(Note.person_id == erasure.person.id))


class SampleHappened(Event):
    """A fact of its own."""

    kind = "sample.happened"
