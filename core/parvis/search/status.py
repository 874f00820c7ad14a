"""How the search is doing, for administrators: on their page, on the command line and in `/metrics`."""

from dataclasses import dataclass, field
from datetime import timedelta

from parvis.search.cursor import Lag, lag_of
from parvis.search.folder import IndexAway
from parvis.search.reader import index_reader

LATE = timedelta(minutes=5)
"""An index that is so far behind is worth a word."""


@dataclass(frozen=True)
class SearchStatus:
    """Whether there is an index (`problem` says why not), and how far behind the event log it is."""

    problem: str = ""
    lag: Lag = field(default_factory=lambda: Lag(0, timedelta(0)))

    @property
    def is_late(self) -> bool:
        """Whether it is far behind: the worker may not run on this machine."""
        return self.lag.age > LATE


def search_status() -> SearchStatus:
    """Look at the index of this machine."""
    try:
        return SearchStatus(lag=lag_of(index_reader().cursor()))
    except IndexAway as away:
        return SearchStatus(str(away))
