"""What was attached in a place: its pictures, and its other files."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parvis.api import BigId, Member, Person, one_of, prepared, read_rows
from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from ..place.access import readable
from ..place.models import Place
from ..registry import content_types
from .card import file_url
from .models import Content, File

PAGE = 30
NEWEST = 2**63 - 1


@dataclass(frozen=True)
class FileRow:
    """One file in a list, with what it is attached to, who sent it and when."""

    id: int
    name: str
    size: int
    width: int | None
    height: int | None
    alternative: str
    content_id: int
    root_id: int | None
    at: datetime
    owner_name: str

    def url(self, size: str = "") -> str:
        """Return the address of the file; of a picture, in one of its sizes."""
        return file_url(self.id, self.name, size)

    @property
    def content_url(self) -> str:
        """The address of what it is attached to."""
        if self.root_id is None:
            return f"/contents/{self.content_id}"
        return f"/contents/{self.root_id}?comment={self.content_id}#c{self.content_id}"


def files_of_place(
    place: Place, *, viewer: Member, pictures: bool, before: int | None = None, limit: int = PAGE
) -> list[FileRow]:
    """List the pictures or the other files that a viewer may see in a place, newest first.

    Returns one more than `limit` if there are more. `before`: the id of the last one on the page before.
    """
    values = {"viewer": viewer.id, "place": place.id, "before": before or NEWEST, "most": limit + 1}
    return [FileRow(*row) for row in read_rows(_files(pictures), values)]


@prepared
def _files(pictures: bool) -> Select[Any]:
    root = aliased(Content)
    columns: tuple[Any, ...] = (
        File.id, File.name, File.size, File.width, File.height, File.alternative,
        Content.id, Content.root_id, File.created_at, Person.display_name,
    )  # fmt: skip
    stands = and_(root.deleted_at.is_(None), one_of(root.type, content_types()))
    return (
        select(*columns)
        .join(Content, Content.id == File.content_id)
        .join(Place, Place.id == Content.place_id)
        .join(Person, Person.id == File.owner_id)
        .outerjoin(root, root.id == Content.root_id)
        .where(
            File.place_id == bindparam("place", type_=BigId),
            File.id < bindparam("before", type_=BigId),
            File.width.is_not(None) if pictures else File.width.is_(None),
            Content.deleted_at.is_(None),
            Content.hidden_at.is_(None),
            or_(Content.root_id.is_(None), stands),
            readable(),
        )
        .order_by(File.id.desc())
        .limit(bindparam("most", type_=BigId))
    )
