"""The addresses of a session's many apps, whose rules are read once."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from werkzeug.routing import Rule

KEPT = ("_parts", "_trace", "_converters", "arguments")


@contextmanager
def compiled_addresses() -> Iterator[None]:
    """Read each rule once while the block runs, whichever app it is for: that is most of making an app."""
    read: dict[object, dict[str, object]] = {}
    compile_ = Rule.compile

    def compile_once(rule: Rule) -> None:
        converters = tuple(rule.map.converters.items())
        key = (rule.rule, rule.subdomain, rule.host, rule.merge_slashes, *(rule.defaults or {}), converters)
        if key not in read:
            compile_(rule)
            read[key] = {name: getattr(rule, name) for name in KEPT}
            return
        rule.__dict__.update(read[key])
        for name, unknown in (("_build", False), ("_build_unknown", True)):
            setattr(rule, name, rule._compile_builder(unknown).__get__(rule, None))

    with patch.object(Rule, "compile", compile_once):
        yield
