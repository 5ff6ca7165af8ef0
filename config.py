"""Settings. Each can be set in the environment with the prefix SHISHIBU_ (docs/settings.md)."""

from pathlib import Path

ROOT = Path(__file__).parent


class Settings:
    """The defaults: an embedded database and keys in ./var, for one machine."""

    VAR = str(ROOT / "var")
    """Folder for the embedded database and the keys. Not readable by others."""

    DATABASE_URL = ""
    """SQLAlchemy URL, for PostgreSQL `postgresql+psycopg://…`. Empty: SQLite in VAR."""

    SECRET_KEY = ""
    """Signs the session cookie. Empty: made once and kept in VAR/secret.key."""

    RESIDENT_KEYS = ""
    """Comma-separated Fernet keys for residents' names and phones; the first encrypts, all decrypt.
    Empty: made once and kept in VAR/resident.keys. Back it up apart from the database."""

    SECURE_COOKIES = False
    """True behind TLS: cookies are sent over HTTPS only, and browsers are told to stay on HTTPS."""

    PROXIES = 0
    """How many reverse proxies stand in front, whose X-Forwarded headers can be trusted."""

    SESSION_DAYS = 30
    """A session ends after this many days without a request."""

    SESSION_MAX_DAYS = 180
    """A session ends this many days after signing in, however much it is used."""

    SIGN_INS_PER_MINUTE = 30
    """Sign-in tries under one user name from one address and worker process in a minute. The address
    as a whole may try ten times as often: an office, or a carrier's customers, share one."""

    MAX_BODY_BYTES = 2_000_000
    """The largest request body."""

    PWA = str(ROOT / "pwa" / "dist")
    """Folder of the built app."""
