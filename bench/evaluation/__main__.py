"""`python -m bench.evaluation FOLDER [ENGINE]`: what questions of the open half find, to tune by."""

import sys
from pathlib import Path

from bench.evaluation import ENGINES, found_demo, judge, lines, strangers

folder, engines = Path(sys.argv[1]).absolute(), sys.argv[2:] or ENGINES
found_demo(folder)
print("\n".join(f"not in the demo company: {name}" for name in strangers(folder)))
print("\n".join(lines([judge(folder, engine) for engine in engines], each=True)))
