#!/usr/bin/env bash
# Makes the virtual environment $1 with the Python named $2, unless it is there.
set -euo pipefail

[ -x "$1/bin/python" ] && exit 0
if ! "$2" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  echo "实事簿 needs Python 3.11 or later; name one with: make PYTHON=/path/to/python3 …" >&2
  exit 1
fi
if ! "$2" -c 'import ensurepip, venv' 2>/dev/null; then
  echo "Python's venv is missing; on Debian: apt-get install python3-venv" >&2
  exit 1
fi
"$2" -m venv "$1"
