"""What a page asks of the database: how many queries, and whether any reads more than it needs."""

import re
from collections.abc import Mapping
from contextvars import Context
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from parvis.application.factory import Parvis, create_app, load
from parvis.db import db
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bench.client import FRAGMENT

BIG = r"(person|member|event|profile|sign_in_attempt)\w*"
READS_MUCH = {
    "sqlite": re.compile(rf"SCAN {BIG}.*"),
    "postgresql": re.compile(rf"Seq Scan on {BIG}.*"),
}
FEW = 200
"""What may be sorted: who reports to one manager, and what one person says of themselves."""


class Inspector:
    """Answers pages in this process, and watches what they ask."""

    def __init__(self, configuration: Path) -> None:
        self.app: Parvis = create_app(*load(str(configuration)))
        self.statements: list[tuple[str, Any]] = []
        event.listen(Engine, "before_cursor_execute", self._note)

    def close(self) -> None:
        """Stop watching."""
        event.remove(Engine, "before_cursor_execute", self._note)
        with self.app.app_context():
            db.engine.dispose()

    def _note(self, _connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "EXPLAIN")):
            self.statements.append((statement, parameters))

    def ask(self, path: str, cookies: Mapping[str, str], *, fragment: bool) -> list[tuple[str, Any]]:
        """Answer a page, and return its queries with their parameters."""
        client: FlaskClient = self.app.test_client(use_cookies=False)
        headers = {
            "Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items()),
            **(FRAGMENT if fragment else {}),
        }
        base = "http://127.0.0.1:8000"
        Context().run(lambda: client.get(path, headers=headers, base_url=base))
        self.statements.clear()
        Context().run(lambda: client.get(path, headers=headers, base_url=base))
        found, self.statements = self.statements, []
        return found

    def plan(self, statement: str, parameters: Any) -> str:
        """Return how the database goes about a query."""
        with self.app.app_context(), db.engine.connect() as connection:
            verb = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN "
            rows = connection.exec_driver_sql(verb + statement, parameters).all()
        return "\n".join(str(row[-1]) for row in rows)

    def doubts(self, statement: str, parameters: Any) -> list[str]:
        """Return the steps of a query's plan that read or sort what grows with the company."""
        with self.app.app_context():
            kind = db.engine.dialect.name
        plan = self.plan(statement, parameters)
        sorts = re.finditer(r"Sort +\(.*rows=(\d+).*", plan)
        found = [sort[0] for sort in sorts if int(sort[1]) > FEW]
        if "LIMIT" in statement:  # else all that is sorted is shown, and shown in one page
            found += re.findall("USE TEMP B-TREE FOR ORDER BY", plan)
        return found + [step[0].strip() for step in READS_MUCH[kind].finditer(plan)]
