"""The break-glass administrator: an account made on the command line, never by default."""

from sqlalchemy import select

from parvis.db import db, utcnow
from parvis.directory.models import Person
from parvis.directory.person import free_handle, sort_name
from parvis.errors import Invalid, NotFound
from parvis.i18n import gettext as _
from parvis.identity.authentication import MAX_PASSWORD, hasher
from parvis.identity.models import LocalAccount, Member
from parvis.identity.session import end_sessions

MIN_PASSWORD = 12


def create_administrator(*, username: str, name: str, password: str) -> Member:
    """Make a local account with its own person and the administrator's rights.

    Raises:
        Invalid: the name is taken, or the password shorter than 12 characters.
    """
    username = username.strip().casefold()
    _check_password(password)
    if account_named(username) is not None:
        raise Invalid(_("There is already a local account of that name."), field="username")
    person = Person(
        username=username,
        handle=free_handle(name, username),
        display_name=name,
        sort_name=sort_name(name, "", ""),
    )
    db.session.add(person)
    db.session.flush()
    member = Member(id=person.id, administrator=True, steps_done=[])
    db.session.add(member)
    db.session.flush()
    db.session.add(
        LocalAccount(member_id=person.id, username=username, password_hash=hasher().hash(password))
    )
    return member


def reset_password(*, username: str, password: str) -> None:
    """Give a local account a new password and end its sessions.

    Raises:
        NotFound: there is no such local account.
        Invalid: the password is shorter than 12 characters.
    """
    account = account_named(username.strip().casefold())
    if account is None:
        raise NotFound(_("There is no local account of that name."))
    _check_password(password)
    account.password_hash, account.changed_at = hasher().hash(password), utcnow()
    end_sessions(member_id=account.member_id)


def account_named(username: str) -> LocalAccount | None:
    """Return the local account of a (case-folded) name."""
    return db.session.scalar(select(LocalAccount).where(LocalAccount.username == username))


def _check_password(password: str) -> None:
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise Invalid(
            _("A local password has at least %(count)s characters.", count=MIN_PASSWORD), field="password"
        )
