"""One person as the directory tells them: raw attributes become text that is safe to store and show."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from parvis.directory.preset import Values, says_yes
from parvis.directory.settings import DirectorySettings

MAX_TEXT = 200
MAX_DN = 2000
MAX_PHOTO = 2 * 1024 * 1024
# Control characters, line separators and bidirectional overrides: nothing that a name needs.
UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]+")
UUID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MAIL = re.compile(r"[^\s@<>\"(),;:]+@[^\s@<>\"(),;:]+")
TEXTS = (
    "given_name", "family_name", "phone", "mobile", "title", "department", "site", "country", "job_family",
)  # fmt: skip


class BadEntry(Exception):
    """An entry that cannot be understood; it is skipped, and nobody else is."""

    def __init__(self, dn: str, reason: str, key: str = "") -> None:
        super().__init__(f"{dn}: {reason}")
        self.dn = dn
        self.reason = reason
        self.key = key
        """The stable id where it could be read: such a person is unreadable, not gone."""


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """One person as the directory tells them. Texts are clean, bounded, and empty where nothing is told.

    `key` is the directory's stable id as a UUID: it outlives every change of name, DN and mail.
    `modified` only ever tells whether something changed; it is not compared with a clock.
    """

    key: str
    dn: str
    username: str
    display_name: str
    given_name: str
    family_name: str
    mail: str
    phone: str
    mobile: str
    title: str
    department: str
    site: str
    country: str
    job_family: str
    manager_dn: str
    disabled: bool
    modified: str
    photo: bytes | None = None


class Decoder:
    """Turns what a server sends into entries, by the attribute names of the settings.

    ldap3 would need the server's schema for that, and reading it costs every bind 28 ms.
    """

    def __init__(self, settings: DirectorySettings) -> None:
        rules = settings.rules
        names = dict(rules.attributes)
        names.update(settings.attributes.items())
        own_rule = settings.attributes.get("disabled", "").lower()
        self._disabled = (lambda values: says_yes(values.get(own_rule, ()))) if own_rule else rules.disabled
        disabled_by = (own_rule,) if own_rule else rules.disabled_by
        self._names = {field: name.lower() for field, name in names.items()}
        self._is_guid = self._names["id"] == "objectguid"
        self.username_attribute = names["username"]
        self.photo_attribute = names.get("photo", "")
        self.key_attributes = [name for field in ("id", "modified") if (name := names.get(field))]
        read = {name for field, name in names.items() if name and field not in ("photo", "disabled")}
        self.attributes = sorted(read | {"cn", *disabled_by})

    def decode(self, dn: bytes, values: Values) -> DirectoryEntry:
        """Decode one entry.

        Raises:
            BadEntry: no stable id, no user name, or text that is not UTF-8.
        """
        key, name = self.key(dn, values), self.name(dn, values)
        try:
            return self._entry(key, name, values)
        except (ValueError, OverflowError) as error:
            reason = "not UTF-8" if isinstance(error, UnicodeError) else str(error)
            raise BadEntry(name, reason, key) from None

    def key(self, dn: bytes, values: Values) -> str:
        """Read the stable id as a UUID: 16 little-endian bytes (Active Directory), or hexadecimal digits."""
        raw = (values.get(self._names["id"]) or [b""])[0]
        try:
            if UUID.fullmatch(raw):
                return raw.decode()
            if self._is_guid and len(raw) == 16:
                return str(uuid.UUID(bytes_le=bytes(raw)))
            return str(uuid.UUID(raw.decode("ascii").replace("-", "")))
        except ValueError:
            reason = f"{self._names['id']} is missing or not a UUID"
            raise BadEntry(dn.decode(errors="replace"), reason) from None

    def name(self, dn: bytes, values: Values) -> str:
        """Read the DN."""
        try:
            if len(dn) <= MAX_DN:
                return dn.decode()
            reason = "its DN is too long"
        except UnicodeError:
            reason = "its DN is not UTF-8"
        raise BadEntry(dn[:MAX_DN].decode(errors="replace"), reason, self.key(dn, values))

    def modified(self, values: Values) -> str:
        """Read the mark that changes when the entry does."""
        return self._text("modified", values)

    def photo(self, values: Values) -> bytes | None:
        """Read the photo, unless it is absurdly large."""
        raw = values.get(self.photo_attribute.lower())
        return bytes(raw[0]) if raw and 0 < len(raw[0]) <= MAX_PHOTO else None

    def _entry(self, key: str, dn: str, values: Values) -> DirectoryEntry:
        texts = {field: self._text(field, values) for field in TEXTS}
        username = self._text("username", values)
        if not username:
            raise ValueError(f"{self._names['username']} is missing")
        both = f"{texts['given_name']} {texts['family_name']}".strip()
        manager = values.get(self._names.get("manager", ""))
        return DirectoryEntry(
            key=key,
            dn=dn,
            username=username,
            display_name=self._text("display_name", values) or both or _clean(values.get("cn")) or username,
            mail=mail if MAIL.fullmatch(mail := self._text("mail", values)) else "",
            manager_dn=manager[0].decode() if manager and len(manager[0]) <= MAX_DN else "",
            disabled=self._disabled(values),
            modified=self.modified(values),
            photo=self.photo(values),
            **texts,
        )

    def _text(self, field: str, values: Values) -> str:
        return _clean(values.get(self._names.get(field, "")))


def _clean(raw: Sequence[bytes] | None) -> str:
    if not raw:
        return ""
    text = raw[0].decode()
    if not text.isprintable() or "  " in text:
        text = " ".join(UNWANTED.sub(" ", text).split())
    return text[:MAX_TEXT].strip()


ESCAPED = re.compile(rb"\\([0-9A-Fa-f]{2}|.)", re.DOTALL)
PARTS = re.compile(r"((?:\\.|[^\\,])*),?", re.DOTALL)


def normal_dn(dn: str) -> str:
    """Write a DN so that two spellings of it become equal (letter case, spaces, ways of escaping).

    Every attribute is taken as indifferent to case, as those that name people and places are.
    """
    parts = PARTS.findall(dn) if "\\" in dn else dn.split(",")
    return ",".join(_normal_part(part) for part in parts if part)


def parent_dn(dn: str) -> str:
    """Return the DN above, as it is written."""
    return dn[match.end() :] if (match := PARTS.match(dn)) else ""


def is_below(dn: str, base: str) -> bool:
    """Tell whether a DN is the base itself or somewhere below it."""
    return f",{normal_dn(dn)}".endswith(f",{normal_dn(base)}")


def _normal_part(part: str) -> str:
    name, _, value = part.partition("=")
    value = " ".join(value.split())
    if "\\" in value:
        value = ESCAPED.sub(_octet, value.encode()).decode(errors="replace")
        value = value.replace("\\", r"\5c").replace(",", r"\2c").replace("+", r"\2b")
    return f"{name.strip()}={value}".casefold()


def _octet(match: re.Match[bytes]) -> bytes:
    return bytes.fromhex(match[1].decode()) if len(match[1]) == 2 else match[1]
