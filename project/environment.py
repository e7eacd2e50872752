"""Every environment variable the application reads, as data.

`settings.py` is the only caller of `read`; `docs/settings.md` is made from `VARIABLES`, and a test holds it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass


class MissingVariable(Exception):
    """A variable that this stage needs is not set."""

    def __init__(self, variable: "Variable") -> None:
        self.variable = variable
        super().__init__(
            f"{variable.name} is not set. {variable.purpose} "
            f"Set it in the function's or container's environment, for example "
            f"{variable.name}={variable.example!r}; docs/settings.md lists all variables."
        )


class BadVariable(Exception):
    """A variable holds a value that cannot be used."""

    def __init__(self, variable: "Variable", value: str, expected: str) -> None:
        self.variable = variable
        super().__init__(f"{variable.name}={value!r} cannot be used: it must be {expected}. {variable.purpose}")


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One environment variable.

    `local` is what a developer's machine uses when it is not set, `deployed` what a deployed stage uses;
    `None` means that it must be set there.
    """

    name: str
    purpose: str
    example: str
    local: str | None = None
    deployed: str | None = None
    secret: bool = False


_PROVIDED: dict[str, str] = {}

STAGE = Variable(
    name="CLOISTER_STAGE",
    purpose="The deployed copy this process belongs to; `local` turns on a developer's defaults.",
    example="poc",
)
PREFIX = Variable(
    name="CLOISTER_PREFIX",
    purpose="What the names of the stage's resources begin with, by which alarms find its metrics; without it none.",
    example="cloister-poc",
    local="",
    deployed="",
)
SECRETS = Variable(
    name="CLOISTER_SECRETS",
    purpose="Where secrets that are not in the environment are read at start: `secretsmanager:NAME` (one secret, a "
    "JSON object of variables) or `ssm:/FOLDER/` (a parameter each). The VPC needs that service's endpoint.",
    example="secretsmanager:cloister-poc/web",
    local="",
    deployed="",
)
SECRET_KEY = Variable(
    name="CLOISTER_SECRET_KEY",
    purpose="Key for everything Django signs, 50 random characters or more; a local process makes its own in .local/.",
    example="(output of: python -c 'import secrets; print(secrets.token_urlsafe(50))')",
    local="",
    secret=True,
)
SECRET_KEY_FALLBACKS = Variable(
    name="CLOISTER_SECRET_KEY_FALLBACKS",
    purpose="Former secret keys, separated by commas, that are still honoured after a rotation.",
    example="old-key",
    local="",
    deployed="",
    secret=True,
)
SECRET_KEY_NEXT = Variable(
    name="CLOISTER_SECRET_KEY_NEXT",
    purpose="While a rotation is under way, the coming secret key: what others sign with it is honoured already.",
    example="(as CLOISTER_SECRET_KEY)",
    local="",
    deployed="",
    secret=True,
)
SECRETS_VERSION = Variable(
    name="CLOISTER_SECRETS_VERSION",
    purpose="When the secrets were last changed; nothing reads it, but a change lets Lambda start anew and read them.",
    example="2026-11-22T09:00:00Z",
    local="",
    deployed="",
)
ALLOWED_HOSTS = Variable(
    name="CLOISTER_ALLOWED_HOSTS",
    purpose="Host names, separated by commas, under which the API is called.",
    example="abc123-vpce0123.execute-api.ap-northeast-1.amazonaws.com",
    local="localhost,127.0.0.1,[::1]",
)
SPA_ORIGINS = Variable(
    name="CLOISTER_SPA_ORIGINS",
    purpose="Origins, separated by commas, of pages that may call the API from another host.",
    example="https://site.bucket.vpce-0123.s3.ap-northeast-1.vpce.amazonaws.com",
    local="",
    deployed="",
)
TIME_ZONE = Variable(
    name="CLOISTER_TIME_ZONE",
    purpose="The company's time zone: fiscal years, validity and the working day follow it.",
    example="Asia/Tokyo",
    local="Asia/Tokyo",
    deployed="Asia/Tokyo",
)
FISCAL_YEAR_START_MONTH = Variable(
    name="CLOISTER_FISCAL_YEAR_START_MONTH",
    purpose="Month (1 to 12) in which the company's fiscal year begins.",
    example="4",
    local="4",
    deployed="4",
)
DATABASE_HOST = Variable(
    name="CLOISTER_DATABASE_HOST",
    purpose="PostgreSQL's host; without it a local process uses SQLite in .local/.",
    example="db.abc.ap-northeast-1.rds.amazonaws.com",
    local="",
)
DATABASE_PORT = Variable(
    name="CLOISTER_DATABASE_PORT", purpose="PostgreSQL's port.", example="5432", local="5432", deployed="5432"
)
DATABASE_NAME = Variable(
    name="CLOISTER_DATABASE_NAME",
    purpose="Name of the database.",
    example="cloister",
    local="cloister",
    deployed="cloister",
)
DATABASE_USER = Variable(
    name="CLOISTER_DATABASE_USER", purpose="PostgreSQL role that signs in.", example="app", local="cloister"
)
DATABASE_SIGN_IN = Variable(
    name="CLOISTER_DATABASE_SIGN_IN",
    purpose="How roles sign in: `password`, or `token`, signed anew for every connection (IAM, on Amazon RDS).",
    example="token",
    local="password",
    deployed="password",
)
DATABASE_PASSWORD = Variable(
    name="CLOISTER_DATABASE_PASSWORD",
    purpose="Password of that role; needed where it signs in by password.",
    example="(a random password)",
    local="",
    deployed="",
    secret=True,
)
DATABASE_PASSWORD_NEXT = Variable(
    name="CLOISTER_DATABASE_PASSWORD_NEXT",
    purpose="While a rotation is under way, the coming password of that role: PostgreSQL takes one of the two.",
    example="(a random password)",
    local="",
    deployed="",
    secret=True,
)
DATABASE_ROOT_CERTIFICATE = Variable(
    name="CLOISTER_DATABASE_ROOT_CERTIFICATE",
    purpose="File with the CA certificates that PostgreSQL's certificate is verified against (sslmode verify-full); "
    "a relative path is one beside the code. Amazon RDS's own are there.",
    example="project/certificates/rds.pem",
    local="",
    deployed="project/certificates/rds.pem",
)
DATABASE_OWNER_PASSWORD = Variable(
    name="CLOISTER_DATABASE_OWNER_PASSWORD",
    purpose="Password of the role `owner`, for the tasks function only: migrations run as the tables' owner, all else "
    "as the role that may only read and write rows.",
    example="(a random password)",
    local="",
    deployed="",
    secret=True,
)
DATABASE_OWNER_PASSWORD_NEXT = Variable(
    name="CLOISTER_DATABASE_OWNER_PASSWORD_NEXT",
    purpose="While a rotation is under way, the coming password of the role `owner`.",
    example="(a random password)",
    local="",
    deployed="",
    secret=True,
)
TASKS_FUNCTION = Variable(
    name="CLOISTER_TASKS_FUNCTION",
    purpose="Name of the function that runs migrations, where the stage has one; every other function refuses them.",
    example="cloister-poc-tasks",
    local="",
    deployed="",
)
FUNCTION_NAME = Variable(
    name="AWS_LAMBDA_FUNCTION_NAME",
    purpose="This function's own name; Lambda sets it.",
    example="cloister-poc",
    local="",
    deployed="",
)
EVENT = Variable(
    name="CLOISTER_EVENT",
    purpose="In a container: the command or timer that it runs instead of answering requests, as JSON.",
    example='{"command": "tick"}',
    local="",
    deployed="",
    secret=True,  # it may bring the master's password to the making of roles
)
PORT = Variable(
    name="CLOISTER_PORT",
    purpose="In a container: the port on which it answers the load balancer.",
    example="8000",
    local="8000",
    deployed="8000",
)
SQLITE_FILE = Variable(
    name="CLOISTER_SQLITE_FILE",
    purpose="File of the local SQLite database, used where no PostgreSQL host is set.",
    example="/tmp/cloister.sqlite3",  # noqa: S108  an example in a document, never opened
    local="",
    deployed="",
)
ATTACHMENTS_BUCKET = Variable(
    name="CLOISTER_ATTACHMENTS_BUCKET",
    purpose=(
        "Bucket that files beside proposals are stored in, without a dot in its name. Without it a stage takes no "
        "files, and a local process keeps them in a folder."
    ),
    example="poc-attachments-123456789012",
    local="",
    deployed="",
)
ATTACHMENTS_ENDPOINT = Variable(
    name="CLOISTER_ATTACHMENTS_ENDPOINT",
    purpose=(
        "Host name of the S3 interface endpoint, beginning with `bucket.`, through which pages reach the bucket; "
        "without it the region's own host of S3, by which the application always reaches it."
    ),
    example="bucket.vpce-0123-abcd.s3.ap-northeast-1.vpce.amazonaws.com",
    local="",
    deployed="",
)
CLOISTER_AWS_REGION = Variable(
    name="CLOISTER_AWS_REGION",
    purpose="Region that the buckets are in, where it is not the one the process runs in (AWS_REGION).",
    example="ap-northeast-1",
    local="",
    deployed="",
)
AWS_REGION = Variable(
    name="AWS_REGION",
    purpose="Region the process runs in; Lambda sets it. Needed where a bucket is set and CLOISTER_AWS_REGION is not.",
    example="ap-northeast-1",
    local="",
    deployed="",
)
ATTACHMENTS_BY = Variable(
    name="CLOISTER_ATTACHMENTS_BY",
    purpose=(
        "How files travel between a page and the bucket: `endpoint`, straight and of any size, or `function`, through "
        "the application and of at most 4 megabytes, where no page reaches S3."
    ),
    example="function",
    local="endpoint",
    deployed="endpoint",
)
ATTACHMENTS_FOLDER = Variable(
    name="CLOISTER_ATTACHMENTS_FOLDER",
    purpose="Folder that a local process without a bucket keeps files in; .local/attachments where it is not set.",
    example="/tmp/attachments",  # noqa: S108  an example in a document, never opened
    local="",
    deployed="",
)
ATTACHMENTS_LARGEST = Variable(
    name="CLOISTER_ATTACHMENTS_LARGEST",
    purpose="Megabytes (1024 x 1024 bytes) that one file may have, 1 to 1000.",
    example="50",
    local="50",
    deployed="50",
)
ATTACHMENTS_MOST = Variable(
    name="CLOISTER_ATTACHMENTS_MOST",
    purpose="Files that one proposal may have, 1 to 100.",
    example="20",
    local="20",
    deployed="20",
)
FILE_KINDS = (
    "pdf,docx,xlsx,pptx,doc,xls,ppt,odt,ods,odp,xdw,xbd,jtd,png,jpg,jpeg,gif,webp,heic,tif,tiff,bmp,csv,txt,zip"
)
ATTACHMENTS_TYPES = Variable(
    name="CLOISTER_ATTACHMENTS_TYPES",
    purpose="Extensions, separated by commas, of the files that may be attached: some of those of the default.",
    example="pdf,docx,xlsx,pptx,png,jpg",
    local=FILE_KINDS,
    deployed=FILE_KINDS,
)
MALWARE_SCANNER = Variable(
    name="CLOISTER_MALWARE_SCANNER",
    purpose=(
        "Dotted path of a function of no arguments that makes the malware scanner which files must pass "
        "(docs/attachments.md); without it there is none."
    ),
    example="company.scanner.make",
    local="",
    deployed="",
)

AUDIT_BUCKET = Variable(
    name="CLOISTER_AUDIT_BUCKET",
    purpose=(
        "Bucket with versions and an object lock, without a dot in its name, that timers keep the heads of the audit "
        "trail in; without it a stage keeps none, and a local process keeps them in a folder."
    ),
    example="poc-audit-123456789012",
    local="",
    deployed="",
)
AUDIT_LOCK_DAYS = Variable(
    name="CLOISTER_AUDIT_LOCK_DAYS",
    purpose="Days for which nobody without a special right can remove a kept head, 1 to 36500.",
    example="365",
    local="365",
    deployed="365",
)
AUDIT_FOLDER = Variable(
    name="CLOISTER_AUDIT_FOLDER",
    purpose="Folder that a local process keeps the heads of the audit trail in; .local/audit where it is not set.",
    example="/tmp/audit",  # noqa: S108  an example in a document, never opened
    local="",
    deployed="",
)
RETENTION_YEARS = Variable(
    name="CLOISTER_RETENTION_YEARS",
    purpose="Years for which a proposal is kept after it ended, 1 to 100; then all but its audit trail is purged.",
    example="10",
    local="10",
    deployed="10",
)
SMTP_HOST = Variable(
    name="CLOISTER_SMTP_HOST",
    purpose="The company's SMTP relay; without it nobody is told by e-mail.",
    example="relay.corp.example.co.jp",
    local="",
    deployed="",
)
SMTP_PORT = Variable(
    name="CLOISTER_SMTP_PORT", purpose="Port of the SMTP relay.", example="587", local="25", deployed="25"
)
SMTP_SECURITY = Variable(
    name="CLOISTER_SMTP_SECURITY",
    purpose="How the relay is spoken to: `starttls`, `tls` from the first byte, or `none` inside a closed network.",
    example="starttls",
    local="none",
    deployed="starttls",
)
SMTP_USER = Variable(
    name="CLOISTER_SMTP_USER",
    purpose="User name at the SMTP relay, where it asks for one.",
    example="ringi",
    local="",
    deployed="",
)
SMTP_PASSWORD = Variable(
    name="CLOISTER_SMTP_PASSWORD",
    purpose="Password of that user.",
    example="(the relay's password)",
    local="",
    deployed="",
    secret=True,
)
MAIL_FROM = Variable(
    name="CLOISTER_MAIL_FROM",
    purpose="Sender of e-mail, needed where an SMTP relay is set.",
    example="ringi@corp.example.co.jp",
    local="",
    deployed="",
)
SITE_URL = Variable(
    name="CLOISTER_SITE_URL",
    purpose="Address at which people open the page, for links in e-mail; needed where an SMTP relay is set.",
    example="https://site.bucket.vpce-0123.s3.ap-northeast-1.vpce.amazonaws.com/index.html",
    local="http://localhost:8000/",
    deployed="",
)

VARIABLES = {variable.name: variable for variable in list(vars().values()) if isinstance(variable, Variable)}


def is_local() -> bool:
    """Say whether this process runs with a developer's defaults."""
    return read(STAGE) == "local"


def provide(values: Mapping[str, str]) -> None:
    """Let these be read where the environment itself says nothing: secrets that were fetched at start."""
    _PROVIDED.update(values)


def read(variable: Variable) -> str:
    """Return the variable's value, or the default of the place this runs in; an empty value counts as not set.

    Raises `MissingVariable` when the place has no default for it.
    """
    if value := os.environ.get(variable.name) or _PROVIDED.get(variable.name):
        return value
    # The stage itself has no default anywhere, and asking it whether it is local would never end.
    default = None if variable is STAGE else variable.local if is_local() else variable.deployed
    if default is None:
        raise MissingVariable(variable)
    return default


def read_list(variable: Variable) -> list[str]:
    """Return the comma-separated values of a variable, without blanks."""
    return [part.strip() for part in read(variable).split(",") if part.strip()]


def read_whole_number(variable: Variable, *, low: int, high: int) -> int:
    """Return a whole number from `low` to `high`; raises `BadVariable` for anything else."""
    value = read(variable)
    if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
        raise BadVariable(variable, value, f"a whole number from {low} to {high}")
    return int(value)
