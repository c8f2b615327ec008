"""How the cost of an update grows with width, depth and batch, and where overhead ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log10

from engine import trainer_of
from measure import Timed, take_turns
from page import Row, compared
from rivals.textbook import Textbook
from works import Work

TITLE = "Growth"
ABOUT = (
    "One quantity is varied, the others stay: width w in 16-w-w-4 (batch 32), depth d in 16-16×d-4 "
    "(batch 32), batch b in 16-32-32-4; tanh, float64, against textbook NumPy. Left of some ten thousand "
    "weights × samples an update costs its calls; to the right it grows in step with the work."
)
ROUNDS = 21
WIDTHS = (8, 16, 32, 64, 128, 256, 512, 1024)
DEPTHS = (1, 2, 4, 8, 16, 32, 64)
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


def works() -> list[Work]:
    found = [Work(f"width {w}", (16, w, w, 4), 32) for w in WIDTHS]
    found += [Work(f"depth {d}", (16, *[16] * d, 4), 32) for d in DEPTHS]
    return found + [Work(f"batch {b}", (16, 32, 32, 4), b) for b in BATCHES]


def rows(say: Callable[[str], None]) -> list[Row]:
    found: list[Row] = []
    for work in works():
        say(work.name)
        contestants = [Timed("nnsim", trainer_of(work).run), Timed("NumPy", Textbook(work).run)]
        ours, theirs = take_turns(contestants, ROUNDS)
        size = float(work.weights * work.batch)
        found.append(
            compared(work.name, "textbook NumPy", ours, theirs, note=f"{size:,.0f} weights × samples", x=size)
        )
    return found


_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 760, 420, 64, 48
_COLORS = {"width": "#2563ab", "depth": "#b45309", "batch": "#15803d"}


def picture(found: Sequence[Row]) -> str:
    """Microseconds per update against weights × samples, both by powers of ten."""
    points = [(r.work.split()[0], log10(r.x), log10(r.ours.median)) for r in found if r.ours is not None]
    left, right = int(min(p[1] for p in points)), int(max(p[1] for p in points)) + 1
    low, high = int(min(p[2] for p in points)), int(max(p[2] for p in points)) + 1

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            _LEFT + (x - left) / (right - left) * (_WIDTH - _LEFT - 12),
            _HEIGHT - _BOTTOM - (y - low) / (high - low) * (_HEIGHT - _BOTTOM - 12),
        )

    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" font-size="12" font-family="system-ui" '
        'role="img" aria-label="Cost of an update against weights times samples">'
    ]
    for x in range(left, right + 1):
        px, py = at(x, low)
        parts.append(f'<line x1="{px:.1f}" x2="{px:.1f}" y1="{py:.1f}" y2="12" stroke="#e3e7ee"/>')
        parts.append(f'<text x="{px:.1f}" y="{py + 18:.1f}" text-anchor="middle">{_power(x)}</text>')
    for y in range(low, high + 1):
        px, py = at(left, y)
        parts.append(f'<line x1="{px:.1f}" x2="{_WIDTH - 12}" y1="{py:.1f}" y2="{py:.1f}" stroke="#e3e7ee"/>')
        parts.append(f'<text x="{px - 8:.1f}" y="{py + 4:.1f}" text-anchor="end">{_power(y)}</text>')
    parts.append(_slope(points, at, high))
    for name, color in _COLORS.items():
        line = [at(x, y) for kind, x, y in points if kind == name]
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in line)
        parts.append(f'<polyline points="{joined}" fill="none" stroke="{color}" stroke-width="1.5"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{color}"/>' for x, y in line]
    for place, (name, color) in enumerate(_COLORS.items()):
        y = 28 + 18 * place
        parts.append(f'<circle cx="{_LEFT + 16}" cy="{y}" r="4" fill="{color}"/>')
        parts.append(f'<text x="{_LEFT + 28}" y="{y + 4}">{name} varied</text>')
    parts.append(f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 8}" text-anchor="middle">weights × samples</text>')
    parts.append(f'<text transform="translate(14 {_HEIGHT / 2}) rotate(-90)" text-anchor="middle">'
                 "µs per update</text></svg>")  # fmt: skip
    return "\n".join(parts)


def _slope(
    points: Sequence[tuple[str, float, float]], at: Callable[[float, float], tuple[float, float]], high: int
) -> str:
    """A dashed line of slope 1 through the largest work: twice the work, twice the time."""
    _, x, y = max(points, key=lambda p: p[1])
    (x1, y1), (x2, y2) = at(x - 2.0, y - 2.0), at(x + min(0.5, high - y), y + min(0.5, high - y))
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#5a6575" '
        'stroke-dasharray="5 4"/>'
        f'<text x="{x2 - 6:.1f}" y="{y2 - 6:.1f}" text-anchor="end" fill="#5a6575">proportional</text>'
    )


def _power(exponent: int) -> str:
    digits = str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"10{digits}"
