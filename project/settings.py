"""Django's settings, and the only place where the environment is read.

`project/environment.py` holds the variables as data; docs/settings.md is made from them.
"""

import logging.config
import re
import secrets
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.module_loading import import_string

from project import environment as env
from project.application import APPLICATION

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = BASE_DIR / ".local"
LOCAL = env.is_local()
STAGE = env.read(env.STAGE)
PREFIX = env.read(env.PREFIX)
DEBUG = LOCAL


def _local_secret_key() -> str:
    """Return this machine's own key, made once: no key is ever written in the repository."""
    file = LOCAL_DIR / "secret-key"
    if not file.exists():
        LOCAL_DIR.mkdir(exist_ok=True)
        file.write_text(secrets.token_urlsafe(50))
        file.chmod(0o600)
    return file.read_text()


AWS_REGION = env.read(env.CLOISTER_AWS_REGION) or env.read(env.AWS_REGION)
if _secrets := env.read(env.SECRETS):
    if not AWS_REGION:
        raise env.MissingVariable(env.AWS_REGION)
    _wanted = [variable.name for variable in env.VARIABLES.values() if variable.secret]
    env.provide(import_string(APPLICATION.secrets)(_secrets, region=AWS_REGION, names=_wanted))
SECRET_KEY = env.read(env.SECRET_KEY) or _local_secret_key()  # a stage's is required, so never made up
if not LOCAL and len(SECRET_KEY) < 50:
    raise env.BadVariable(env.SECRET_KEY, "***", "50 random characters or more")
SECRET_KEY_FALLBACKS = [*env.read_list(env.SECRET_KEY_NEXT), *env.read_list(env.SECRET_KEY_FALLBACKS)]
ALLOWED_HOSTS = env.read_list(env.ALLOWED_HOSTS)
if not LOCAL and "*" in ALLOWED_HOSTS:
    raise env.BadVariable(env.ALLOWED_HOSTS, "*", "the host names in use, not *")

# --- the application -------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "project.apps.ContentTypes",
    "project.apps.Auth",
    "corsheaders",
    "rest_framework",
    "knox",
    "axes",
    *APPLICATION.apps,
]
MIDDLEWARE = [
    "project.requests.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
]
ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The built page, served by Django on a developer's machine only; a stage has it in a bucket.
SPA_DIST = BASE_DIR / "spa" / "dist" if LOCAL else None

# --- the database ----------------------------------------------------------------------------------------
_root_certificate = env.read(env.DATABASE_ROOT_CERTIFICATE) if env.read(env.DATABASE_HOST) else ""
_sign_in = env.read(env.DATABASE_SIGN_IN)
if _sign_in not in ("password", "token"):
    raise env.BadVariable(env.DATABASE_SIGN_IN, _sign_in, "password or token")
_by_token = _sign_in == "token"
if not LOCAL and not _by_token and not env.read(env.DATABASE_PASSWORD):
    raise env.MissingVariable(env.DATABASE_PASSWORD)
if _by_token and not AWS_REGION:
    raise env.MissingVariable(env.AWS_REGION)
DATABASE_TOKEN = APPLICATION.database_sign_in if _by_token else ""
_next_password = env.read(env.DATABASE_PASSWORD_NEXT)
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "project.postgresql" if _by_token or _next_password else "django.db.backends.postgresql",
        "HOST": env.read(env.DATABASE_HOST),
        "PORT": env.read_whole_number(env.DATABASE_PORT, low=1, high=65535),
        "NAME": env.read(env.DATABASE_NAME),
        "USER": env.read(env.DATABASE_USER),
        "PASSWORD": env.read(env.DATABASE_PASSWORD),
        "PASSWORD_NEXT": _next_password,
        "CONN_MAX_AGE": 300,
        "OPTIONS": {
            "connect_timeout": 5,  # seconds; API Gateway gives up on the whole answer after 29
            # Milliseconds that sent data may stay unacknowledged: a function thawed after a long freeze writes to
            # a connection that the network has forgotten, and would otherwise wait for a quarter of an hour.
            "tcp_user_timeout": 5000,
            **(
                {"sslmode": "verify-full", "sslrootcert": str(BASE_DIR / _root_certificate)}
                if _root_certificate
                else {}
            ),
        },
    }
    if env.read(env.DATABASE_HOST)
    else {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": env.read(env.SQLITE_FILE) or str(LOCAL_DIR / "cloister.sqlite3"),
        # IMMEDIATE takes the write lock when a transaction begins, so that a read followed by a write in it
        # can wait for another writer instead of failing at once.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}

EVENT = env.read(env.EVENT)
PORT = env.read_whole_number(env.PORT, low=1, high=65535)
TASKS_FUNCTION = env.read(env.TASKS_FUNCTION)
IS_TASKS_FUNCTION = env.read(env.FUNCTION_NAME) == TASKS_FUNCTION
# Who signs in for migrations, where that is another role than the one for everything else.
_owner_password = env.read(env.DATABASE_OWNER_PASSWORD)
DATABASE_OWNER: dict[str, str] = (
    {"USER": "owner", "PASSWORD": _owner_password, "PASSWORD_NEXT": env.read(env.DATABASE_OWNER_PASSWORD_NEXT)}
    if _owner_password
    else {}
)
if _by_token and TASKS_FUNCTION and IS_TASKS_FUNCTION:
    DATABASE_OWNER = {"USER": "owner"}

# --- files beside proposals ------------------------------------------------------------------------------
ATTACHMENTS_BUCKET = env.read(env.ATTACHMENTS_BUCKET)
if "." in ATTACHMENTS_BUCKET:
    # The endpoint's certificate is for one name below it, and a dot makes two.
    raise env.BadVariable(env.ATTACHMENTS_BUCKET, ATTACHMENTS_BUCKET, "a bucket's name without a dot")
if ATTACHMENTS_BUCKET and not AWS_REGION:
    raise env.MissingVariable(env.AWS_REGION)
ATTACHMENTS_ENDPOINT = env.read(env.ATTACHMENTS_ENDPOINT) or f"s3.{AWS_REGION}.amazonaws.com"
if not re.fullmatch(r"[a-z0-9.-]+", ATTACHMENTS_ENDPOINT):
    raise env.BadVariable(env.ATTACHMENTS_ENDPOINT, ATTACHMENTS_ENDPOINT, "a host name, without https://")
ATTACHMENTS_BY = env.read(env.ATTACHMENTS_BY)
if ATTACHMENTS_BY not in ("endpoint", "function"):
    raise env.BadVariable(env.ATTACHMENTS_BY, ATTACHMENTS_BY, "endpoint or function")
# Files that pass through here: a store that lies behind this application.
RELAYS_FILES = bool(ATTACHMENTS_BUCKET) and ATTACHMENTS_BY == "function"
ATTACHMENTS_FOLDER = env.read(env.ATTACHMENTS_FOLDER) or str(LOCAL_DIR / "attachments")
ATTACHMENTS_LARGEST = env.read_whole_number(env.ATTACHMENTS_LARGEST, low=1, high=1000) * 1024 * 1024  # bytes
if RELAYS_FILES:
    ATTACHMENTS_LARGEST = min(ATTACHMENTS_LARGEST, 4 * 1024 * 1024)  # what fits into one call of a function
ATTACHMENTS_MOST = env.read_whole_number(env.ATTACHMENTS_MOST, low=1, high=100)
ATTACHMENTS_TYPES = [kind.lower().removeprefix(".") for kind in env.read_list(env.ATTACHMENTS_TYPES)]
if unknown_types := set(ATTACHMENTS_TYPES) - set(env.FILE_KINDS.split(",")):
    raise env.BadVariable(env.ATTACHMENTS_TYPES, ",".join(sorted(unknown_types)), f"some of {env.FILE_KINDS}")
# Dotted paths of functions that make them; empty where there is none.
if RELAYS_FILES:
    ATTACHMENT_STORE = "api.integrations.storage.relayed.from_settings"
elif ATTACHMENTS_BUCKET:
    ATTACHMENT_STORE = "api.integrations.storage.s3.from_settings"
else:
    ATTACHMENT_STORE = "api.integrations.storage.local.from_settings" if LOCAL else ""
MALWARE_SCANNER = env.read(env.MALWARE_SCANNER)
# Origins beside the API's that the page sends files to (project/page.py).
PAGE_REACHES = (
    [f"https://{ATTACHMENTS_BUCKET}.{ATTACHMENTS_ENDPOINT}"] if ATTACHMENTS_BUCKET and not RELAYS_FILES else []
)

# --- time and language -----------------------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = env.read(env.TIME_ZONE)
try:
    ZoneInfo(TIME_ZONE)
except (ZoneInfoNotFoundError, ValueError) as error:
    raise env.BadVariable(env.TIME_ZONE, TIME_ZONE, "a name of the IANA time zone database") from error
FISCAL_YEAR_START_MONTH = env.read_whole_number(env.FISCAL_YEAR_START_MONTH, low=1, high=12)
USE_I18N = True
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "api" / "locale"]

# --- what is told and kept outside --------------------------------------------------------------------------
SITE_URL = env.read(env.SITE_URL)
MAIL_IS_ON = bool(env.read(env.SMTP_HOST))
if MAIL_IS_ON:
    for _needed in (env.MAIL_FROM, env.SITE_URL):
        if not env.read(_needed):
            raise env.MissingVariable(_needed)
_smtp_security = env.read(env.SMTP_SECURITY)
if _smtp_security not in {"starttls", "tls", "none"}:
    raise env.BadVariable(env.SMTP_SECURITY, _smtp_security, "starttls, tls or none")
EMAIL_HOST = env.read(env.SMTP_HOST)
EMAIL_PORT = env.read_whole_number(env.SMTP_PORT, low=1, high=65535)
EMAIL_HOST_USER = env.read(env.SMTP_USER)
EMAIL_HOST_PASSWORD = env.read(env.SMTP_PASSWORD)
EMAIL_USE_TLS = _smtp_security == "starttls"
EMAIL_USE_SSL = _smtp_security == "tls"
EMAIL_TIMEOUT = 20  # seconds; far less than the lease of an outbox message
DEFAULT_FROM_EMAIL = env.read(env.MAIL_FROM) or "nobody@localhost"
# What reads the files of an organisation that an administrator sends.
ORGANIZATION_FILES = "api.integrations.directory.sent_files.read"
MAILER = "api.integrations.mail.smtp.from_settings" if MAIL_IS_ON else ""
AUDIT_FOLDER = env.read(env.AUDIT_FOLDER) or str(LOCAL_DIR / "audit")
AUDIT_BUCKET = env.read(env.AUDIT_BUCKET)
if "." in AUDIT_BUCKET:
    raise env.BadVariable(env.AUDIT_BUCKET, AUDIT_BUCKET, "a bucket's name without a dot")
if AUDIT_BUCKET and not AWS_REGION:
    raise env.MissingVariable(env.AWS_REGION)
AUDIT_LOCK_DAYS = env.read_whole_number(env.AUDIT_LOCK_DAYS, low=1, high=36500)
if AUDIT_BUCKET:
    HEAD_STORE = "api.integrations.storage.s3_heads.from_settings"
else:
    HEAD_STORE = "api.integrations.storage.local_heads.from_settings" if LOCAL else ""

RETENTION_YEARS = env.read_whole_number(env.RETENTION_YEARS, low=1, high=100)

# --- people who sign in ----------------------------------------------------------------------------------
AUTH_USER_MODEL = APPLICATION.user_model
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "employee_number", "name_en", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Below Active Directory's usual threshold of 5, so that guessing here never locks an account there.
AXES_FAILURE_LIMIT = 4
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True
REST_KNOX = {
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_LIMIT_PER_USER": None,
    "AUTO_REFRESH": False,
}

# --- the API ---------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [APPLICATION.authentication],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": APPLICATION.exception_handler,
    "UNAUTHENTICATED_USER": None,
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # bytes; files never come this way
CORS_ALLOWED_ORIGINS = env.read_list(env.SPA_ORIGINS)
CORS_ALLOW_CREDENTIALS = False
CORS_ALLOW_HEADERS = ["accept", "accept-language", "authorization", "content-type", "x-request-id"]
# The page waits as long as a busy database asks for, and can name the request in what it shows.
CORS_EXPOSE_HEADERS = ["retry-after", "x-request-id"]
CORS_PREFLIGHT_MAX_AGE = 7200
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "project.logs.JsonLines", "prefix": PREFIX}},
    "handlers": {"console": {"class": "logging.StreamHandler", **({} if LOCAL else {"formatter": "json"})}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Axes tells of every sign-in; only what it refuses is worth a line.
        "axes": {"level": "WARNING"},
        # A line of our own says what became of every request; on a developer's machine the server says it.
        "django.request": {"level": "ERROR"},
        "project.requests": {"level": "WARNING" if LOCAL else "INFO"},
    },
}
if not LOCAL:
    # Django would first install its own logging, whose mail to administrators brings its debug pages into every start.
    LOGGING_CONFIG = None
    logging.config.dictConfig(LOGGING)
# Axes' middleware would replace the answer of the sign-in endpoint, which says itself that it is locked.
SILENCED_SYSTEM_CHECKS = ["axes.W002"]
