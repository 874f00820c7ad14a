"""Who knows about ...? What colleagues can do, and who confirms it."""
