"""The speed goals, measured on the real thing: run by `make bench`, explained in README.md."""
