"""What looks the same under every content of a page: drawn once, then stamped with each one's number.

A page of twenty contents shows some hundred small forms: drawn one by one, they would be most of its time.
"""

from collections.abc import Sequence
from typing import Any

from jinja2.runtime import Macro
from markupsafe import Markup, escape


def stamped(
    drawn: dict[tuple[Any, ...], str], macro: Macro, values: Sequence[object], *kind: object
) -> Markup:
    """Return what a macro draws for some values (a number, addresses) and a kind of theirs.

    The macro gets `{0}`, `{1}` ... in the place of the values, and then the kind: what it draws must not
    depend on the values, nor hold anything that people wrote.

    Args:
        drawn: what was drawn already on this page.
    """
    key = (macro.name, *kind)
    html = drawn.get(key)
    if html is None:
        places = [f"{{{number}}}" for number in range(len(values))]
        html = drawn[key] = str(macro(*places, *kind))
    for number, value in enumerate(values):
        html = html.replace(f"{{{number}}}", escape(value))
    return Markup(html)
