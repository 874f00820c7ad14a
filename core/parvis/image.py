"""Pictures sent by people: hostile until decoded elsewhere, bounded, and made anew.

The kind is told by content, never by name. What follows happens in a child process with a memory and a
time limit (`parvis.image_worker`): the number of pixels is read from the header before anything is decoded,
the picture is turned upright, brought to sRGB on white, and written again as JPEG without any metadata (where
it was taken, by whom). JPEG because it costs a tenth of WebP's CPU and every mail program shows it.

The child is a fresh interpreter that imports only Pillow (60 ms): a web process has threads, and forking one
with threads is not safe.
"""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parvis.errors import Invalid, TooMany
from parvis.i18n import gettext as _

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
MEMORY = 768 * 1024 * 1024
SECONDS = 10
CONTENT_TYPE = "image/jpeg"
EXTENSION = "jpg"

_log = logging.getLogger(__name__)
_WORKER = Path(__file__).with_name("image_worker.py")
_SLOTS = threading.BoundedSemaphore(2)  # what one web process may spend: two times MEMORY
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
_ACCEPTED = {"JPEG", "PNG", "WEBP"}
_STARTS = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF8": "GIF",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"BM": "BMP",
    b"8BPS": "Photoshop",
    b"\xff\x0a": "JPEG XL",
    b"\x00\x00\x00\x0cJXL ": "JPEG XL",
    b"%PDF": "PDF",
    b"<svg": "SVG",
}


@dataclass(frozen=True)
class Variant:
    """One picture to make: fitting into width x height, or the square of the face. Never enlarged."""

    name: str
    width: int
    height: int = 0
    square: bool = False


@dataclass(frozen=True)
class Crop:
    """The square that shows the face, on the picture as people see it (upright).

    `x` and `y`: its left and upper edge as fractions of the width and the height; `size`: its side as a
    fraction of the shorter side. Reaching over an edge moves it back inside.
    """

    x: float
    y: float
    size: float

    def __post_init__(self) -> None:
        if not (0 <= self.x <= 1 and 0 <= self.y <= 1 and 0 < self.size <= 1):
            raise Invalid(
                _("The chosen square lies outside the photo. Please choose it again."), field="crop"
            )


@dataclass(frozen=True)
class Processed:
    """What became of an upload: its upright size, and for each variant the JPEG and its width and height."""

    width: int
    height: int
    variants: dict[str, bytes]
    sizes: dict[str, tuple[int, int]]
    format: str = "jpeg"


def process(
    data: bytes,
    *,
    variants: Sequence[Variant],
    crop: Crop | None = None,
    max_bytes: int = MAX_BYTES,
    max_pixels: int = MAX_PIXELS,
) -> Processed:
    """Make the variants of an uploaded picture; raise `Invalid` with a sentence when it cannot be taken.

    Takes a third of a second of another process for a 12-megapixel JPEG, and never more than ten, so call
    it before the first query. `TooMany` when too many uploads wait already.
    """
    kind = check(data, max_bytes=max_bytes)
    order = {
        "format": kind,
        "max_pixels": max_pixels,
        "memory": MEMORY,
        "seconds": SECONDS,
        "variants": [(v.name, v.width, v.height or v.width, v.square) for v in variants],
        "crop": (crop.x, crop.y, crop.size) if crop else None,
    }
    answer = _ask(json.dumps(order).encode() + b"\n" + data)
    head, _newline, blobs = answer.partition(b"\n")
    return _read_answer(json.loads(head or b'{"error": "memory"}'), blobs, max_pixels)


def check(data: bytes, *, max_bytes: int = MAX_BYTES) -> str:
    """Return the Pillow format of an upload by its first bytes; raise `Invalid` if it is not one we take."""
    if not data:
        raise _invalid(_("The file is empty. Please choose a photo."))
    if len(data) > max_bytes:
        megabytes = max_bytes // (1024 * 1024)
        raise _invalid(
            _("This photo is too heavy: %(limit)s MB at most. Please send a smaller one.", limit=megabytes)
        )
    kind = _kind(data)
    if kind not in _ACCEPTED:
        raise _refusal(kind)
    return kind


def _kind(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        brand = data[8:12]
        return "HEIC" if brand in _HEIC else "AVIF" if brand in (b"avif", b"avis") else "video"
    text = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<?xml", b"<!--", b"<!doctype")) and b"<svg" in text:
        return "SVG"
    return next(
        (kind for start, kind in _STARTS.items() if data.startswith(start) or text.startswith(start)), ""
    )


def _refusal(kind: str) -> Invalid:
    if kind == "HEIC":
        return _invalid(
            _(
                "This photo is in Apple's HEIC format, which many browsers cannot show. On the iPhone, "
                "choose Settings, Camera, Formats, “Most Compatible”, or export the photo as JPEG, "
                "and send it again."
            )
        )
    if kind in ("", "video"):
        return _invalid(
            _("This file is not a photo that can be shown here. Please send a JPEG, PNG or WebP picture.")
        )
    return _invalid(
        _(
            "%(format)s files cannot be shown here. Please save it as JPEG, PNG or WebP and send it again.",
            format=kind,
        )
    )


def _ask(message: bytes) -> bytes:
    """Send one order to a fresh child; an empty answer means that it died of its limits."""
    if not _SLOTS.acquire(timeout=SECONDS):
        raise TooMany(_("Many photos are being sent at the moment. Please try again in a minute."))
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_WORKER)],
            input=message,
            capture_output=True,
            timeout=SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return b""
    finally:
        _SLOTS.release()
    if done.returncode:
        _log.warning("image worker ended with %s: %r", done.returncode, done.stderr[-500:])
        return b""
    return done.stdout


def _read_answer(head: dict[str, Any], blobs: bytes, max_pixels: int) -> Processed:
    if error := head.get("error"):
        raise _failure(error, max_pixels)
    variants, start = {}, 0
    for name, (_width, _height, length) in head["variants"].items():
        variants[name] = blobs[start : start + length]
        start += length
    sizes = {name: (width, height) for name, (width, height, _length) in head["variants"].items()}
    return Processed(head["width"], head["height"], variants, sizes)


def _failure(error: str, max_pixels: int) -> Invalid:
    if error == "pixels":
        millions = max_pixels // 1_000_000
        return _invalid(
            _(
                "This photo has too many pixels: %(limit)s million at most. Please send a smaller one.",
                limit=millions,
            )
        )
    if error == "memory":
        return _invalid(
            _("This photo is too large or too intricate to be opened. Please send a smaller one.")
        )
    return _invalid(
        _("This photo is damaged or incomplete and cannot be opened. Please save it again or choose another.")
    )


def _invalid(message: str) -> Invalid:
    return Invalid(message, field="photo")
