"""Addresses of pages, kept once built: a page names some fifty, and each takes 30 µs."""

from functools import lru_cache
from typing import Any

from flask import Flask, has_request_context
from flask.globals import request_ctx
from werkzeug.routing import IntegerConverter, Map, Rule

PLAIN = frozenset({str, int, type(None)})


class Address(Rule):
    """A rule that learns to build its address when first asked: to learn all took most of a start."""

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        """Return what takes the place of Werkzeug's builder, and makes it when called."""
        made: list[Any] = []

        def build(rule: Rule, /, **values: Any) -> Any:
            if not made:
                made.append(super(Address, self)._compile_builder(append_unknown))
            return made[0](rule, **values)

        return build


class RememberedAddresses(Flask):
    """An app that builds each address of its own once, as long as nobody adds defaults to addresses."""

    url_rule_class = Address

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses = lru_cache(maxsize=16384)(self._build)

    def url_for(self, endpoint: str, **values: Any) -> str:
        """Return the address of an endpoint, as Flask does."""
        given = [item for item in values.items() if item[1] is not None or item[0][0] != "_"]
        for name, value in given:
            if type(value) not in PLAIN or name[0] == "_":
                return super().url_for(endpoint, **values)
        if self.url_default_functions or endpoint[0] == "." or not has_request_context():
            return super().url_for(endpoint, **values)
        return self._addresses(request_ctx.request.root_path, endpoint, *given)

    def _build(self, _root: str, endpoint: str, *values: tuple[str, Any]) -> str:
        return super().url_for(endpoint, **dict(values))


class Number(IntegerConverter):
    """A number in an address: one that no database can hold is no page."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **{"max": 2**63 - 1, **kwargs})
