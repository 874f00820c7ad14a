"""Slow down guessing, without letting a stranger lock somebody out.

Refused attempts are counted per account and per address over a window. A browser from which the account once
signed in carries a device mark and has a count of its own, so that strangers' failures do not touch it
(OWASP: "Slow Down Online Guessing Attacks with Device Cookies").
"""

import hashlib
import secrets
from datetime import timedelta

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, func, select

from parvis.config import Config
from parvis.db import db, utcnow
from parvis.errors import TooMany
from parvis.i18n import ngettext
from parvis.identity.models import SignInAttempt

DEVICE_COOKIE = "parvis_device"


class Throttle:
    """The count of one attempt: who is asked for, from which address, with which device mark."""

    def __init__(self, config: Config, *, username: str, address: str, mark: str | None) -> None:
        self.limits = config.identity
        self.signer = URLSafeSerializer(config.server.secret_key, salt="parvis.device")
        name = username.strip().casefold()
        self.name = _digest(name)
        device = self._device(mark)
        self.account = _digest(f"{name}\0{device}") if device else self.name
        self.address = _digest(address)

    def _device(self, mark: str | None) -> str:
        try:
            name, device = self.signer.loads(mark or "")
        except (BadSignature, TypeError, ValueError):
            return ""
        return str(device) if secrets.compare_digest(str(name), self.name) else ""

    def new_mark(self) -> str:
        """Return a device mark for a browser that has just signed in."""
        return str(self.signer.dumps([self.name, secrets.token_hex(8)]))

    def check(self) -> None:
        """Raise TooMany while the account (on this device) or the address has used up its attempts."""
        minutes = self.limits.throttle_window
        since = utcnow() - timedelta(minutes=minutes)
        by_account = self._count(SignInAttempt.account == self.account, SignInAttempt.at > since)
        by_address = self._count(SignInAttempt.address == self.address, SignInAttempt.at > since)
        if by_account >= self.limits.throttle_account or by_address >= self.limits.throttle_address:
            raise TooMany(
                ngettext(
                    "Too many attempts. Please wait a minute and try again.",
                    "Too many attempts. Please wait %(num)s minutes and try again.",
                    minutes,
                )
            )

    def _count(self, *conditions: object) -> int:
        return db.session.scalar(select(func.count()).select_from(SignInAttempt).where(*conditions)) or 0  # type: ignore[arg-type]  # SQL conditions

    def refused(self) -> None:
        """Count a refused attempt."""
        db.session.add(SignInAttempt(account=self.account, address=self.address))

    def accepted(self) -> None:
        """Forget the account's refused attempts on this device."""
        db.session.execute(delete(SignInAttempt).where(SignInAttempt.account == self.account))


def forget_old_attempts(config: Config) -> None:
    """Delete attempts older than the window."""
    since = utcnow() - timedelta(minutes=config.identity.throttle_window)
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.at < since))


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()
