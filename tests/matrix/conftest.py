"""Plugins for the matrix: whole packages in `packages/`, and broken ones made on the spot."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "packages"))
