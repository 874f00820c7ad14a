"""Its one table."""

from parvis.api import Model
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column


class Note(Model):
    """A note on an event, and on a person."""

    __tablename__ = "sample_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(400))
