"""Who of the people is in a group of the company's directory."""

from sqlalchemy import select

from parvis.db import db
from parvis.directory.models import Person
from parvis.directory.person import dn_key
from parvis.runtime import runtime


def people_in_group(dn: str) -> frozenset[int]:
    """Return the ids of those present who are in a group of the directory, also by a group within it.

    Asks the directory: for jobs, never while somebody waits for a page. Made for small groups: each member
    costs a search. Without a directory nobody is in any group.

    Raises:
        IncompleteRead: the directory does not answer; nothing may be concluded from who is missing.
    """
    directory = runtime().directory
    members = directory.read_group(dn) if directory is not None else frozenset()
    keys = {dn_key(member) for member in members}
    found = select(Person.id).where(Person.dn_key.in_(keys), Person.present.is_(True))
    return frozenset(db.session.scalars(found)) if keys else frozenset()
