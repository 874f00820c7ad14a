"""The square picture of a person that stands beside their name: sizes kept, and where each is found."""

from functools import lru_cache
from urllib.parse import quote

from flask import url_for

from parvis.avatar import initials_svg
from parvis.image import Variant

SIZES = (96, 192, 384)
VARIANTS = tuple(Variant(str(size), size, square=True) for size in SIZES)
"""What to make of any photo that may become a face; kept under `parvis.media.variant_key(key, str(size))`."""


def fitting(pixels: int) -> int:
    """Return the smallest size kept that fills so many pixels, else the largest."""
    return next((size for size in SIZES if size >= pixels), SIZES[-1])


def face_url(*, handle: str, name: str, key: str | None, pixels: int) -> str:
    """Return the address of a face; initials are so small that they travel inside the page."""
    if key is None:
        return _initials_url(name)
    return url_for("profile.face", handle=handle, size=fitting(pixels), v=key.rpartition("/")[2][:8])


@lru_cache(maxsize=4096)
def _initials_url(name: str) -> str:
    return "data:image/svg+xml," + quote(initials_svg(name), safe=" =:/'\",;()")
