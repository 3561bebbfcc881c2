"""All settings, read from the environment only (house.md: one file). docs/guide/operate.md lists every variable."""

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.csp import CSP

PACKAGE = Path(__file__).resolve().parent.parent
CHECKOUT = PACKAGE.parent.parent


def _home() -> Path:
    """`LIAOYUAN_HOME`; in a checkout `var/`, else the user's data folder."""
    given = os.environ.get("LIAOYUAN_HOME")
    if given:
        return Path(given).expanduser().resolve()
    if (CHECKOUT / "dev.py").is_file():
        return CHECKOUT / "var"
    data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(data) / "liaoyuan"


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").strip().lower() in {"1", "true", "yes", "on"}


def _secret_key(home: Path) -> str:
    """`LIAOYUAN_SECRET_KEY`, else the one that `liaoyuan init` put into the home, else one for this process only."""
    given = os.environ.get("LIAOYUAN_SECRET_KEY")
    if given:
        return given
    file = home / "keys" / "secret"
    return file.read_text().strip() if file.is_file() else secrets.token_urlsafe(50)


def _database(home: Path) -> dict:
    """`DATABASE_URL` (postgres://user:password@host:port/name) or the embedded SQLite file."""
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith(("postgres://", "postgresql://")):
        parts = urlsplit(url)
        query = dict(item.split("=", 1) for item in parts.query.split("&") if "=" in item)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(query.get("host") or parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    return {
        "ENGINE": "liaoyuan.conf.sqlite",  # writers get in by order of asking, which SQLite does not promise
        "NAME": home / "liaoyuan.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # those who hand in at once wait in no order; on a busy machine 20 s were too short for the last
            "timeout": 60,
            "transaction_mode": "IMMEDIATE",
            # FULL: what the signed log of heads vouches for must survive a power cut. A test's database need not.
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={'OFF' if TESTING else 'FULL'};"
            " PRAGMA cache_size=-16000;"
            " PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;",
        },
    }


HOME = _home()
TESTING = _flag("LIAOYUAN_TESTING")
ZONE = os.environ.get("LIAOYUAN_ZONE", "gov")
DEBUG = False
SECRET_KEY = _secret_key(HOME)
ALLOWED_HOSTS = [h for h in os.environ.get("LIAOYUAN_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",") if h]
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("LIAOYUAN_ORIGINS", "").split(",") if o]
HTTPS = _flag("LIAOYUAN_HTTPS")
#: Where the public finds this installation: printed on documents with their check codes.
ADDRESS = (os.environ.get("LIAOYUAN_ADDRESS") or (CSRF_TRUSTED_ORIGINS or ["http://127.0.0.1:8000"])[0]).rstrip("/")
#: Fonts of documents: a folder besides the system's, and the family to take before those that are known.
FONTS = os.environ.get("LIAOYUAN_FONTS", "")
FONT = os.environ.get("LIAOYUAN_FONT", "")

CSRF_FAILURE_VIEW = "liaoyuan.ui.views.csrf_failure"
ROOT_URLCONF = "liaoyuan.conf.urls"
WSGI_APPLICATION = "liaoyuan.conf.wsgi.application"
AUTH_USER_MODEL = "core.User"
ROLES = "liaoyuan.conf.roles.ROLES"
MENU = "liaoyuan.conf.menu.MENU"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "liaoyuan.ui",
    "liaoyuan.core",
    "liaoyuan.registry",
    "liaoyuan.people",
    "liaoyuan.party",
    "liaoyuan.planning",
    "liaoyuan.funding",
    "liaoyuan.reports",
    "liaoyuan.portal",
    "liaoyuan.api",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "liaoyuan.core.sessions.SessionMiddleware",
    "liaoyuan.ui.middleware.PageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [
            PACKAGE / "ui" / "templates",
            PACKAGE / "core" / "templates",
            PACKAGE / "registry" / "templates",
            PACKAGE / "people" / "templates",
            PACKAGE / "party" / "templates",
            PACKAGE / "planning" / "templates",
            PACKAGE / "funding" / "templates",
            PACKAGE / "reports" / "templates",
            PACKAGE / "portal" / "templates",
            PACKAGE / "api" / "templates",
        ],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "liaoyuan.ui.jinja.environment"},
    },
]

DATABASES = {"default": _database(HOME)}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
IDLE_MINUTES = int(os.environ.get("LIAOYUAN_IDLE_MINUTES", "30"))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],  # Tabler's stylesheet holds 23 data images
    "frame-ancestors": [CSP.NONE],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LOCALE_PATHS = [PACKAGE / "ui" / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_HANDLERS = ["liaoyuan.ui.uploads.BoundedUploadHandler"]
UPLOAD_MAX_BYTES = int(os.environ.get("LIAOYUAN_UPLOAD_MAX_MB", "100")) * 1024 * 1024

# Maps (ui.maps): a tile server's address with {z}, {x} and {y}, whom to thank, wgs84 or gcj02. Empty: no tiles at all.
TILES = os.environ.get("LIAOYUAN_TILES", "")
TILES_CREDIT = os.environ.get("LIAOYUAN_TILES_CREDIT", "")
TILES_DATUM = os.environ.get("LIAOYUAN_TILES_DATUM", "wgs84")
#: The command line as arguments of the interpreter: a backup is tried out by restoring it in a process of its own.
COMMAND = ["-m", "liaoyuan.conf.cli.main"]
#: Where documents, uploads and results lie; several machines share this folder.
FILES = Path(os.environ["LIAOYUAN_FILES"]).expanduser() if os.environ.get("LIAOYUAN_FILES") else HOME / "files"
# Jobs (core.jobs): how long a worker's lease holds without a sign of life, in seconds, and how often it gives one.
JOB_LEASE_SECONDS = float(os.environ.get("LIAOYUAN_JOB_LEASE", "60"))
JOB_BEAT_SECONDS = float(os.environ.get("LIAOYUAN_JOB_BEAT", "10"))
RESULT_DAYS = int(os.environ.get("LIAOYUAN_RESULT_DAYS", "7"))
#: Where the backups made by themselves lie, and how many of them are kept.
BACKUPS = Path(os.environ["LIAOYUAN_BACKUPS"]).expanduser() if os.environ.get("LIAOYUAN_BACKUPS") else HOME / "backups"
BACKUP_KEEP = int(os.environ.get("LIAOYUAN_BACKUP_KEEP", "14"))
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"

# Login library: its flows and stores are used, its pages are not mounted (core.urls names ours).
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "liaoyuan.core.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# The lasting lock stands on the account's row; these only slow down one address or one name in one process.
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip,20/5m/key", "signup": "20/m/ip", "claim": "10/h/ip,10/d/key",
                       "verify": "60/m/ip", "objection": "10/h/ip,200/d/key", "objection_query": "30/m/ip"}  # fmt: skip
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("LIAOYUAN_PROXIES", "1" if HTTPS else "0"))
MFA_ADAPTER = "liaoyuan.core.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "燎原"
MFA_TOTP_TOLERANCE = 1

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LIAOYUAN_LOG_LEVEL", "WARNING")},
}
SILENCED_SYSTEM_CHECKS = ["templates.W003"]
