"""`python -m parvis.cli`."""

from parvis.cli import main

main()
