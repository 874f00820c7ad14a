"""What a page asks of the database: how many queries, and whether any reads more than it needs."""

import re
from collections.abc import Mapping
from contextvars import Context
from pathlib import Path
from typing import Any

from flask import session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from parvis.application.factory import Parvis, create_app, load
from parvis.db import db
from parvis.runtime import hooks
from parvis.security import CSRF_KEY
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from bench.client import FRAGMENT
from bench.members import FORM_TOKEN

BIG = r"(person|member|event|profile|sign_in_attempt|social|groups)\w*"
VERBS = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
READS_MUCH = {
    "sqlite": re.compile(rf"SCAN {BIG}.*"),
    "postgresql": re.compile(rf"Seq Scan on {BIG}.*"),
}
RUNS = 12
"""A query is prepared at its sixth run, and at the sixth after that PostgreSQL has made up its mind."""
PLANNED_ANEW = "SELECT statement FROM pg_prepared_statements WHERE generic_plans = 0 AND custom_plans > 5"
FEW = 200
"""What may be sorted: who reports to one manager, and what one person says of themselves."""


class Inspector:
    """Answers pages in this process, and watches what they ask."""

    def __init__(self, configuration: Path) -> None:
        self.app: Parvis = create_app(*load(str(configuration)))
        with self.app.app_context():
            self.kind = db.engine.dialect.name
            idle = {name: state.problem for name, state in hooks().states.items() if state.problem}
        if idle:
            raise RuntimeError(f"what is measured would not be the site: {idle}")
        self.statements: list[tuple[str, Any]] = []
        self.told: set[str] = set()
        self.size = 0
        """Bytes of the last answer."""
        event.listen(Engine, "before_cursor_execute", self._note)

    def close(self) -> None:
        """Stop watching."""
        event.remove(Engine, "before_cursor_execute", self._note)
        with self.app.app_context():
            db.engine.dispose()

    def _note(self, _connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip("( ").startswith(VERBS):
            self.statements.append((statement, parameters))

    def ask(self, path: str, cookies: Mapping[str, str], *, fragment: bool) -> list[tuple[str, Any]]:
        """Answer a page, and return its queries with their parameters."""
        self.once(path, cookies, fragment=fragment)
        return self.once(path, cookies, fragment=fragment)

    def once(self, path: str, cookies: Mapping[str, str], *, fragment: bool) -> list[tuple[str, Any]]:
        """Answer a page, however little is warm yet, and return its queries."""
        return self._answer("GET", path, cookies, headers=FRAGMENT if fragment else {})

    def send(self, path: str, form: Mapping[str, str], cookies: Mapping[str, str]) -> list[tuple[str, Any]]:
        """Take a form, and return the queries that it needed."""
        with self.app.test_request_context():
            session[CSRF_KEY] = FORM_TOKEN
            token = generate_csrf()
        return self._answer("POST", path, cookies, data={**form, "csrf_token": token})

    def _answer(
        self, method: str, path: str, cookies: Mapping[str, str], **request: Any
    ) -> list[tuple[str, Any]]:
        client: FlaskClient = self.app.test_client(use_cookies=False)
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        headers = {"Cookie": cookie, **request.pop("headers", {})}
        self.statements.clear()
        answer = Context().run(
            lambda: client.open(
                path, method=method, headers=headers, base_url="http://127.0.0.1:8000", **request
            )
        )
        if answer.status_code >= 400:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        self.size = len(answer.data)
        found, self.statements = self.statements, []
        return found

    def planned_anew(self, path: str, cookies: Mapping[str, str], *, fragment: bool) -> list[str]:
        """Return which queries of a page PostgreSQL plans at each run, though they are prepared.

        It does so where a plan for just these values seems cheaper by more than planning costs; that is a
        guess, and planning takes longer than most of our queries run.
        """
        if self.kind != "postgresql":
            return []
        for _run in range(RUNS):
            self.once(path, cookies, fragment=fragment)
        with self.app.app_context():
            seen = {statement for (statement,) in db.session.execute(text(PLANNED_ANEW))}
        fresh, self.told = seen - self.told, self.told | seen
        return [f"planned at each run, {_about(statement)}" for statement in fresh]

    def plan(self, statement: str, parameters: Any) -> str:
        """Return how the database goes about a query."""
        with self.app.app_context(), db.engine.connect() as connection:
            verb = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN "
            rows = connection.exec_driver_sql(verb + statement, parameters).all()
        return "\n".join(str(row[-1]) for row in rows)

    def doubts(self, statement: str, parameters: Any) -> list[str]:
        """Return the steps of a query's plan that read or sort what grows with the company."""
        plan = self.plan(statement, parameters)
        sorts = re.finditer(r"Sort +\(.*rows=(\d+).*", plan)
        found = [sort[0] for sort in sorts if int(sort[1]) > FEW]
        if "LIMIT" in statement:  # else all that is sorted is shown, and shown in one page
            found += re.findall("USE TEMP B-TREE FOR ORDER BY", plan)
        found += [step[0].strip() for step in READS_MUCH[self.kind].finditer(plan)]
        return [f"{doubt}, {_about(statement)}" for doubt in found]


def _about(statement: str) -> str:
    tables = dict.fromkeys(re.findall(r"(?:FROM|JOIN|INTO|UPDATE) (\w+)", statement))
    return f"in a query of {' '.join(tables)}"
