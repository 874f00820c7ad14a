"""What is vendored, what templates may not contain, whether colours can be told apart."""

import importlib.util
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "core" / "parvis" / "static"
COMPONENTS = ROOT / "core" / "parvis" / "templates" / "components"
TEMPLATES = sorted(
    path
    for folder in ("core", "plugins", "themes")
    for path in (ROOT / folder).rglob("*.html")
    if "templates" in path.parts and ".venv" not in path.parts and "build" not in path.parts
)
THEMES = sorted(path.parent for path in (ROOT / "themes").glob("*/theme.toml"))

FORBIDDEN = {
    "an inline handler": r"<[^>]*\s(?:on[a-z]+|hx-on[:\w-]*)\s*=",
    "an inline style": r"<[^>]*\sstyle\s*=|<style",
    "an inline script": r"<script(?![^>]*\ssrc=)",
    "a script address": r"[\"']\s*javascript:",
    "a value computed by script": r"hx-(?:vals|headers|confirm)[^=]*=[\"']\s*js:",
    "a file from another host": r"(?:src|href)=[\"'](?:https?:)?//",
}


def shown(path: Path) -> str:
    """Return a path as a test's name."""
    return path.relative_to(ROOT).as_posix()


def without_comments(path: Path) -> str:
    """Return a template's text without Jinja's comments."""
    return re.sub(r"(?s)\{#.*?#\}", "", path.read_text("utf-8"))


def vendor():
    """Load tools/vendor.py, which is a script and not part of the package."""
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "tools" / "vendor.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_vendored_files_are_those_of_the_lock():
    assert vendor().differences() == []


def test_a_changed_vendored_file_is_noticed(monkeypatch, tmp_path):
    script = vendor()
    sprite = tmp_path / "icons.svg"
    sprite.write_text("<svg/>")
    monkeypatch.setattr(script, "SPRITE", sprite)
    monkeypatch.setattr(script, "ROOT", Path("/"))
    assert script.differences() != []


def test_every_vendored_package_brings_its_licence():
    for package in (*vendor().PACKAGES, vendor().LUCIDE):
        assert [name for name in package.files.values() if name.endswith(".LICENSE")], package.name


@pytest.mark.parametrize("path", TEMPLATES, ids=shown)
def test_template_has_nothing_that_the_content_policy_forbids(path):
    text = without_comments(path)
    found = [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text, re.IGNORECASE)]
    assert found == []


BROKEN = [
    "<a onclick='x()'>",
    '<p style="x">',
    "<script>x()</script>",
    "<a href='javascript:x()'>",
    "<b hx-on:click='x'>",
]


@pytest.mark.parametrize("html", BROKEN)
def test_what_the_content_policy_forbids_is_recognised(html):
    assert [what for what, pattern in FORBIDDEN.items() if re.search(pattern, html, re.IGNORECASE)]


@pytest.mark.parametrize("path", TEMPLATES, ids=shown)
def test_elements_that_make_requests_carry_the_nonce(path):
    inside = r"""(?:"[^"]*"|[^<>"])*"""  # a selector in quotes may hold ">"
    requests = rf"(?s)<[a-z{{]{inside}\shx-(?:get|post|put|patch|delete|headers)[=:]{inside}>"
    tags = re.findall(requests, without_comments(path))
    assert [tag for tag in tags if "hx-nonce" not in tag] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=shown)
def test_icons_named_in_a_template_are_in_the_sprite(path):
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text("utf-8")))
    words = r"""\bicon\(["']([^"']+)["']\)|icon_name=["']([^"']+)["']"""
    named = set(re.findall(words, path.read_text("utf-8")))
    assert {name for pair in named for name in pair if name} - sprite == set()


def test_every_component_is_described_and_reached_through_one_import():
    described, public = set(), set()
    for path in COMPONENTS.glob("*.html"):
        text = path.read_text("utf-8")
        public |= set(re.findall(r"\{% macro ([a-z]\w*)\(", text))
        described |= set(re.findall(r"#\}\n\{% macro ([a-z]\w*)\(", text))
    exported = set(re.findall(r"\{% set (\w+) =", (COMPONENTS / "ui.html").read_text("utf-8")))
    guide = (ROOT / "docs" / "components.md").read_text("utf-8")
    assert public == described == exported
    assert {name for name in public if f"`{name}(" not in guide} == set()


def test_own_scripts_write_no_html():
    sinks = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function")
    assert [path.name for path in (STATIC / "js").glob("*.js") if sinks.search(path.read_text("utf-8"))] == []


# Colours

BODY, TEXT, PART = 7.0, 4.5, 3.0
PAIRS = [
    ("ink", "ground", BODY),
    ("ink", "surface", BODY),
    ("ink", "sunken", BODY),
    ("ink", "raised", BODY),
    ("ink", "accent-soft", BODY),
    ("ink", "good-soft", BODY),
    ("ink", "warn-soft", BODY),
    ("ink", "bad-soft", BODY),
    ("ink-soft", "ground", TEXT),
    ("ink-soft", "surface", TEXT),
    ("ink-soft", "sunken", TEXT),
    ("ink-soft", "accent-soft", TEXT),
    ("accent", "ground", TEXT),
    ("accent", "surface", TEXT),
    ("accent", "accent-soft", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-hover", TEXT),
    ("bad", "ground", TEXT),
    ("bad", "surface", TEXT),
    ("on-bad", "bad", TEXT),
    ("good", "good-soft", PART),
    ("warn", "warn-soft", PART),
    ("bad", "bad-soft", PART),
    ("good", "surface", PART),
    ("warn", "surface", PART),
    ("line-strong", "ground", PART),
    ("line-strong", "surface", PART),
]


def channels(colour: str) -> tuple[float, float, float]:
    """Return red, green and blue of `#rrggbb`, 0 to 255."""
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2.2, definition of the same name)."""
    parts = [value / 255 for value in channels(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class Tokens:
    """The colour tokens of one theme in one mode, computed as a browser does."""

    def __init__(self, mode: str, theme: Path):
        text = (STATIC / "css" / "tokens.css").read_text("utf-8")
        self.mode = mode
        self.declared = dict(re.findall(r"--pv-([\w-]+):\s*([^;]+);", text))
        self.declared |= tomllib.loads((theme / "theme.toml").read_text("utf-8")).get(mode, {})

    def colour(self, name: str) -> str:
        return self.value(self.declared[name])

    def value(self, text: str) -> str:
        if match := re.fullmatch(r"light-dark\((.+?),\s*(.+)\)", text):
            return self.value(match[1 if self.mode == "light" else 2])
        if match := re.fullmatch(r"color-mix\(in srgb, (.+?) (\d+)%, (.+)\)", text):
            return self.mixed(self.value(match[1]), int(match[2]) / 100, self.value(match[3]))
        if match := re.fullmatch(r"var\(--pv-([\w-]+)\)", text):
            return self.colour(match[1])
        assert re.fullmatch(r"#[0-9a-fA-F]{6}", text), text
        return text

    @staticmethod
    def mixed(one: str, part: float, other: str) -> str:
        pairs = zip(channels(one), channels(other), strict=True)
        return "#" + "".join(f"{round(a * part + b * (1 - part)):02x}" for a, b in pairs)


def every_pair() -> Iterator[object]:
    """Return each theme, mode and pair of tokens as a case of its own."""
    for theme in THEMES:
        for mode in ("light", "dark"):
            for front, back, least in PAIRS:
                name = f"{theme.name}-{mode}-{front}-on-{back}"
                yield pytest.param(theme, mode, front, back, least, id=name)


@pytest.mark.parametrize(("theme", "mode", "front", "back", "least"), list(every_pair()))
def test_colours_can_be_told_apart(theme, mode, front, back, least):
    tokens = Tokens(mode, theme)
    assert contrast(tokens.colour(front), tokens.colour(back)) >= least


def test_contrast_is_computed_as_the_standard_says():
    assert round(contrast("#000000", "#ffffff"), 2) == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("theme", THEMES, ids=lambda path: path.name)
def test_theme_names_only_tokens_that_exist_in_light_and_in_dark(theme):
    settings = tomllib.loads((theme / "theme.toml").read_text("utf-8"))
    known = set(re.findall(r"--pv-([\w-]+):", (STATIC / "css" / "tokens.css").read_text("utf-8")))
    light, dark = set(settings.get("light", {})), set(settings.get("dark", {}))
    assert (light | dark) - known == set()
    assert light - dark == set()
    assert (theme / "static" / settings["logo"]).is_file()
    assert list(theme.rglob("*.py")) == []
