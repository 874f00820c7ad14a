"""Fetch the front-end files that Parvis serves, and lock them.

Nothing is fetched at run time and no Node is needed to install: a developer runs this script when a version
changes, and commits what it wrote. Needs `npm` (only for `npm pack`).

    python tools/vendor.py           fetch, copy, write the icon sprite and vendor.lock
    python tools/vendor.py --check   compare the committed files with vendor.lock
"""

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "core" / "parvis" / "static"
VENDOR = STATIC / "vendor"
SPRITE = STATIC / "icons.svg"
LOCK = ROOT / "tools" / "vendor.lock"


class Package(NamedTuple):
    """One npm package: its version and which of its files go where in static/vendor."""

    name: str
    version: str
    files: dict[str, str]
    why: str


PACKAGES = (
    Package(
        "htmx.org",
        "4.0.1",
        {"dist/htmx.min.js": "htmx.js", "dist/ext/hx-csp.min.js": "hx-csp.js", "LICENSE": "htmx.LICENSE"},
        "parts of pages load without a full reload; hx-csp ties it to the page's nonce",
    ),
    Package(
        "@github/relative-time-element",
        "5.3.1",
        {"dist/bundle.js": "relative-time.js", "LICENSE": "relative-time.LICENSE"},
        "times as a person says them, in the page's language",
    ),
    Package(
        "@github/markdown-toolbar-element",
        "2.2.3",
        {"dist/index.js": "markdown-toolbar.js", "LICENSE": "markdown-toolbar.LICENSE"},
        "buttons that write Markdown",
    ),
    Package(
        "@github/combobox-nav",
        "3.0.2",
        {"dist/index.js": "combobox-nav.js", "LICENSE": "combobox-nav.LICENSE"},
        "keyboard in the suggestions of the search field",
    ),
    Package(
        "@github/text-expander-element",
        "2.9.4",
        {"dist/bundle.js": "text-expander.js", "LICENSE": "text-expander.LICENSE"},
        "people, tags and emoji suggested while one writes",
    ),
    Package(
        "@fontsource-variable/atkinson-hyperlegible-next",
        "5.3.0",
        {
            "files/atkinson-hyperlegible-next-latin-wght-normal.woff2": "atkinson-latin.woff2",
            "files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2": "atkinson-latin-ext.woff2",
            "LICENSE": "atkinson.LICENSE",
        },
        "the one typeface, drawn to be told apart by weak eyes",
    ),
)

LUCIDE = Package("lucide-static", "1.62.0", {"LICENSE": "lucide.LICENSE"}, "the icons of the sprite")

# The name used in templates -> the drawing in the icon set. Words of ours, so that a drawing can change.
ICONS = {
    "add": "plus",
    "alert": "triangle-alert",
    "archive": "archive",
    "back": "arrow-left",
    "bell": "bell",
    "bell-off": "bell-off",
    "blog": "newspaper",
    "bold": "bold",
    "bookmark": "bookmark",
    "building": "building-2",
    "calendar": "calendar",
    "calm": "moon-star",
    "camera": "camera",
    "career": "briefcase",
    "chat": "message-circle",
    "check": "check",
    "close": "x",
    "code": "code",
    "company": "building",
    "copy": "copy",
    "delete": "trash-2",
    "directory": "book-user",
    "down": "chevron-down",
    "edit": "pencil",
    "error": "circle-alert",
    "everyone": "users",
    "expert": "graduation-cap",
    "external": "external-link",
    "eye": "eye",
    "file": "file",
    "filter": "list-filter",
    "forward": "arrow-right",
    "gauge": "gauge",
    "globe": "globe",
    "group": "users-round",
    "hash": "hash",
    "heading": "heading",
    "heart": "heart",
    "help": "circle-help",
    "history": "history",
    "home": "house",
    "house": "house",
    "image": "image",
    "image-add": "image-plus",
    "info": "info",
    "italic": "italic",
    "key": "key-round",
    "keyboard": "keyboard",
    "language": "languages",
    "leave": "door-open",
    "left": "chevron-left",
    "link": "link",
    "list": "list",
    "lock": "lock",
    "mail": "mail",
    "manager": "network",
    "menu": "menu",
    "merge": "merge",
    "mobile": "smartphone",
    "monitor": "monitor",
    "moon": "moon",
    "more": "ellipsis",
    "only-me": "eye-off",
    "owner": "crown",
    "paperclip": "paperclip",
    "people": "users",
    "person": "user",
    "phone": "phone",
    "pin": "map-pin",
    "pinned": "pin",
    "plugin": "blocks",
    "question": "message-circle-question-mark",
    "quote": "text-quote",
    "reply": "reply",
    "right": "chevron-right",
    "search": "search",
    "send": "send",
    "settings": "settings",
    "shield": "shield",
    "sign-in": "log-in",
    "sign-out": "log-out",
    "smile": "smile",
    "star": "star",
    "status": "activity",
    "sun": "sun",
    "tag": "tag",
    "time": "clock",
    "undo": "undo-2",
    "up": "chevron-up",
    "user": "user",
    "users": "users",
    "warning": "triangle-alert",
}


def pack(package: Package, folder: Path) -> Path:
    """Return the unpacked package; npm itself verifies the registry's integrity hash."""
    command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    archive = next(folder.glob("*.tgz"))
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    archive.unlink()
    return folder / "package"


def copy(package: Package, unpacked: Path) -> None:
    """Copy the listed files, without the reference to a source map that is not served."""
    for source, target in package.files.items():
        data = (unpacked / source).read_bytes()
        if target.endswith(".js"):
            data = re.sub(rb"\n?//# sourceMappingURL=\S+\s*$", b"\n", data)
        (VENDOR / target).write_bytes(data)


def symbol(name: str, svg: str) -> str:
    """Return one drawing as a symbol that takes its colour from the text around it."""
    shapes = re.sub(r"\s+", " ", re.sub(r"(?s).*?<svg[^>]*>(.*)</svg>.*", r"\1", svg)).strip()
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" '
        f'stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>'
    )


def write_sprite(unpacked: Path) -> None:
    """Write the one file that holds every icon a template may name."""
    drawings = [
        symbol(name, (unpacked / "icons" / f"{drawing}.svg").read_text("utf-8"))
        for name, drawing in sorted(ICONS.items())
    ]
    body = "\n".join(drawings)
    SPRITE.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n', "utf-8")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def files() -> list[Path]:
    """Return every file that this script writes and the lock must name."""
    return sorted([*VENDOR.iterdir(), SPRITE])


def lock_text() -> str:
    """Return the lock for the files as they are now."""
    versions = "".join(f"# {p.name} {p.version}: {p.why}\n" for p in (*PACKAGES, LUCIDE))
    hashes = "".join(f"{digest(path)}  {path.relative_to(ROOT).as_posix()}\n" for path in files())
    return f"# Written by tools/vendor.py\n{versions}{hashes}"


def differences() -> list[str]:
    """Return the lines in which the lock and the files differ; empty when all is well."""
    locked, found = LOCK.read_text("utf-8").splitlines(), lock_text().splitlines()
    return sorted(set(locked) ^ set(found))


def fetch() -> None:
    """Bring every package, then lock what was written."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    for package in (*PACKAGES, LUCIDE):
        print(f"{package.name} {package.version}")
        with tempfile.TemporaryDirectory() as folder:
            unpacked = pack(package, Path(folder))
            copy(package, unpacked)
            if package is LUCIDE:
                write_sprite(unpacked)
    LOCK.write_text(lock_text(), "utf-8")


if __name__ == "__main__":
    if "--check" in sys.argv:
        problems = differences()
        print("\n".join(problems) or "The vendored files are as locked.")
        sys.exit(bool(problems))
    fetch()
