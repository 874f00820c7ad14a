"""A canvas 100 units wide for pictures drawn by the program itself.

It is drawn twice as large as asked for, and halved: that smooths every edge.
"""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw

Point = tuple[float, float]


class Canvas:
    """A picture 100 units wide to draw shapes on."""

    def __init__(self, size: int, height: float = 100) -> None:
        self.height = height
        self._size = (size, round(size * height / 100))
        self._scale = size / 50
        self._image = Image.new("RGB", (self._size[0] * 2, self._size[1] * 2))
        self._draw = ImageDraw.Draw(self._image, "RGBA")

    def shade(self, top: str, bottom: str, start: float = 0, end: float | None = None) -> None:
        """Fill from one height to another with a colour that passes into another."""
        end = self.height if end is None else end
        steps = 96
        for step in range(steps):
            y = start + (end - start) * step / steps
            self.box(0, y, 100, y + (end - start) / steps + 0.2, mix(top, bottom, step / (steps - 1)))

    def box(self, left: float, top: float, right: float, bottom: float, fill: str, radius: float = 0) -> None:
        k = self._scale
        area = (left * k, top * k, right * k, bottom * k)
        if radius:
            self._draw.rounded_rectangle(area, radius * k, fill)
        else:
            self._draw.rectangle(area, fill)

    def oval(self, x: float, y: float, wide: float, high: float, fill: str) -> None:
        k = self._scale
        self._draw.ellipse(((x - wide) * k, (y - high) * k, (x + wide) * k, (y + high) * k), fill)

    def ring(self, x: float, y: float, radius: float, width: float, fill: str) -> None:
        k = self._scale
        area = ((x - radius) * k, (y - radius) * k, (x + radius) * k, (y + radius) * k)
        self._draw.ellipse(area, None, fill, round(width * k))

    def shape(self, points: Sequence[Point], fill: str) -> None:
        self._draw.polygon([(x * self._scale, y * self._scale) for x, y in points], fill)

    def blob(self, points: Sequence[Point], fill: str) -> None:
        """Fill a closed curve through the points."""
        self.shape(curve([*points[-1:], *points, *points[:2]]), fill)

    def stroke(self, points: Sequence[Point], width: float, fill: str) -> None:
        """Draw an open curve through the points, round at its ends."""
        path = curve([points[0], *points, points[-1]]) if len(points) > 2 else list(points)
        k = self._scale
        self._draw.line([(x * k, y * k) for x, y in path], fill, round(width * k), "curve")
        for x, y in (path[0], path[-1]):
            self.oval(x, y, width / 2, width / 2, fill)

    def jpeg(self) -> bytes:
        out = BytesIO()
        self._image.reduce(2).save(out, "JPEG", quality=88)
        return out.getvalue()


def mix(one: str, other: str, part: float) -> str:
    """Return the colour that lies `part` of the way from one to the other."""
    pairs = zip(_parts(one), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def path(points: str, x: float = 0, y: float = 0, k: float = 1) -> list[Point]:
    """Read points as SVG writes them (`10,20 30,40.5`), enlarged by `k` and moved by `x` and `y`."""
    pairs = (point.split(",") for point in points.split())
    return [(x + k * float(across), y + k * float(down)) for across, down in pairs]


def curve(points: Sequence[Point], steps: int = 10) -> list[Point]:
    """Return a line through all points but the first and last, which give its direction (Catmull-Rom)."""
    line: list[Point] = []
    for i in range(1, len(points) - 2):
        near = points[i - 1 : i + 3]
        line += [(_between(near, 0, t / steps), _between(near, 1, t / steps)) for t in range(steps)]
    return [*line, points[-2]]


def _between(near: Sequence[Point], axis: int, t: float) -> float:
    a, b, c, d = (point[axis] for point in near)
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
