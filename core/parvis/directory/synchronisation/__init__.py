"""The directory's people become persons: read wholly, compared, judged, and only then written."""

from parvis.directory.synchronisation.report import Outcome, Report, Tally
from parvis.directory.synchronisation.run import synchronise

__all__ = ["Outcome", "Report", "Tally", "synchronise"]
