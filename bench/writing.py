"""What is written: paragraphs in two languages, put together to texts that are all different.

Rendering is what costs, so a stock of paragraphs is rendered once; a text is some of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from parvis_social.content.text import render

from bench.crowd import TAGS

PARAGRAPHS = 2_000
WORDS = {
    "fr": "marée quai digue acier soudure équipe réunion client projet essai mesure retard panne atelier "
    "plan navire port écluse formation sécurité demain semaine merci bonjour question réponse photo document "
    "usine transport commande qualité budget avis idée solution travail collègue départ retour chantier",
    "en": "tide quay weld steel team meeting customer project trial measure delay failure workshop plan "
    "vessel harbour lock training safety tomorrow week thanks hello question answer picture document "
    "plant transport order quality budget opinion idea solution work colleague start return site crane",
}
SMALL = {
    "fr": "le la les un une de des et pour avec dans sur nous vous je qui que est sont pas plus",
    "en": "the a of and for with in on we you that is are not more this to as by it",
}
SHAPES = ("{}", "{}", "{}", "{}", "**{}**", "> {}", "- {}\n- {}", "See https://example.com/{} for more.")
LABELS = ("Sécurité", "Python", "Quai-Nord", "Welding", "Mesures", "Cpp", "Retours", "Photo", "Formation")


@dataclass(frozen=True)
class Part:
    """A paragraph, as it was written and as it is shown."""

    source: str
    html: str


class Stock:
    """Paragraphs to write with, and how people and tags are named in one."""

    def __init__(self, seed: int, handle: str) -> None:
        rng = Random(f"words {seed}")
        self.parts = [_part(_paragraph(rng)) for _ in range(PARAGRAPHS)]
        self.short = [part for part in self.parts if len(part.source) < 160]
        self.labels = [f"{LABELS[n % len(LABELS)]}-{n}" for n in range(1, TAGS + 1)]
        self.tags = [_part(f"#{label}") for label in self.labels]
        self.often = list(accumulate(1 / n for n in range(1, TAGS + 1)))
        self._handle = handle
        self._mention = _part(f"@{handle}")

    def mention(self, handle: str) -> Part:
        """Return a paragraph that names a person."""
        made = self._mention
        return Part(f"@{handle}", made.html.replace(self._handle, handle))

    def some(self, rng: Random, most: int) -> list[Part]:
        """Return paragraphs of a text: mostly one or two; the shorter ones, where `most` is one."""
        stock = self.short if most == 1 else self.parts
        return [stock[int(rng.random() * len(stock))] for _ in range(1 + int(rng.random() ** 2 * most))]


def join(parts: Sequence[Part]) -> tuple[str, str]:
    """Return a text of some paragraphs, in Markdown and in HTML."""
    return "\n\n".join(part.source for part in parts), "".join(part.html for part in parts)


def _part(source: str) -> Part:
    return Part(source, render(source).html)


def _paragraph(rng: Random) -> str:
    language = "fr" if rng.random() < 0.5 else "en"
    rare, small = WORDS[language].split(), SMALL[language].split()
    weights = list(accumulate(1 / n for n in range(1, len(rare) + 1)))
    count = min(120, 4 + int(rng.lognormvariate(2.6, 0.7)))
    words = [
        rng.choice(small) if rng.random() < 0.5 else rng.choices(rare, cum_weights=weights)[0]
        for _ in range(count)
    ]
    shape = rng.choice(SHAPES)
    if "https" in shape:
        return shape.format(words[0].encode("ascii", "ignore").decode() or "page")
    sentence = " ".join(words).capitalize() + "."
    return shape.format(*[sentence] * shape.count("{}"))
