"""The company's people and their units, as the directory tells them."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Dialect, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from parvis.db import Model, utcnow
from parvis.face import face_url
from parvis.i18n import gettext as _

FORMER = "Former colleague"
"""What the database has for the name of who was forgotten; readers read it in their language."""
NAMELESS = "~"
"""What sorts those who have no name behind all others."""


def folded(length: int) -> String:
    """Return the type of a folded text: compared byte by byte, so that a range of its index is a prefix."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class DisplayName(TypeDecorator[str]):
    """A person's name as people read it."""

    impl = String
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], str | None]:
        """Return what reads a name in one step: pages read dozens."""
        return _display_name


def _display_name(value: str | None) -> str | None:
    return _("Former colleague") if value == FORMER else value


class Unit(Model):
    """A site or a department: what people are filtered by, and what a plugin may say "local to" of."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("kind", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))  # "site" or "department"
    name: Mapped[str] = mapped_column(String(200))
    headcount: Mapped[int] = mapped_column(default=0)


class Person(Model):
    """Someone in the company directory, whether or not they ever came.

    `directory_key` is the directory's own stable id: never a name, a mail or a DN. A person made on the
    command line (break-glass administrator) has none.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_browse", "present", "sort_name", "id"),
        Index("ix_person_site", "site_id", "present", "sort_name", "id"),
        Index("ix_person_department", "department_id", "present", "sort_name", "id"),
        Index("ix_person_manager", "manager_id", "present", "sort_name", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    directory_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    dn: Mapped[str | None] = mapped_column(String(2000))
    dn_key: Mapped[str | None] = mapped_column(String(32), index=True)
    """Digest of the DN by which the directory has the person today, to be found by; none while missing."""
    manager_key: Mapped[str | None] = mapped_column(String(32))
    """Digest of the DN that the directory gives as manager's; `manager_id` is whoever has it."""
    username: Mapped[str] = mapped_column(String(255), index=True)
    handle: Mapped[str] = mapped_column(String(64), unique=True)
    display_name: Mapped[str] = mapped_column(DisplayName(200))
    given_name: Mapped[str] = mapped_column(String(200), default="")
    family_name: Mapped[str] = mapped_column(String(200), default="")
    sort_name: Mapped[str] = mapped_column(folded(250))
    mail: Mapped[str | None] = mapped_column(String(320))
    phone: Mapped[str | None] = mapped_column(String(64))
    mobile: Mapped[str | None] = mapped_column(String(64))
    title: Mapped[str | None] = mapped_column(String(200))
    country: Mapped[str | None] = mapped_column(String(100))
    job_family: Mapped[str | None] = mapped_column(String(200))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    face_key: Mapped[str | None] = mapped_column(String(200))
    """Media key of the face shown everywhere, without its size: the chosen photo's, else the directory's."""

    present: Mapped[bool] = mapped_column(default=True)
    """In the company today: neither missing from the directory for two good runs, nor disabled in it."""
    missing_since: Mapped[datetime | None]
    """When a complete run first did not find the person; the second such run ends `present`."""
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    """Digest of the directory's values as last written: equal means that nothing has to be."""
    modified: Mapped[str | None] = mapped_column(String(200))
    """The directory's mark of the last change, only ever compared for being equal; none: to be read again."""
    photo_mark: Mapped[str | None] = mapped_column(String(200))
    """`modified` when the directory's photo was last looked at: differing means that it waits to be."""
    photo_fingerprint: Mapped[str | None] = mapped_column(String(64))
    directory_photo_key: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    site: Mapped[Unit | None] = relationship(foreign_keys=[site_id])
    department: Mapped[Unit | None] = relationship(foreign_keys=[department_id])
    manager: Mapped["Person | None"] = relationship(remote_side=[id])

    @property
    def place(self) -> str:
        """Department and site, as far as the directory tells them."""
        return ", ".join(unit.name for unit in (self.department, self.site) if unit is not None)

    def photo_url(self, pixels: int) -> str:
        """Return the address of the face, for a place so many pixels wide."""
        return face_url(handle=self.handle, name=self.display_name, key=self.face_key, pixels=pixels)


class PersonName(Model):
    """One folded word of a person's name, for find-as-you-type: a range of this index is a prefix."""

    __tablename__ = "person_name"
    __table_args__ = (Index("ix_person_name_word", "word", "sort_name", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(folded(100), primary_key=True)
    sort_name: Mapped[str] = mapped_column(folded(250))


class DirectoryRun(Model):
    """One synchronisation: when, how it ended, and its report."""

    __tablename__ = "directory_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(16), default="running")  # running, written, stopped, failed
    incremental: Mapped[bool] = mapped_column(default=False)
    token: Mapped[str | None] = mapped_column(String(64))
    """Digest of the settings the directory was read by: an incremental run needs the same."""
    report: Mapped[str] = mapped_column(default="{}")
