#!/bin/sh
# Runs a command with a folder of its own for temporary files, in memory where there is room, and removes it after.
room=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)
if [ -w /dev/shm ] && [ "${room:-0}" -gt 4000000 ]; then parent=/dev/shm; else parent=${TMPDIR:-/tmp}; fi
TMPDIR=$(mktemp -d "$parent/parvis-XXXXXX") || exit 1
chmod 711 "$TMPDIR"  # servers that run as somebody else have folders in it
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
trap : INT TERM  # they reach the command, too: it is waited for
"$@"
