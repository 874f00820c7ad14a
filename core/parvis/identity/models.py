"""Members, their sessions, the break-glass accounts, and the attempts to sign in."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from parvis.db import Model, utcnow
from parvis.directory.models import Person


class Member(Model):
    """A person who has signed in; `joined_at` is set once every required join step is done."""

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    signed_in_at: Mapped[datetime] = mapped_column(default=utcnow)
    joined_at: Mapped[datetime | None]
    administrator: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str | None] = mapped_column(String(8))
    timezone: Mapped[str | None] = mapped_column(String(64))
    theme_choice: Mapped[str] = mapped_column(String(8), default="system")  # light, dark, system
    shortcuts: Mapped[bool] = mapped_column(default=True)
    steps_done: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Names of the join steps done or skipped."""

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class MemberSession(Model):
    """One signed-in browser. The cookie holds a random token; the row holds only its digest."""

    __tablename__ = "member_session"
    __table_args__ = (Index("ix_member_session_member", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    seen_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    address: Mapped[str] = mapped_column(String(64), default="")
    browser: Mapped[str] = mapped_column(String(300), default="")
    data: Mapped[dict[str, object]] = mapped_column(JSON, default=dict)

    member: Mapped[Member] = relationship(lazy="joined", innerjoin=True)


class LocalAccount(Model):
    """A password of our own, for the administrator who must get in when the directory cannot help."""

    __tablename__ = "local_account"

    member_id: Mapped[int] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    username: Mapped[str] = mapped_column(String(255), unique=True)
    password_hash: Mapped[str] = mapped_column(String(300))
    changed_at: Mapped[datetime] = mapped_column(default=utcnow)


class SignInAttempt(Model):
    """One refused sign-in, kept as long as the throttle looks back; names and addresses only as digests."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_account", "account", "at"),
        Index("ix_sign_in_attempt_address", "address", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    account: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
