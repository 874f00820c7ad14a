"""What is taken out of every text a person types, before it is judged, compared or kept.

NUL breaks PostgreSQL, lone surrogates break every encoder, control characters forge log lines, and
bidirectional overrides let a name or a file name read as something else ("Trojan source").
"""

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # C0 and C1 controls, DEL
    "\u202a-\u202e\u2066-\u2069"  # bidirectional embeddings, overrides and isolates
    "\ufeff\ufff9-\ufffb\ud800-\udfff]"  # byte order mark, annotations, lone surrogates
)
_BLANK_START = re.compile(r"\A(?:[^\S\n]*\n)+")


def clean(text: str, *, multiline: bool = False) -> str:
    """Return the text in NFC, without what no person means to type, stripped.

    On one line every run of white space becomes one space. With `multiline`, lines end in `\\n` and tabs
    stay; blank lines go at both ends, but not the first line's indentation (Markdown reads it).
    """
    text = without_controls(_LINE_ENDS.sub("\n", text))
    text = unicodedata.normalize("NFC", text)
    if multiline:
        return _BLANK_START.sub("", text.rstrip())
    return " ".join(text.split())


def without_controls(text: str) -> str:
    """Take out control characters but tabs and line ends; for text that must otherwise stay as it is."""
    return _UNWANTED.sub("", text)
