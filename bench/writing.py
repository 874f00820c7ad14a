"""What is written: paragraphs in two languages, put together to texts that are all different.

Rendering is what costs, so a stock of paragraphs is rendered once; a text is some of them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from parvis_expertise.seed import seeds
from parvis_social.content.text import render

from bench.crowd import TAGS

PARAGRAPHS, TOPIC_PARAGRAPHS = 2_000, 80
OWN_WORDS = 200
"""So many words a topic has of its own in each language; they are those of the skills that people have."""
WORD = re.compile(r"[^\W\d_]{4,}")
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

    def __init__(self, seed: int, handle: str, topics: Iterable[str] = ()) -> None:
        rng = Random(f"words {seed}")
        self.parts = [_part(_paragraph(rng, WORDS)) for _ in range(PARAGRAPHS)]
        self.short = _short(self.parts)
        self.topics = {topic: of_topic(seed, topic) for topic in topics}
        self.labels = [f"{LABELS[n % len(LABELS)]}-{n}" for n in range(1, TAGS + 1)]
        self.tags = [_part(f"#{label}") for label in self.labels]
        self.often = list(accumulate(1 / n for n in range(1, TAGS + 1)))
        self._handle = handle
        self._mention = _part(f"@{handle}")

    def mention(self, handle: str) -> Part:
        """Return a paragraph that names a person."""
        made = self._mention
        return Part(f"@{handle}", made.html.replace(self._handle, handle))

    def some(self, rng: Random, most: int, topic: str = "") -> list[Part]:
        """Return paragraphs of a text: mostly one or two; the shorter ones, where `most` is one."""
        parts, short = self.topics.get(topic, (self.parts, self.short))
        stock = short if most == 1 else parts
        return [stock[int(rng.random() * len(stock))] for _ in range(1 + int(rng.random() ** 2 * most))]


def join(parts: Sequence[Part]) -> tuple[str, str]:
    """Return a text of some paragraphs, in Markdown and in HTML."""
    return "\n\n".join(part.source for part in parts), "".join(part.html for part in parts)


def vocabulary(seed: int, topic: str) -> dict[str, list[str]]:
    """Return the words of a topic in both languages, the most used first: its own, and those of everybody."""
    rng, found = Random(f"vocabulary {seed} {topic}"), {}
    for language in WORDS:
        names = (seed.french if language == "fr" else seed.english for seed in seeds())
        own = sorted({word.lower() for name in names for word in WORD.findall(name)})
        words = list(dict.fromkeys([*rng.sample(own, OWN_WORDS), *WORDS[language].split()]))
        rng.shuffle(words)
        found[language] = [topic.lower(), *words]
    return found


def of_topic(seed: int, topic: str) -> tuple[list[Part], list[Part]]:
    """Return paragraphs about a topic, and the short ones among them."""
    rng = Random(f"words {seed} {topic}")
    words = {language: " ".join(found) for language, found in vocabulary(seed, topic).items()}
    parts = [_part(_paragraph(rng, words)) for _ in range(TOPIC_PARAGRAPHS)]
    return parts, _short(parts)


def _short(parts: list[Part]) -> list[Part]:
    return [part for part in parts if len(part.source) < 160] or parts


def _part(source: str) -> Part:
    return Part(source, render(source).html)


def _paragraph(rng: Random, words_of: Mapping[str, str]) -> str:
    language = "fr" if rng.random() < 0.5 else "en"
    rare, small = words_of[language].split(), SMALL[language].split()
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
