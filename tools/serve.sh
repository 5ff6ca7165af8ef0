#!/usr/bin/env bash
# Brings the database up to date (tools/prepare.py), says how to sign in, and serves.
set -euo pipefail

# The URL of a database may hold a password: it is not shown.
place=${SHISHIBU_VAR:-var}/
[ -z "${SHISHIBU_DATABASE_URL:-}" ] || place=SHISHIBU_DATABASE_URL

python - <<'EOF'
import os, socket, sys
port = int(os.environ.get("PORT", "8000"))
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", port))
    except OSError:
        sys.exit(f"端口 {port} 用不了（可能已有程序在用），换一个再运行：PORT={port + 1} make run")
EOF

python -m tools.prepare || {
  case $(flask --app wsgi db current 2>&1) in
    *"Can't locate revision"*)
      echo "数据库（$place）的结构版本不认识，多半是开发时的旧库：把它移走或删掉，再运行 make run。" >&2 ;;
  esac
  exit 1
}

printf '\n  实事簿已启动：http://127.0.0.1:%s（按 Ctrl+C 停止，数据保存在 %s）\n' \
  "${PORT:-8000}" "$place"
settings=
[ -z "${SHISHIBU_VAR:-}" ] || settings="SHISHIBU_VAR=$SHISHIBU_VAR "
[ -z "${SHISHIBU_DATABASE_URL:-}" ] || settings+="SHISHIBU_DATABASE_URL=… "
printf '  忘了密码：%s.venv/bin/flask --app wsgi users password 用户名\n\n' "$settings"
exec gunicorn wsgi:app
