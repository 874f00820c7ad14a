"""The child that opens pictures sent by people: run by `parvis.image`, by path, with nothing but Pillow.

It limits its own memory and time before a byte of the picture is looked at, so that a picture made to
hurt kills this process and no other. Standard input: one JSON line (the order), then the picture.
Standard output: one JSON line (sizes, or an error's code), then the JPEG variants one after another.
"""

import json
import math
import resource
import sys
import warnings
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms

ORIENTATION = 0x0112
QUALITY = 82
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = {5, 6, 7, 8}

Box = tuple[float, float, float, float]
Plan = dict[str, tuple[Box, tuple[int, int]]]


class TooLarge(Exception):
    """The header announces more pixels than are allowed."""


def main() -> None:
    """Answer one order."""
    order = json.loads(sys.stdin.buffer.readline())
    _limit(order["memory"], order["seconds"])
    try:
        head, blobs = process(sys.stdin.buffer.read(), order)
    except MemoryError:
        head, blobs = {"error": "memory"}, []
    except (TooLarge, Image.DecompressionBombError, Image.DecompressionBombWarning):
        head, blobs = {"error": "pixels"}, []
    except Exception as error:  # Pillow's decoders raise whatever garbage makes them stumble over
        head, blobs = {"error": "damaged", "detail": repr(error)[:200]}, []
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + b"".join(blobs))


def process(data: bytes, order: dict[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
    """Decode as little as the variants need, straighten, and encode them without metadata."""
    image = _open(data, order["format"], order["max_pixels"])
    orientation = _orientation(image)
    width, height = image.size[::-1] if orientation in SIDEWAYS else image.size
    plan = _plan(width, height, order["variants"], order["crop"])
    scale = min(1.0, max((size[0] / (box[2] - box[0]) for box, size in plan.values()), default=1.0))
    image.draft(None, (math.ceil(image.width * scale), math.ceil(image.height * scale)))
    base = _flat(image, scale * max(width, height))
    if orientation in TURNS:
        base = base.transpose(TURNS[orientation])
    wide, high = base.width / width, base.height / height
    made = {}
    for name, ((left, top, right, bottom), size) in plan.items():
        box = (left * wide, top * high, right * wide, bottom * high)
        made[name] = _encode(base.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=2.0))
    sizes = {name: [*plan[name][1], len(blob)] for name, blob in made.items()}
    return {"width": width, "height": height, "variants": sizes}, list(made.values())


def _limit(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _open(data: bytes, kind: str, max_pixels: int) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = max_pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    image = Image.open(BytesIO(data), formats=[kind])
    if image.width * image.height > max_pixels:
        raise TooLarge
    return image


def _orientation(image: Image.Image) -> int:
    try:
        value = image.getexif().get(ORIENTATION)
    except Exception:  # broken EXIF says nothing about the picture itself
        return 1
    return value if isinstance(value, int) else 1


def _plan(width: int, height: int, variants: list[Any], crop: list[float] | None) -> Plan:
    """Choose what part of the straightened picture each variant shows, and its size: never enlarged."""
    plan: Plan = {}
    for name, most_wide, most_high, square in variants:
        if square:
            box = _square(width, height, crop)
            side = max(1, min(most_wide, round(box[2] - box[0])))
            plan[name] = (box, (side, side))
        else:
            scale = min(1.0, most_wide / width, most_high / height)
            size = (max(1, round(width * scale)), max(1, round(height * scale)))
            plan[name] = ((0.0, 0.0, float(width), float(height)), size)
    return plan


def _square(width: int, height: int, crop: list[float] | None) -> Box:
    """Return the square to show; without a crop the middle of a wide picture, the upper of a tall one."""
    short = float(min(width, height))
    if crop is None:
        left, top, side = (width - short) / 2, (height - short) / 5, short
    else:
        side = max(1.0, crop[2] * short)
        left, top = min(crop[0] * width, width - side), min(crop[1] * height, height - side)
    return (left, top, left + side, top + side)


def _flat(image: Image.Image, longest: float) -> Image.Image:
    """Return the picture as sRGB on white, reduced to not much more than `longest` pixels."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):  # 16 bits per pixel, which `convert` would clip
        image = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    elif image.has_transparency_data:
        image = image.convert("RGBA")
    elif image.mode not in ("L", "RGB", "CMYK"):
        image = image.convert("RGB")
    factor = int(max(image.size) / longest / 1.5)
    if factor > 1:
        image = image.reduce(factor)
    if image.mode == "RGBA":
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        image = white
    image.load()
    return _to_srgb(image, profile) if profile else image.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        converted = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):  # broken, or of another colour space
        converted = None
    return converted or image.convert("RGB")


def _encode(image: Image.Image) -> bytes:
    image.info = {}  # Pillow would write the comment that came with the picture
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    main()
