"""When two values are the same, and which comes first: the matching rules of RFC 4517.

A real server finds an attribute's rule in its schema. The demo directory has none, so the attributes that are
not simply text are named here.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from .dn import fold, parse_dn

Comparable: TypeAlias = str | bytes

_BINARY = {"jpegphoto", "objectguid", "objectsid", "thumbnailphoto", "usercertificate"}
_NAMES = {"manager", "member", "memberof", "owner", "secretary", "seealso", "uniquemember"}
_PHONES = {"facsimiletelephonenumber", "homephone", "mobile", "pager", "telephonenumber"}
_TIMES = {"createtimestamp", "modifytimestamp", "pwdaccountlockedtime", "whenchanged", "whencreated"}


def comparable(attribute: str, value: bytes) -> Comparable:
    """Bring a value into the form in which equal values of that attribute are equal.

    Raises:
        ValueError: no value of that attribute looks like this.
    """
    name = attribute.lower()
    if name in _BINARY:
        return value
    text = value.decode()
    if name in _TIMES:
        return generalized_time(text).isoformat(timespec="microseconds")
    if name in _PHONES:
        return re.sub(r"[\s-]", "", text.casefold())
    return repr(parse_dn(text)) if name in _NAMES else fold(text)


def sounds(value: Comparable) -> Comparable:
    """Forget accents as well: what `~=` compares."""
    if isinstance(value, bytes):
        return value
    return "".join(one for one in unicodedata.normalize("NFKD", value) if not unicodedata.combining(one))


def at_least(value: Comparable, bound: Comparable) -> bool:
    """Tell whether a value is not before a bound: as numbers when both are, else letter by letter."""
    if isinstance(value, bytes) or isinstance(bound, bytes):
        return False  # what is binary has no order
    if all(re.fullmatch(r"-?\d{1,30}", side) for side in (value, bound)):
        return int(value) >= int(bound)
    return value >= bound


def generalized_time(text: str) -> datetime:
    """Read a time as directories write it (RFC 4517, 3.3.13); minutes and seconds may lack."""
    match = re.fullmatch(r"(\d{10})(\d\d)?(\d\d)?(?:[.,](\d+))?(?:Z|([+-]\d\d(?:\d\d)?))", text, re.ASCII)
    if not match:
        raise ValueError(f"not a generalized time: {text!r}")
    hour, minute, second, fraction, zone = match.groups()
    unit = 3600 if minute is None else 60 if second is None else 1
    zoned = datetime.strptime(f"{hour}{(zone or '+00'):0<5}", "%Y%m%d%H%z")
    seconds = 60 * int(minute or 0) + int(second or 0) + unit * float(f"0.{fraction or 0}")
    return (zoned + timedelta(seconds=seconds)).astimezone(UTC)
