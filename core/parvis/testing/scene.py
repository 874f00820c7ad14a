"""Places drawn by the program itself: second photos for the demo, the same picture for one seed."""

import random
from collections.abc import Callable
from math import cos, pi, sin

from parvis.testing.canvas import Canvas, mix, path

SKIES = [("#8ec9ee", "#fdf3dc"), ("#f7b58a", "#fde9c9"), ("#9db7e8", "#f9d9d6"), ("#b7dff0", "#eef6ee")]
PANES = ["#fff3c9", "#f9e2a0", "#5c6f80", "#44586a"]
BLOOMS = ["#d9466f", "#f0a53a", "#f4d35e", "#8a5fc7", "#e8709a", "#ffffff", "#d4502f"]


def scene(kind: str, seed: str, size: int = 1200) -> bytes:
    """Draw a place, one of `SCENES`, as a JPEG of `size` by three quarters of it."""
    canvas, choose = Canvas(size, 75), random.Random(f"{kind} {seed}")
    SCENES[kind](canvas, choose)
    return canvas.jpeg()


def _sky(c: Canvas, choose: random.Random, horizon: float) -> str:
    """Fill the sky with a sun and some clouds; return the colour of the haze at the horizon."""
    top, haze = choose.choice(SKIES)
    c.shade(top, haze, 0, horizon)
    x, y = choose.uniform(15, 85), choose.uniform(10, horizon * 0.4)
    for radius, veil in ((11, "28"), (8, "40"), (5.2, "ff")):
        c.oval(x, y, radius, radius, "#fff6d5" + veil)
    for _ in range(choose.randint(1, 3)):
        x, y, wide = choose.uniform(5, 95), choose.uniform(6, horizon * 0.5), choose.uniform(4, 8)
        for shift, part in ((-0.9, 0.6), (0, 1), (0.9, 0.7)):
            c.oval(x + shift * wide, y + (1 - part) * 2, wide * part, wide * 0.34 * part, "#ffffffc0")
    return haze


def _ridge(choose: random.Random, base: float, rough: float, steps: int) -> list[tuple[float, float]]:
    """Return a line of summits from the left edge to the right."""
    line = []
    for i in range(-1, steps + 2):
        up = choose.uniform(0.35, 1) if i % 2 else choose.uniform(-0.1, 0.3)
        line.append((100 * i / steps, base - up * rough))
    return line


def mountains(c: Canvas, choose: random.Random) -> None:
    """Draw ranges of mountains with snow, a lake or a path, and firs."""
    haze = _sky(c, choose, 60)
    ground = choose.choice(["#2f5d62", "#3c5a78", "#52557a"])
    far = _ridge(choose, 46, 26, 7)
    c.shape([*far, (110, 80), (-10, 80)], mix(ground, haze, 0.55))
    for (left, a), (x, y), (right, b) in zip(far, far[1:], far[2:], strict=False):
        if y < min(a, b) - 6:
            jags = path("-1.2,5.4 0.6,4 2,6.4", x, y)
            snow = [(x + (left - x) * 0.3, y + (a - y) * 0.3), *jags]
            c.shape([(x, y), *snow, (x + (right - x) * 0.3, y + (b - y) * 0.3)], "#ffffffd8")
    c.shape([*_ridge(choose, 54, 14, 9), (110, 80), (-10, 80)], mix(ground, haze, 0.3))
    grass = mix(ground, "#7fae5b", 0.55)
    c.blob(path("-10,58 20,54 50,59 80,53 112,58 112,90 -10,90"), grass)
    c.shape(path("0,57.4 1,57.4 4,62 -2,66 16,75 -4,75 -9,66 1,62", choose.uniform(30, 70)), "#e8d6ae")
    for foot in sorted(choose.uniform(62, 76) for _ in range(9)):
        x = choose.choice([choose.uniform(0, 26), choose.uniform(74, 100)])
        _fir(c, x, foot, choose.uniform(8, 15), ground)


def _fir(c: Canvas, x: float, foot: float, high: float, colour: str) -> None:
    c.box(x - high * 0.04, foot - high * 0.2, x + high * 0.04, foot, "#4a3426")
    for part in (0.0, 0.27, 0.54):
        top, wide = foot - high + part * high * 0.8, high * (0.14 + part * 0.28)
        tier = [(x, top), (x + wide, top + high * 0.42), (x - wide, top + high * 0.42)]
        c.shape(tier, mix(colour, "#16382c", 0.45 + part * 0.3))


def sea(c: Canvas, choose: random.Random) -> None:
    """Draw the sea with its light, a sailing boat and the beach."""
    horizon = choose.uniform(34, 42)
    haze = _sky(c, choose, horizon)
    deep = choose.choice(["#1d6f8f", "#2a7f9e", "#276a8a"])
    c.blob(path("58,3 70,-4 84,-7 112,-5 112,4", 0, horizon), mix(deep, haze, 0.5))
    c.shade(mix(deep, haze, 0.35), deep, horizon, 75)
    for _ in range(46):
        y = horizon + 1 + (60 - horizon) * choose.random() ** 1.3
        x, wide = choose.uniform(-4, 100), 0.8 + (y - horizon) * 0.16
        c.stroke([(x, y), (x + wide, y - 0.3), (x + wide * 2, y)], 0.25 + (y - horizon) * 0.012, "#ffffff70")
    x, y, tall = choose.uniform(24, 66), horizon + choose.uniform(4, 9), choose.uniform(11, 17)
    sail = choose.choice(["#ffffff", "#d4502f", "#f4d35e"])
    c.shape(path("0,-1 0,-0.1 0.46,-0.1", x, y, tall), sail)
    c.shape(path("-0.05,-0.86 -0.05,-0.1 -0.32,-0.1", x, y, tall), mix(sail, "#8899aa", 0.25))
    c.shape(path("-0.34,-0.07 0.48,-0.07 0.34,0.1 -0.24,0.1", x, y, tall), "#5a2f28")
    c.blob(path("-12,66 18,61 46,65 74,70 112,67 112,92 -12,92"), "#ffffffb0")
    c.blob(path("-12,68 18,63 46,67 74,72 112,69 112,92 -12,92"), "#efd9a7")
    _parasol(c, choose.uniform(12, 30), choose.choice(BLOOMS[:4]))


def _parasol(c: Canvas, x: float, colour: str) -> None:
    c.stroke([(x, 52), (x + 2.6, 71)], 0.6, "#7d5233")
    dome = [(x + 9 * cos(pi + pi * i / 16), 54 + 7 * sin(pi + pi * i / 16)) for i in range(17)]
    c.shape(dome, "#ffffff")
    for i in (0, 6, 12):
        c.shape([*dome[i : i + 5], (x, 54)], colour)


def garden(c: Canvas, choose: random.Random) -> None:
    """Draw a flower bed before a hedge, trees behind."""
    haze = _sky(c, choose, 46)
    green = choose.choice(["#4d8a4f", "#5d8f3f", "#3f7d5c"])
    for _ in range(9):
        x, radius = choose.uniform(0, 100), choose.uniform(7, 13)
        c.oval(x, 42 - radius * 0.5, radius, radius, mix(green, haze, choose.uniform(0.3, 0.5)))
    c.box(0, 40, 100, 56, mix(green, "#16382c", 0.3))
    for i in range(21):
        c.oval(i * 5, 40 + choose.uniform(-0.6, 0.6), 3.6, 3, mix(green, "#16382c", 0.3))
    c.shade(mix(green, "#d8e88f", 0.45), mix(green, "#16382c", 0.15), 53, 75)
    for row in range(4):
        for _ in range(13):
            x, y = choose.uniform(-2, 102), 60 + row * 5.4 + choose.uniform(-1.5, 1.5)
            _flower(c, choose, x, y, 1.5 + row * 0.5, green)


def _flower(c: Canvas, choose: random.Random, x: float, y: float, big: float, green: str) -> None:
    colour, turn = choose.choice(BLOOMS), choose.uniform(0, pi)
    c.stroke([(x, y), (x + 0.4, y + big * 5)], big * 0.22, mix(green, "#16382c", 0.5))
    c.oval(x + big * 0.9, y + big * 3, big * 0.9, big * 0.36, mix(green, "#16382c", 0.35))
    for petal in range(6):
        angle = turn + petal * pi / 3
        c.oval(x + big * 0.75 * cos(angle), y + big * 0.75 * sin(angle), big * 0.62, big * 0.62, colour)
    c.oval(x, y, big * 0.5, big * 0.5, "#7a4a1e" if colour in BLOOMS[1:3] else "#f9d65c")


def bicycle(c: Canvas, choose: random.Random) -> None:
    """Draw a bicycle on a road before hills, or leaning at a coloured wall."""
    paint = choose.choice(["#c8452f", "#1f6f8b", "#2f7d5b", "#e0a030", "#2f3a56"])
    if choose.random() < 0.5:
        haze = _sky(c, choose, 50)
        for base, part in ((46, 0.5), (52, 0.25)):
            left, right = choose.uniform(-12, -4), choose.uniform(-12, -4)
            hill = path(f"-12,0 18,{left} 50,0 80,{right} 112,0 112,40 -12,40", 0, base)
            c.blob(hill, mix("#5f9457", haze, part))
    else:
        wall = choose.choice(["#efd3a8", "#e9b7a0", "#bcd5d8", "#d8cbe2"])
        c.shade(mix(wall, "#ffffff", 0.25), wall, 0, 62)
        c.box(62, 6, 88, 38, mix(wall, "#5a4a42", 0.35), 1)
        c.box(63.5, 7.5, 86.5, 36.5, "#a9c8d6")
        c.box(74.3, 7.5, 75.7, 36.5, mix(wall, "#ffffff", 0.6))
        for i in range(6):
            _flower(c, choose, 64 + i * 4.4, 36.4, 1.7, "#3f7d58")
        c.box(61, 40, 89, 43.6, "#8a5a3a", 0.6)
    c.shade("#b9b2a8", "#8f8a86", 62, 75)
    c.oval(46, 67.6, 31, 1.6, "#00000030")
    _frame(c, paint)


def _frame(c: Canvas, paint: str) -> None:
    back, front, crank, seat, head = path("29,54 64,54 43.5,54.5 39,38 58,36.5")
    for x, y in (back, front):
        for spoke in range(9):
            dx, dy = 12 * cos(spoke * pi / 9), 12 * sin(spoke * pi / 9)
            c.stroke([(x - dx, y - dy), (x + dx, y + dy)], 0.16, "#e8e8e8c0")
        c.ring(x, y, 13.2, 1.1, "#2b2b30")
        c.ring(x, y, 12.2, 0.4, "#d9d9d9")
        c.oval(x, y, 1.1, 1.1, "#55555c")
    tubes = (back, crank), (back, seat), (crank, seat), (crank, head), (seat, head), (head, front)
    for start, end in tubes:
        c.stroke([start, end], 1.3, paint)
    c.stroke([seat, (38, 34)], 1, "#c9c9c9")
    c.blob(path("32.4,33 38,31.4 44,32.6 38.6,34.8"), "#5a3322")
    c.stroke([head, (57, 31)], 1, "#c9c9c9")
    c.stroke(path("57,31 61.6,29.4 64,31 62.6,33.4"), 1.1, "#5a3322")
    c.ring(*crank, 2.8, 0.7, "#3a3a40")
    c.stroke([(40.6, 58.6), (46.4, 50.4)], 0.7, "#3a3a40")
    c.box(64.5, 33.6, 75.5, 42, "#b98a52", 1)
    for x in (66.5, 69.0, 71.5, 74.0):
        c.box(x, 34.6, x + 0.5, 41, "#8d6433")


def city(c: Canvas, choose: random.Random) -> None:
    """Draw a row of houses along a canal."""
    haze = _sky(c, choose, 60)
    for block in range(-4, 100, 9):
        c.box(block, choose.uniform(22, 38), block + 10, 62, mix(haze, "#6b7fa0", 0.38))
    x = -3.0
    while x < 100:
        wide, top = choose.uniform(11, 15), choose.uniform(24, 34)
        wall = choose.choice(["#c96f4f", "#e3b06b", "#a44f4a", "#7d9aa6", "#d9c9a8", "#8a6f8f", "#b98a6a"])
        c.box(x, top, x + wide, 60, wall)
        roof = mix(wall, "#3a2a2a", 0.5)
        gable = [
            (x - 0.5, top + 0.2),
            (x + wide / 2, top - choose.uniform(4, 7)),
            (x + wide + 0.5, top + 0.2),
        ]
        c.shape(gable, roof)
        for row in range(4):
            for column in range(3):
                left, y = x + wide * (0.14 + column * 0.27), top + 3 + row * 6.6
                if y < 52:
                    c.box(left, y, left + wide * 0.18, y + 4.2, choose.choice(PANES))
        c.box(x + wide * 0.4, 53.6, x + wide * 0.62, 60, roof)
        x += wide
    c.box(0, 59.4, 100, 62, "#7b736b")
    c.shade("#5f8796", "#35596b", 62, 75)
    for _ in range(40):
        x, y = choose.uniform(-3, 100), choose.uniform(63, 75)
        glint = choose.choice(["#ffffff48", "#f9e2a060", "#c96f4f50"])
        c.stroke([(x, y), (x + choose.uniform(2, 7), y)], 0.3, glint)


def forest(c: Canvas, choose: random.Random) -> None:
    """Draw a path into a wood, light between the trunks."""
    leaf, light = choose.choice([("#4f8a4a", "#f4f3c2"), ("#c9782f", "#fbe7b0"), ("#3f7d6a", "#e6f4dc")])
    c.shade(mix(leaf, light, 0.75), mix(leaf, light, 0.9), 0, 58)
    for depth in range(5):
        near = depth / 4
        bark = mix(mix(leaf, light, 0.6), "#3b2a22", 0.2 + near * 0.75)
        for _ in range(9 - depth):
            side = choose.choice((-1, 1))
            x, wide = 50 + side * (5 + near * 12 + choose.uniform(0, 46)), 0.7 + near * 2.6
            foot = 53 + near * 12
            c.shape([(x - wide / 2, -1), (x + wide / 2, -1), (x + wide, foot), (x - wide, foot)], bark)
        crown = mix(mix(leaf, light, 0.5 - near * 0.5), "#22301c", near * 0.25) + "e0"
        for _ in range(13):
            x, radius = choose.uniform(-4, 104), choose.uniform(5, 10) * (0.7 + near * 0.5)
            c.oval(x, choose.uniform(-5, 9), radius, radius * 0.8, crown)
    c.blob(path("-12,56 20,53 50,52 80,53 112,56 112,92 -12,92"), mix(leaf, "#5a6b32", 0.4))
    c.shape(path("49,52.6 51,52.6 55,58 58,64 74,76 22,76 40,64 47,58"), mix(light, "#a9794a", 0.4))
    for _ in range(60):
        x, y = choose.uniform(0, 100), choose.uniform(57, 75)
        c.oval(x, y, 0.6, 0.35, choose.choice([leaf, mix(leaf, light, 0.5), "#e2b13c"]))
    for start in (30, 46, 58):
        c.shape([(start, -1), (start + 5, -1), (start - 12, 62), (start - 24, 62)], "#fffbe02c")


SCENES: dict[str, Callable[[Canvas, random.Random], None]] = {
    "mountains": mountains,
    "sea": sea,
    "garden": garden,
    "bicycle": bicycle,
    "city": city,
    "forest": forest,
}
