"""What tests of the search share."""

import pytest

HOSTILE = [
    "x" * 100_000,
    "NOT " * 500,
    "-" * 5000,
    '- - -a --b -"',
    '"' * 999,
    '"never closed and ' + "then some " * 50,
    "(" * 500 + "a" + ")" * 500,
    "from:" * 100,
    'from:"" in: tag:# after:99999-99-99 before:0000-00-00 after:2023-02-30',
    "\x00\x01\x1b[31m\u202e\ud800 control",
    "a AND OR NOT ^2 ~3 [a TO b] {x} field:value *:* ?* \\ / && ||",
    "*" * 300,
    "a* " * 300,
    "\u0301" * 500,
    "ﷺ½¼㎏" * 50,
    "𝒳😀" * 200,
    "l' d' qu' '’ʼ",
    "9" * 400 + " 1e999 -1 +1",
    " \t\n\u00a0 ",
    "",
]


@pytest.fixture(scope="session")
def hostile():
    """Return what nobody should type, and somebody will."""
    return HOSTILE
