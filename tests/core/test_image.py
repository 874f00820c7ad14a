import os
import random
import struct
import subprocess
import sys
import threading
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from parvis import image as image_module
from parvis.errors import Invalid
from parvis.image import Crop, Variant, process
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

LARGE = Variant("large", 400, 300)
FACE = Variant("face", 96, square=True)
RED, GREEN, BLUE, WHITE = (220, 30, 40), (30, 160, 60), (40, 60, 200), (255, 255, 255)


def encoded(image, kind="PNG", **options):
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def quarters(width=200, height=100):
    """Draw what can be told from any of its turned copies: red, green / blue, white."""
    image = Image.new("RGB", (width, height), WHITE)
    draw = ImageDraw.Draw(image)
    for colour, left, top in ((RED, 0, 0), (GREEN, 1, 0), (BLUE, 0, 1)):
        x, y = left * width // 2, top * height // 2
        draw.rectangle((x, y, x + width // 2 - 1, y + height // 2 - 1), fill=colour)
    return image


def made(data, variant=LARGE, **options):
    return Image.open(BytesIO(process(data, variants=[variant], **options).variants[variant.name]))


def colours_at(image, *places):
    """Name the colour at each place, given in fractions of the width and the height."""
    names = {"red": RED, "green": GREEN, "blue": BLUE, "white": WHITE, "black": (0, 0, 0), "grey": (128,) * 3}
    found = []
    for x, y in places:
        pixel = image.getpixel((int(x * image.width), int(y * image.height)))
        found.append(
            min(names, key=lambda name: sum(abs(a - b) for a, b in zip(names[name], pixel, strict=True)))
        )
    return found


def four_colours(image):
    return colours_at(image, (0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8))


def refusal(data, **options):
    with pytest.raises(Invalid) as refused:
        process(data, variants=[LARGE, FACE], **options)
    assert refused.value.field == "photo"
    return refused.value.message


@pytest.mark.parametrize(
    ("kind", "options"),
    [("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {}), ("WEBP", {}), ("WEBP", {"lossless": True})],
)
def test_every_accepted_kind_becomes_a_jpeg_that_shows_the_same(kind, options):
    result = process(encoded(quarters(), kind, **options), variants=[LARGE, FACE])
    assert (result.width, result.height, result.format) == (200, 100, "jpeg")
    assert result.sizes == {"large": (200, 100), "face": (96, 96)}
    large, face = (Image.open(BytesIO(result.variants[name])) for name in ("large", "face"))
    assert (large.format, large.mode, large.size, face.size) == ("JPEG", "RGB", (200, 100), (96, 96))
    assert four_colours(large) == four_colours(face) == ["red", "green", "blue", "white"]


def test_variants_fit_into_their_frame_and_are_never_enlarged():
    result = process(
        encoded(quarters(1000, 500), "JPEG"),
        variants=[
            Variant("wide", 640, 640),
            Variant("high", 640, 100),
            Variant("huge", 4000, 4000),
            Variant("face", 800, square=True),
        ],
    )
    assert result.sizes == {"wide": (640, 320), "high": (200, 100), "huge": (1000, 500), "face": (500, 500)}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_turned_photo_is_set_upright(kind, orientation):
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = quarters().transpose(undo[orientation]) if orientation in undo else quarters()
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(stored, kind, exif=exif)
    upright = made(data)
    assert upright.size == (200, 100)
    assert four_colours(upright) == ["red", "green", "blue", "white"]
    assert colours_at(made(data, FACE, crop=Crop(0.5, 0, 0.5)), (0.5, 0.5)) == ["green"]


def test_nothing_of_where_when_and_by_whom_is_left():
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.0)})
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "my secret")
    for data in (
        encoded(quarters(), "JPEG", exif=exif, comment=b"my secret", xmp=b"<x:xmpmeta>my secret</x:xmpmeta>"),
        encoded(quarters(), "PNG", exif=exif, pnginfo=text),
        encoded(quarters(), "WEBP", exif=exif, xmp=b"<x:xmpmeta>my secret</x:xmpmeta>"),
    ):
        assert b"PhoneMaker" in data
        out = process(data, variants=[LARGE, FACE]).variants.values()
        assert [
            set(Image.open(BytesIO(blob)).info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
            for blob in out
        ] == [set()] * 2
        assert not any(b"secret" in blob or b"PhoneMaker" in blob or b"Exif" in blob for blob in out)


def test_what_hides_behind_the_picture_is_dropped():
    polyglot = encoded(quarters(), "JPEG") + b"PK\x03\x04<script>alert(1)</script>"
    assert b"script" not in process(polyglot, variants=[LARGE]).variants["large"]


@pytest.mark.parametrize(
    ("crop", "expected"),
    [
        (None, "green"),
        (Crop(0.5, 0.5, 0.5), "white"),
        (Crop(0, 0.5, 0.5), "blue"),
        (Crop(1, 1, 0.5), "white"),
        (Crop(0, 0, 0.001), "red"),
    ],
)
def test_the_chosen_square_is_what_the_face_shows(crop, expected):
    assert colours_at(made(encoded(quarters(400, 200), "JPEG", quality=95), FACE, crop=crop), (0.9, 0.1)) == [
        expected
    ]


def test_a_tall_photo_shows_its_upper_part_where_faces_are():
    assert colours_at(made(encoded(quarters(100, 300)), FACE), (0.2, 0.9)) == ["red"]


@pytest.mark.parametrize(
    "crop", [(-0.1, 0, 1), (0, 1.1, 1), (0, 0, 0), (0, 0, 1.5), (float("nan"), 0, 1), (0, 0, float("inf"))]
)
def test_a_square_that_is_none_is_refused(crop):
    with pytest.raises(Invalid, match="outside the photo"):
        Crop(*crop)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png_is_shown_as_it_looks(mode):
    grey = Image.new("L", (60, 60), 128)
    if mode == "I;16":
        data = encoded(Image.new("I;16", (60, 60), 128 * 257))
    elif mode == "1":
        data = encoded(Image.new("1", (60, 60), 1))
    else:
        data = encoded(grey.convert(mode))
    assert colours_at(made(data), (0.5, 0.5)) == ["white" if mode == "1" else "grey"]


def test_transparency_becomes_white():
    palette = Image.new("P", (60, 60))
    palette.putpalette([0, 0, 0, *RED])
    palette.paste(1, (0, 0, 30, 60))
    clear = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    clear.paste((*RED, 255), (0, 0, 30, 60))
    for data in (
        encoded(palette, transparency=0),
        encoded(clear),
        encoded(clear, "WEBP"),
        encoded(clear.convert("LA")),
    ):
        assert colours_at(made(data, FACE), (0.8, 0.5)) == ["white"]


def test_a_cmyk_jpeg_keeps_its_colours():
    assert four_colours(made(encoded(quarters().convert("CMYK"), "JPEG"))) == [
        "red",
        "green",
        "blue",
        "white",
    ]


def test_a_colour_profile_is_applied_and_dropped():
    swapped = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {
        bytes(swapped[i : i + 4]): i
        for i in range(132, 132 + 12 * struct.unpack(">I", swapped[128:132])[0], 12)
    }
    red, blue = tags[b"rXYZ"] + 4, tags[b"bXYZ"] + 4
    swapped[red : red + 8], swapped[blue : blue + 8] = swapped[blue : blue + 8], swapped[red : red + 8]
    out = made(encoded(quarters(), "JPEG", icc_profile=bytes(swapped)))
    assert four_colours(out) == ["blue", "green", "red", "white"]
    assert "icc_profile" not in out.info


@pytest.mark.parametrize(
    "profile", [b"garbage", b"", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()]
)
def test_a_colour_profile_that_makes_no_sense_is_ignored(profile):
    for kind in ("JPEG", "PNG", "WEBP"):
        assert four_colours(made(encoded(quarters(), kind, icc_profile=profile))) == [
            "red",
            "green",
            "blue",
            "white",
        ]


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_an_animation_is_its_first_picture(kind):
    frames = [Image.new("RGB", (50, 50), colour) for colour in (RED, GREEN, BLUE)]
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
    assert colours_at(made(data), (0.5, 0.5)) == ["red"]


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (60_000, 2)])
def test_extreme_shapes_are_taken(size):
    result = process(encoded(Image.new("RGB", size, RED)), variants=[LARGE, FACE])
    assert (result.width, result.height) == size
    assert min(result.sizes["large"]) >= 1
    assert result.sizes["face"] == (min(size), min(size))


def box(brand):
    return b"\x00\x00\x00\x18ftyp" + brand + b"\x00\x00\x00\x00"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (box(b"heic"), "Apple's HEIC format.* “Most Compatible”, or export the photo as JPEG"),
        (box(b"mif1"), "Apple's HEIC format"),
        (box(b"avif"), "AVIF files cannot be shown here"),
        (box(b"isom"), "not a photo that can be shown here"),
        (encoded(quarters(), "GIF"), "GIF files cannot be shown here"),
        (encoded(quarters(), "TIFF"), "TIFF files"),
        (encoded(quarters(), "BMP"), "BMP files"),
        (encoded(quarters(), "PDF"), "PDF files"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG files"),
        (b'\xef\xbb\xbf <?xml version="1.0"?><!-- --><SVG onload="x"/>', "SVG files"),
        (b"<!doctype html><script>alert(1)</script>", "not a photo"),
        (b"MZ\x90\x00", "not a photo"),
        (bytes(100), "not a photo"),
    ],
)
def test_every_other_kind_is_refused_with_its_own_sentence(data, sentence):
    with pytest.raises(Invalid, match=sentence):
        process(data, variants=[LARGE])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_truncated_photo_is_refused(kind, part):
    noise = Image.effect_noise((300, 300), 90).convert("RGB")
    data = encoded(noise, kind)
    assert refusal(data[: int(len(data) * part)]).startswith("This photo is damaged or incomplete")


@pytest.mark.parametrize(
    "start", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x10\x00\x00WEBPVP8 "]
)
def test_garbage_behind_a_good_beginning_is_refused(start):
    garbage = random.Random(1).randbytes(5000)
    assert refusal(start + garbage).startswith("This photo is damaged or incomplete")


def test_bits_flipped_at_random_never_do_worse_than_a_refusal():
    choose = random.Random(3)
    originals = [encoded(quarters(), kind) for kind in ("JPEG", "PNG", "WEBP")]
    for _ in range(6):
        data = bytearray(choose.choice(originals))
        for _ in range(4):
            data[choose.randrange(12, len(data))] ^= 1 << choose.randrange(8)
        with suppress(Invalid):
            process(bytes(data), variants=[LARGE])


def test_a_heavy_file_is_refused_before_it_is_opened():
    assert refusal(b"\xff\xd8\xff" + b"\x00" * image_module.MAX_BYTES) == (
        "This photo is too heavy: 10 MB at most. Please send a smaller one."
    )


def test_a_small_file_of_13000_squared_is_refused_from_its_header(children):
    bomb = encoded(Image.new("1", (13_000, 13_000)))
    assert len(bomb) < 25_000
    assert refusal(bomb) == "This photo has too many pixels: 50 million at most. Please send a smaller one."
    assert children.seconds() < 0.5  # to decode it takes longer


def png_that_says(width, height):
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    sum_of_head = struct.pack(">I", zlib.crc32(head))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + sum_of_head + struct.pack(">I", 99) + b"IDAT"


@pytest.mark.parametrize("size", [(2**31 - 1, 2**31 - 1), (50_000_001, 1), (1, 50_000_001)])
def test_absurd_sizes_are_refused(size):
    assert refusal(png_that_says(*size)).startswith("This photo has too many pixels")


def test_the_child_has_a_memory_limit(monkeypatch):
    large = encoded(Image.new("RGB", (6000, 6000)))
    assert process(large, variants=[FACE]).sizes == {"face": (96, 96)}
    monkeypatch.setattr(image_module, "MEMORY", 150 * 1024 * 1024)
    assert refusal(large).startswith("This photo is too large or too intricate")


def test_the_child_has_a_time_limit(monkeypatch):
    monkeypatch.setattr(image_module, "SECONDS", 0.01)
    assert refusal(encoded(quarters())).startswith("This photo is too large or too intricate")


def test_many_threads_of_a_web_process_may_send_photos_at_once():
    data, results = encoded(quarters(), "JPEG"), []
    threads = [
        threading.Thread(target=lambda: results.append(process(data, variants=[FACE]).sizes))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [{"face": (96, 96)}] * 6


def test_the_child_imports_nothing_of_the_site():
    code = (
        "import runpy, sys; runpy.run_path(sys.argv[1], run_name='worker');"
        "print([m for m in sys.modules if m.split('.')[0] in ('parvis', 'flask', 'sqlalchemy', 'numpy')])"
    )
    command = [sys.executable, "-I", "-c", code, image_module._WORKER]
    assert subprocess.run(command, capture_output=True, text=True, check=True, env={}).stdout == "[]\n"


def test_a_phones_photo_costs_little(children):
    photo = Image.effect_noise((500, 375), 60).resize((4000, 3000)).convert("RGB")
    variants = [Variant("large", 1600, 1600), Variant("medium", 640, 640), FACE]
    process(encoded(photo, "JPEG", quality=90), variants=variants)
    assert children.seconds() < 1.5


class Children:
    """Tell how much processor time the children of this process have spent since the test began."""

    def __init__(self):
        self._start = self._spent()

    def seconds(self):
        return self._spent() - self._start

    def _spent(self):
        spent = os.times()
        return spent.children_user + spent.children_system


@pytest.fixture
def children():
    return Children()
