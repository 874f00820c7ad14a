"""Lets tests import the whole plugins in `matrix/packages/`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "matrix" / "packages"))
