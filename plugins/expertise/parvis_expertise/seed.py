"""The vocabulary that a site begins with: names in French and English, and others that mean the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

LIST = Path(__file__).with_name("skills.txt")


class Seed(NamedTuple):
    """One skill of the list."""

    kind: str
    english: str
    french: str
    others: tuple[str, ...]

    @property
    def names(self) -> Iterator[tuple[str, str]]:
        """All its names, each with its language; of other names it is not told."""
        yield self.english, "en"
        yield self.french, "fr"
        yield from ((name, "") for name in self.others)


def seeds() -> Iterator[Seed]:
    """Read the list: `English | Français | other; names`, under headings that say of what kind they are."""
    kind = ""
    for line in LIST.read_text("utf-8").splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
        elif "|" in line and not line.startswith("#"):
            english, french, *others = (part.strip() for part in line.split("|"))
            yield Seed(
                kind, english, french, tuple(o.strip() for o in "".join(others).split(";") if o.strip())
            )
