#!/usr/bin/env bash
# Fails if the generated files differ from what the server says now; leaves the fresh ones in place.
set -euo pipefail

before=$(mktemp -d)
trap 'rm -rf "$before"' EXIT
cp -r pwa/src/contract "$before/pwa"
cp -r tests/contract "$before/cases"
make --no-print-directory contract-now
if ! diff -r "$before/pwa" pwa/src/contract || ! diff -r "$before/cases" tests/contract; then
  echo "The generated files were stale. They are fresh now: look at them and commit them." >&2
  exit 1
fi
