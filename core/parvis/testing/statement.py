"""SQL statements, compiled once for all apps of a session.

SQLAlchemy keeps with an engine what it compiled, and each test has an engine of its own, on a database of its
own. A server's one engine compiles a statement once too.
"""

from sqlalchemy import Dialect, Engine
from sqlalchemy.util import LRUCache

SIZE = 5000


class CompiledStatements:
    """What was compiled for each kind of database."""

    def __init__(self) -> None:
        self.dialects: dict[str, Dialect] = {}
        self.compiled: LRUCache[object, object] = LRUCache(SIZE)

    def share(self, engine: Engine) -> None:
        """Let an engine that has connected take part: what is compiled is known by its dialect, too."""
        if getattr(engine.dialect, "server_version_info", None) is None:
            return
        engine.dialect = self.dialects.setdefault(engine.dialect.name, engine.dialect)
        engine.update_execution_options(compiled_cache=self.compiled)
