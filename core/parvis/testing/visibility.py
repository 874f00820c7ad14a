"""For trials of who may see what: a written matrix, a database made what it was, a walk through all pages."""

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import product
from typing import Any
from urllib.parse import quote, unquote

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from parvis.db import db

WORD = re.compile("[a-z]+")

Table = tuple[list[str], dict[str, list[str]]]


def read_table(document: str, heading: str) -> Table:
    """Return who asks, and what each route answers them, of the table below a heading in Markdown."""
    section = document.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in (lines[0], *lines[2:])]
    return rows[0][1:], {row[0].strip("`"): row[1:] for row in rows[1:]}


def routes(app: Flask, *begin: str) -> list[str]:
    """Return the routes whose endpoints begin so, as they stand in a matrix: `GET /groups/<slug>`."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(begin):
            path = re.sub(r"<(?:[^<>]*:)?(\w+)>", r"<\1>", rule.rule)
            found += [f"{method} {path}" for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}]
    return sorted(found)


class Snapshot:
    """A SQLite database as it was."""

    def __init__(self) -> None:
        db.session.commit()
        db.session.remove()
        self._kept = sqlite3.connect(":memory:")
        self._live = sqlite3.connect(str(db.engine.url.database))
        self._live.execute("PRAGMA synchronous=OFF")
        self._live.backup(self._kept)

    def restore(self) -> None:
        """Make the database what it was."""
        db.session.remove()
        self._kept.backup(self._live)

    def close(self) -> None:
        """Keep nothing any more."""
        self._live.close()
        self._kept.close()


@dataclass(frozen=True)
class Answer:
    """What was answered to an address: its status, and all it says but for the address that was asked for."""

    path: str
    response: TestResponse

    @property
    def said(self) -> str:
        """Return headers and body, without what the reader brought: a page may name its own address."""
        headers = "\n".join(f"{k}: {v}" for k, v in self.response.headers if k != "Set-Cookie")
        body = self.response.data.decode("utf-8", "replace")
        return self.without_address(f"{headers}\n{unescape(body)}")

    def without_address(self, text: str) -> str:
        """Take the address that was asked for out of a text, however it is written there."""
        path, _mark, query = self.path.partition("?")
        for each in (self.path, path, query):
            for written in (each, quote(each, safe=""), quote(each), quote(each, safe="/")):
                text = text.replace(written, "") if written else text
        return text

    def words(self, *begin: str) -> set[str]:
        """Return the words in it that begin so, but for those asked for, which a page may repeat."""
        brought = WORD.findall(unquote(self.path.partition("?")[2]).lower())
        return {word for word in WORD.findall(self.said.lower()) if word.startswith(begin)} - set(brought)


class Walker:
    """Goes to every address of an app that can be asked for by GET, as a page and as a fragment.

    Args:
        given: values for what stands in addresses, by its name, or for one route alone by `endpoint:name`.
        queries: further addresses of a route, by endpoint: whatever its page can be asked for.
    """

    def __init__(
        self, app: Flask, given: Mapping[str, Sequence[Any]], queries: Mapping[str, Sequence[str]]
    ) -> None:
        self.app, self.given, self.queries = app, given, queries

    def addresses(self, app: Flask | None = None) -> Iterator[tuple[str, str]]:
        """Give every address of every route, with its endpoint."""
        for rule in (app or self.app).url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint.startswith("develop."):
                continue
            for path in self.paths(rule):
                yield rule.endpoint, path
                for query in self.queries.get(rule.endpoint, ()):
                    yield rule.endpoint, f"{path}?{query}"

    def paths(self, rule: Rule) -> Iterator[str]:
        """Give the addresses of one route."""
        names = sorted(rule.arguments)
        choices = [self.given.get(f"{rule.endpoint}:{name}") or self.given[name] for name in names]
        for combination in product(*choices):
            values = dict(zip(names, combination, strict=True))
            yield re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: str(values[found[1]]), rule.rule)  # noqa: B023

    def walk(self, client: FlaskClient, app: Flask | None = None) -> Iterator[tuple[str, Answer]]:
        """Ask for everything as htmx does, and for the page where that gave only a part of one.

        What is refused is said in the same words either way, in the frame that every page has.
        """
        for endpoint, path in self.addresses(app):
            part = client.get(path, headers={"HX-Request": "true"}, buffered=True)
            yield endpoint, Answer(path, part)
            if part.status_code == 200 and part.mimetype == "text/html" and b"<html" not in part.data:
                yield endpoint, Answer(path, client.get(path))

    def found(
        self, client: FlaskClient, *begin: str, app: Flask | None = None
    ) -> dict[tuple[str, str], set[str]]:
        """Return the words that begin so and where they stood: {} where nothing tells of them."""
        return {
            (endpoint, answer.path): words
            for endpoint, answer in self.walk(client, app)
            if (words := answer.words(*begin))
        }
