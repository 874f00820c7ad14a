"""Portraits drawn by the program itself, for the demo and for tests: the same face for one seed."""

import random
from collections.abc import Callable
from math import asin, cos, pi, sin
from typing import Literal

from parvis.testing.canvas import Canvas, Point, curve, mix, path

Look = Literal["any", "feminine", "masculine"]

PAPERS = [
    "#f6c9a8",
    "#f2b8b5",
    "#f7dc9c",
    "#cfe3b4",
    "#b5dccb",
    "#b3d9ea",
    "#bcc8ee",
    "#d9c3ea",
    "#efd3c2",
    "#c9d6d3",
]
CLOTHES = [
    "#264653",
    "#2a6f97",
    "#7a3e65",
    "#b5523b",
    "#d98f2b",
    "#3f7d58",
    "#4c4f8f",
    "#8c2f39",
    "#3d3d46",
    "#e8e2d6",
]
SKINS = ["#fbd9c0", "#f5c9a6", "#eab68c", "#d69c6e", "#b97b50", "#94593a", "#6e4029"]
HAIRS = ["#1f1a1c", "#33241f", "#54372a", "#7d5233", "#a9743f", "#d3a75c", "#a44a2a", "#8d8b8c", "#cfcac6"]


def portrait(seed: str, size: int = 800, *, look: Look = "any") -> bytes:
    """Draw a person, head and shoulders, as a square JPEG; `look` keeps beards and buns to likely names."""
    choose = random.Random(f"portrait {seed}")
    canvas = Canvas(size)
    Person(choose, canvas, look).draw()
    return canvas.jpeg()


class Person:
    """Someone made of a few choices, drawn from back to front."""

    def __init__(self, choose: random.Random, canvas: Canvas, look: Look) -> None:
        self.choose, self.canvas = choose, canvas
        if look == "any":
            look = choose.choice(("feminine", "masculine"))
        self.look = look
        self.skin = choose.choice(SKINS)
        fair = SKINS.index(self.skin) < 3
        self.hair = choose.choice(HAIRS if fair else [*HAIRS[:3], *HAIRS[:3], HAIRS[7]])
        self.cloth, self.paper = choose.choice(CLOTHES), choose.choice(PAPERS)
        self.deep = mix(self.skin, "#7a2f1d" if fair else "#2b0f08", 0.22)
        self.line = mix(self.skin, "#2b1410", 0.62)
        self.style = choose.choice(FEMININE if look == "feminine" else MASCULINE)
        self.wide = choose.uniform(15.6, 17.2) + (0.6 if look == "masculine" else 0)
        self.jaw = choose.uniform(0.84, 0.92) if look == "feminine" else choose.uniform(0.7, 0.82)

    def draw(self) -> None:
        self.background()
        self.hair_behind()
        self.body()
        self.head()
        self.face()
        self.hair_before()
        self.extras()

    def background(self) -> None:
        c, paper, choose = self.canvas, self.paper, self.choose
        c.shade(mix(paper, "#ffffff", 0.35), mix(paper, "#8a6a5a", 0.12))
        kind = choose.randrange(5)
        soft, dark = mix(paper, "#ffffff", 0.5), mix(paper, "#40506a", 0.2)
        if kind == 0:
            c.oval(50, 46, 38, 38, soft)
        elif kind == 1:
            c.oval(78, 22, 11, 11, mix("#fff3c4", paper, 0.1))
            c.blob(path("-10,78 20,60 48,70 75,56 112,72 112,120 -10,120"), mix(paper, "#5b8a72", 0.35))
            c.blob(path("-10,92 25,76 60,86 112,74 112,120 -10,120"), mix(paper, "#3f6f5a", 0.5))
        elif kind == 2:
            for x in (-4, 74):
                self.plant(x + choose.uniform(0, 14), dark)
        elif kind == 3:
            c.box(8, 8, 46, 62, soft, 2)
            c.box(54, 8, 92, 62, soft, 2)
            c.box(0, 74, 100, 100, dark)
        else:
            for x, y, r in ((12, 18, 16), (90, 30, 20), (14, 84, 22), (86, 88, 14)):
                c.oval(x, y, r, r, mix(paper, "#ffffff", choose.uniform(0.2, 0.5)))

    def plant(self, x: float, colour: str) -> None:
        for lean in (-14, -6, 3, 11):
            top = self.choose.uniform(22, 44)
            leaf = [
                (8.0, 100.0),
                (6 + lean * 0.6, 50 + top / 2),
                (8.0 + lean, top),
                (12 + lean * 0.7, 50 + top / 2),
            ]
            self.canvas.blob([(x + dx, y) for dx, y in leaf], mix(colour, "#3f7d58", 0.45))

    def outline(self, grow: float = 0) -> list[Point]:
        """Return the shape of the head: an oval with a jaw, narrower towards the chin."""
        wide, high, points = self.wide + grow, 21 + grow, []
        for step in range(32):
            across, down = cos(2 * pi * step / 32), sin(2 * pi * step / 32)
            full = abs(across) ** (self.jaw if down > 0 else 0.96) * (1 - 0.12 * max(0.0, down))
            points.append((50 + wide * full * (1 if across > 0 else -1), 45 + high * down))
        return points

    def body(self) -> None:
        c, skin = self.canvas, self.skin
        broad = 38 if self.look == "masculine" else 33
        right = [(7.0, 76.0), (broad * 0.62, 80.5), (broad - 2.0, 90.0), (broad + 0.0, 104.0)]
        left = [(-x, y) for x, y in reversed(right)]
        c.blob([(50 + x, y) for x, y in (*left, *right, (0, 112))], self.cloth)
        c.box(43, 56, 57, 78, skin)
        c.shape(curve(path("43,60 43,72 39,78 50,86 61,78 57,72 57,60")), skin)
        c.shape([(43, 60), (57, 60), *curve(path("57,60 57,66 50,71.5 43,66 43,60"))], self.deep)
        CLOTHING[self.choose.randrange(len(CLOTHING))](self)

    def head(self) -> None:
        c = self.canvas
        for side in (-1, 1):
            c.oval(50 + side * self.wide * 0.98, 47, 3.2, 4.6, self.skin)
            c.oval(50 + side * self.wide * 0.99, 47.4, 1.6, 2.8, self.deep)
        c.blob(self.outline(), self.skin)

    def face(self) -> None:
        c, choose = self.canvas, self.choose
        brow = mix(self.hair, "#2a1c18", 0.35)
        lift = choose.uniform(-0.6, 0.6)
        for side in (-1, 1):
            x = 50 + side * 6.9
            c.oval(50 + side * 9.6, 53.5, 3.6, 2.4, mix(self.skin, "#e0553f", 0.4) + "60")
            c.oval(x, 46.8, 1.75, 2.1, "#2a1d1b")
            c.oval(x + 0.55, 46.1, 0.55, 0.6, "#ffffff")
            c.stroke([(x - 3 * side, 41.6 - lift), (x, 40.4 - lift), (x + 3.2 * side, 41.8)], 1.1, brow)
            if self.look == "feminine":
                c.stroke([(x + 1.2 * side, 45.3), (x + 2.9 * side, 44.5)], 0.6, "#2a1d1b")
        c.stroke([(50.4, 47), (51.6, 51.6), (49.4, 52.6)], 0.9, self.deep)
        self.mouth(choose.randrange(3))

    def mouth(self, kind: int) -> None:
        c = self.canvas
        lips = mix(self.skin, "#b03a48", 0.55) if self.look == "feminine" else self.line
        if kind == 0:
            c.blob(path("43.8,56.8 50,58 56.2,56.8 53.6,61 50,62 46.4,61"), "#7c2b30")
            c.blob(path("45,57.3 50,58.2 55,57.3 53.6,59 50,59.5 46.4,59"), "#ffffff")
        elif kind == 1:
            c.stroke(path("44.4,57.2 47,59.2 50,59.9 53,59.2 55.6,57.2"), 1.1, lips)
        else:
            c.stroke(path("45.2,58.2 48.5,59.4 52,59.2 55.2,56.9"), 1.1, lips)

    def hair_behind(self) -> None:
        c, hair = self.canvas, mix(self.hair, "#000000", 0.14)
        if self.style in ("long", "fringe"):
            c.blob(path("50,20 69,28 72,52 75,78 66,90 34,90 25,78 28,52 31,28"), hair)
        elif self.style == "bob":
            c.blob(path("50,21 69,29 72.5,50 71,66 60,69 40,69 29,66 27.5,50 31,29"), hair)
        elif self.style == "bun":
            c.oval(50, 19.5, 8.5, 8, hair)
        elif self.style == "tail":
            c.blob(path("60,24 74,26 80,42 77,62 82,76 72,72 68,54 66,36"), hair)
        elif self.style == "curls":
            for x, y, r in ((18, 38, 10), (21, 52, 9), (19, 64, 8)):
                c.oval(50 - x, y, r, r, hair)
                c.oval(50 + x, y, r, r, hair)
            c.oval(50, 26, 14, 14, hair)

    def hair_before(self) -> None:
        if self.style.endswith("bearded"):
            self.beard()
        if self.style in CROWNS:
            self.crown(*CROWNS[self.style])
        if self.style in ON_TOP:
            ON_TOP[self.style](self)

    def crown(self, hairline: str, grow: float, low: float) -> None:
        """Draw hair from the top of the head down to a line from the left to the right."""
        wide, high = self.wide + grow * 0.6, 21 + grow
        start = asin(max(0.0, 45 - low) / high)
        arc = [start + (pi - 2 * start) * step / 20 for step in range(21)]
        outer = [(50 + wide * cos(angle), 45 - high * sin(angle)) for angle in arc]
        left, right, fit = 50 - self.wide, 50 + self.wide, self.wide / 16.8
        line = [(50 + (x - 50) * fit, y) for x, y in path(hairline)]
        inner = curve([(left, low), (left + 0.8, low), *line, (right - 0.8, low), (right, low)])
        self.canvas.shape([(50 + wide, low), *outer, (50 - wide, low), *inner], self.hair)

    def extras(self) -> None:
        c, choose = self.canvas, self.choose
        if self.look == "masculine" and self.style != "beanie" and choose.random() < 0.1:
            self.moustache()
        if choose.random() < 0.3:
            frame = choose.choice(["#2b2b33", "#5a3322", "#8c2f39", "#b58a3c"])
            for x in (42.8, 57.2):
                c.oval(x, 47, 5.2, 5.2, "#ffffff1c")
                c.ring(x, 47, 5.6, 0.9, frame)
            c.stroke([(48.2, 46.2), (50, 45.6), (51.8, 46.2)], 0.9, frame)
        if self.look == "feminine" and self.style in ("bun", "tail", "pixie") and choose.random() < 0.7:
            for side in (-1, 1):
                c.oval(50 + side * self.wide, 53.4, 1.1, 1.1, "#e7b84b")

    def moustache(self) -> None:
        self.canvas.blob(path("44,56.4 47,54.6 50,55.2 53,54.6 56,56.4 50,57"), self.hair)

    def beard(self) -> None:
        points = [point for point in self.outline(0.7) if point[1] > 49]
        upper = [(50 - self.wide * 0.9, 49), (42, 54.6), (50, 54.2), (58, 54.6), (50 + self.wide * 0.9, 49)]
        points.sort()
        self.canvas.blob([*upper, *reversed(points)], self.hair)
        self.canvas.blob(
            path("44.6,57 50,56.6 55.4,57 53,60.4 50,61 47,60.4"), mix(self.skin, "#8a3434", 0.6)
        )
        self.canvas.blob(path("45.4,57.2 50,57.2 54.6,57.2 50,58.8"), "#ffffff")


def _hair_quiff(p: Person) -> None:
    p.canvas.blob(path("37,31 39,22 50,17.5 62,20 66,28 60,32 48,31"), p.hair)


def _hair_curly(p: Person) -> None:
    for step in range(13):
        angle = pi + pi * step / 12
        x, y = 50 + (p.wide + 0.8) * cos(angle), 38 + 15.5 * sin(angle)
        p.canvas.oval(x, y, 4.6, 4.6, p.hair)
    for x in (39, 45, 51, 57, 62):
        p.canvas.oval(x, 29.5, 4.4, 4.2, p.hair)


def _hair_bald(p: Person) -> None:
    for side in (-1, 1) if p.style == "bald" else ():
        x = 50 + side * p.wide
        p.canvas.blob([(x, 38), (x + side * 1.2, 43), (x - side * 0.4, 48), (x - side * 2.2, 44)], p.hair)
    p.canvas.oval(45, 29, 4.5, 1.8, mix(p.skin, "#ffffff", 0.35))


def _hair_beanie(p: Person) -> None:
    wool = mix(p.cloth, "#e9a13b", 0.55)
    p.canvas.blob(path("31.5,36 33,24 42,17.5 50,16.6 58,17.5 67,24 68.5,36 50,33"), wool)
    p.canvas.box(30.6, 31.4, 69.4, 38, mix(wool, "#000000", 0.14), 3)


def _hair_scarf(p: Person) -> None:
    scarf = mix(p.cloth, "#ffffff", 0.25)
    c = p.canvas
    c.blob(path("31,62 29,44 34,27 50,20 66,27 71,44 69,62 66,78 50,84 34,78"), scarf)
    c.blob(path("36,48 38.5,36 50,30.5 61.5,36 64,48 61,58 56,64.5 50,66.5 44,64.5 39,58"), p.skin)
    c.stroke([(34, 66), (46, 76), (66, 70)], 0.7, mix(scarf, "#000000", 0.2))
    p.face()


CROWNS = {
    "long": ("37,37 43,29 50,27 57,29 63,37", 2.0, 58),
    "fringe": ("36,37 43,38.6 50,39 57,38.6 64,37", 2.0, 56),
    "bob": ("36,40 42,34 52,30 60,31 65,40", 2.0, 60),
    "bun": ("37,36 43,31 50,29.5 57,31 63,36", 1.6, 43),
    "tail": ("37,36 43,31 50,29.5 57,31 63,36", 1.6, 43),
    "pixie": ("35.8,38 39.5,31.8 47,33.6 56,32.8 60.4,30.4 64.2,38", 2.4, 47),
    "curls": ("36,38 42,33 50,32 58,33 64,38", 2.0, 44),
    "side": ("35.8,38 39.5,31.8 47,33.6 56,32.8 60.4,30.4 64.2,38", 2.4, 45),
    "short": ("36.4,36 40,31.6 50,31 60,31.6 63.6,36", 1.5, 43),
    "quiff": ("36,37 39,31 50,30 61,31 64,37", 1.4, 44),
    "curly": ("36,38 42,33 50,32 58,33 64,38", 2.0, 44),
    "bearded": ("35.8,38 39.5,31.8 47,33.6 56,32.8 60.4,30.4 64.2,38", 2.4, 45),
    "beanie": ("36,40 43,37.5 50,37 57,37.5 64,40", 2.0, 46),
}
"""The line where hair meets the forehead, how far it stands off, and how low it hangs at the sides."""

ON_TOP: dict[str, Callable[[Person], None]] = {
    "quiff": _hair_quiff,
    "curls": _hair_curly,
    "curly": _hair_curly,
    "bald": _hair_bald,
    "bald bearded": _hair_bald,
    "beanie": _hair_beanie,
    "scarf": _hair_scarf,
}
FEMININE = ["long", "long", "fringe", "bob", "bob", "bun", "tail", "pixie", "curls", "curls", "scarf"]
MASCULINE = [
    "side",
    "side",
    "short",
    "short",
    "quiff",
    "quiff",
    "curly",
    "bald",
    "bearded",
    "bearded",
    "bald bearded",
    "beanie",
]


def _plain(p: Person) -> None:
    p.canvas.stroke(
        path("38.8,77.6 43.6,83.2 50,85.6 56.4,83.2 61.2,77.6"), 2.4, mix(p.cloth, "#000000", 0.18)
    )


def _striped(p: Person) -> None:
    light = mix(p.cloth, "#ffffff", 0.75)
    for y in (88, 93, 98):
        p.canvas.stroke([(22, y + 1.5), (50, y), (78, y + 1.5)], 1.6, light)
    _plain(p)


def _shirt(p: Person) -> None:
    collar = mix(p.cloth, "#ffffff", 0.82)
    p.canvas.shape(path("41,77 50,88 59,77 63,80 54,94 50,90 46,94 37,80"), collar)
    p.canvas.stroke([(50, 90), (50, 101)], 0.6, mix(p.cloth, "#000000", 0.3))


def _jacket(p: Person) -> None:
    white, dark = "#f7f4ee", mix(p.cloth, "#000000", 0.22)
    p.canvas.shape([(40, 76), (50, 104), (60, 76)], white)
    p.canvas.shape(path("43,72 57,72 57,76 50,87 43,76"), p.skin)
    for side in (-1, 1):
        p.canvas.shape(
            [(50 + side * 7, 74.5), (50, 87), (50 + side * 4.5, 91), (50 + side * 10.5, 78)],
            mix(white, p.cloth, 0.14),
        )
        p.canvas.shape(
            [(50 + side * 9.5, 76.5), (50 + side * 14.5, 80.5), (50 + side * 12, 89), (50, 104)], dark
        )


def _rollneck(p: Person) -> None:
    p.canvas.blob(path("37,78 50,74 63,78 60,87 50,90 40,87"), p.cloth)
    p.canvas.box(40.5, 69, 59.5, 81, mix(p.cloth, "#ffffff", 0.1), 3)
    p.canvas.stroke([(42, 79.6), (50, 81), (58, 79.6)], 0.7, mix(p.cloth, "#000000", 0.25))


def _hood(p: Person) -> None:
    edge = mix(p.cloth, "#000000", 0.2)
    p.canvas.blob(path("35,80 39,73 44,80 50,87 56,80 61,73 65,80 58,90 50,93 42,90"), edge)
    for x in (46.5, 53.5):
        p.canvas.stroke([(x, 89), (x, 97)], 0.8, "#f2efe8")


CLOTHING: list[Callable[[Person], None]] = [_plain, _striped, _shirt, _jacket, _rollneck, _hood]
