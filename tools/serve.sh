#!/usr/bin/env bash
# Brings the database up to date, fills it the first time, says how to sign in, and serves.
set -euo pipefail

flask="flask --app wsgi"
$flask db upgrade
$flask areas import data/divisions_wugang.csv
$flask demo

printf '\n  实事簿: http://127.0.0.1:%s   (Ctrl+C stops it; the data stays in %s)\n' \
  "${PORT:-8000}" "${SHISHIBU_DATABASE_URL:-${SHISHIBU_VAR:-var}/}"
printf '  Forgotten a password? .venv/bin/flask --app wsgi users password NAME\n\n'
exec gunicorn wsgi:app
