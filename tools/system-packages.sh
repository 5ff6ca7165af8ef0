#!/usr/bin/env bash
# Makes sure that the tests find a browser, a Chinese font and PostgreSQL's server programs.
# As root on Debian or Ubuntu it installs what is missing; otherwise it says so in one sentence and fails.
set -euo pipefail

missing=()
have_browser() {
  local name
  for name in "${SHISHIBU_TEST_CHROMIUM:-}" chromium chromium-browser google-chrome; do
    [ -n "$name" ] && command -v "$name" >/dev/null && return 0
  done
  return 1
}
have_font() { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn family)" ]; }
have_postgresql() { command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

have_browser || missing+=(chromium)
have_font || missing+=(fontconfig fonts-wqy-microhei)
have_postgresql || missing+=(postgresql)
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "The tests need these Debian packages: ${missing[*]}; install them as root (apt-get install ${missing[*]}), then run make test again." >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}"
