"""Every environment variable the application reads, as data.

`settings.py` is the only caller of `read`; `docs/settings.md` is made from `VARIABLES`, and a test holds it.
"""

import os
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


def _variable(**fields: object) -> Variable:
    variable = Variable(**fields)  # type: ignore[arg-type]
    VARIABLES[variable.name] = variable
    return variable


VARIABLES: dict[str, Variable] = {}

STAGE = _variable(
    name="CLOISTER_STAGE",
    purpose="The deployed copy this process belongs to; `local` turns on a developer's defaults.",
    example="poc",
)
SECRET_KEY = _variable(
    name="CLOISTER_SECRET_KEY",
    purpose="Key for everything Django signs, 50 random characters or more; a local process makes its own in .local/.",
    example="(output of: python -c 'import secrets; print(secrets.token_urlsafe(50))')",
    local="",
    secret=True,
)
SECRET_KEY_FALLBACKS = _variable(
    name="CLOISTER_SECRET_KEY_FALLBACKS",
    purpose="Former secret keys, separated by commas, that are still honoured after a rotation.",
    example="old-key",
    local="",
    deployed="",
    secret=True,
)
ALLOWED_HOSTS = _variable(
    name="CLOISTER_ALLOWED_HOSTS",
    purpose="Host names, separated by commas, under which the API is called.",
    example="abc123-vpce0123.execute-api.ap-northeast-1.amazonaws.com",
    local="localhost,127.0.0.1,[::1]",
)
SPA_ORIGINS = _variable(
    name="CLOISTER_SPA_ORIGINS",
    purpose="Origins, separated by commas, of pages that may call the API from another host.",
    example="https://site.bucket.vpce-0123.s3.ap-northeast-1.vpce.amazonaws.com",
    local="",
    deployed="",
)
TIME_ZONE = _variable(
    name="CLOISTER_TIME_ZONE",
    purpose="The company's time zone: fiscal years, validity and the working day follow it.",
    example="Asia/Tokyo",
    local="Asia/Tokyo",
    deployed="Asia/Tokyo",
)
FISCAL_YEAR_START_MONTH = _variable(
    name="CLOISTER_FISCAL_YEAR_START_MONTH",
    purpose="Month (1 to 12) in which the company's fiscal year begins.",
    example="4",
    local="4",
    deployed="4",
)
DATABASE_HOST = _variable(
    name="CLOISTER_DATABASE_HOST",
    purpose="PostgreSQL's host; without it a local process uses SQLite in .local/.",
    example="db.abc.ap-northeast-1.rds.amazonaws.com",
    local="",
)
DATABASE_PORT = _variable(
    name="CLOISTER_DATABASE_PORT", purpose="PostgreSQL's port.", example="5432", local="5432", deployed="5432"
)
DATABASE_NAME = _variable(
    name="CLOISTER_DATABASE_NAME",
    purpose="Name of the database.",
    example="cloister",
    local="cloister",
    deployed="cloister",
)
DATABASE_USER = _variable(
    name="CLOISTER_DATABASE_USER", purpose="PostgreSQL role that signs in.", example="app", local="cloister"
)
DATABASE_PASSWORD = _variable(
    name="CLOISTER_DATABASE_PASSWORD",
    purpose="Password of that role.",
    example="(a random password)",
    local="",
    secret=True,
)
DATABASE_ROOT_CERTIFICATE = _variable(
    name="CLOISTER_DATABASE_ROOT_CERTIFICATE",
    purpose="File with the CA certificates that PostgreSQL's certificate is verified against (sslmode verify-full).",
    example="/var/task/rds-ca.pem",
    local="",
)
SQLITE_FILE = _variable(
    name="CLOISTER_SQLITE_FILE",
    purpose="File of the local SQLite database, used where no PostgreSQL host is set.",
    example="/tmp/cloister.sqlite3",  # noqa: S108  an example in a document, never opened
    local="",
    deployed="",
)


def is_local() -> bool:
    """Say whether this process runs with a developer's defaults."""
    return read(STAGE) == "local"


def read(variable: Variable) -> str:
    """Return the variable's value, or the default of the place this runs in; an empty value counts as not set.

    Raises `MissingVariable` when the place has no default for it.
    """
    if value := os.environ.get(variable.name):
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
