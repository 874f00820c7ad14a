"""Work of the worker for the directory."""

from parvis.directory.synchronisation import synchronise


def synchronise_directory() -> None:
    """Bring the persons up to date with the directory; the run's own row tells how it went."""
    synchronise()
