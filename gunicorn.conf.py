"""How gunicorn serves 实事簿. Command-line options and GUNICORN_CMD_ARGS come after and win."""

import gc
import logging
import logging.config
import os
import re
from typing import Any

from gunicorn.glogging import Logger

# A line like those of gunicorn itself. The server's own say nothing that a person typed (server/api/errors.py).
logging.config.dictConfig(
    {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "format": "[%(asctime)s] [%(process)d] [%(levelname)s] %(name)s: %(message)s",
                "datefmt": "%Y-%m-%d %H:%M:%S %z",
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
    }
)

_SLASH = "(?:/|%2F)"
_CODE = re.compile(rf"({_SLASH}(?:r|%72){_SLASH})[^\s?#&\"']+", re.IGNORECASE)


class DiscreetLogger(Logger):
    """Whoever knows the address of a resident's rating page may rate: no log of ours says it, whatever format
    an access log is given."""

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """What an access log's line can be made of, without the code of a link."""
        said: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        return {name: _CODE.sub(r"\1-", value) if isinstance(value, str) else value for name, value in said.items()}

    def setup(self, cfg: Any) -> None:
        """Set up gunicorn's logs; what it says itself of a request that failed is held back as well."""
        super().setup(cfg)
        self.error_log.addFilter(_without_code)


def _without_code(record: logging.LogRecord) -> bool:
    record.msg, record.args = _CODE.sub(r"\1-", record.getMessage()), ()
    return True


logger_class = DiscreetLogger

_on_postgresql = os.environ.get("SHISHIBU_DATABASE_URL", "").startswith("postgresql")
_cores = os.cpu_count() or 1

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
# SQLite has one writer at a time: more processes would only wait for its lock.
workers = int(os.environ.get("WEB_CONCURRENCY", 2 * _cores + 1 if _on_postgresql else 2))
threads = 4
timeout = 60
graceful_timeout = 20
keepalive = 5
# A worker's heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None


def post_worker_init(_worker: object) -> None:
    """What is there when a worker starts stays. Python looks for garbage with every 700 new objects: a sixth of each
    answer's time went into it."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


# Its default path is one per account, and two servers of one account would fight for it.
control_socket_disable = True
