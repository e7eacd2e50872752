"""The one file that names this application to everything else.

`project/` (settings, URLs, the Lambda edge) reads it by import, `deploy/` reads the JSON made from it.
To put another application into the same network, replace `api/` and `spa/` and rewrite this file; nothing
outside it names approvals. It must import without Django, so that a build host can read it.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Request:
    """One HTTP request that this application answers, and the status it answers with.

    `path` is relative to the API's base and starts with a slash. `status` is what a caller without a valid token
    gets, also with the `headers`.
    """

    method: str
    path: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Application:
    """What runs, and what may be asked of it from outside HTTP."""

    name: str
    apps: tuple[str, ...]
    user_model: str
    urls: str
    exception_handler: str
    management_commands: tuple[str, ...]
    """Commands that an invoke event may run; every other one is refused."""
    timers: dict[str, str]
    """Timer name -> dotted path of a function of no arguments, run by a schedule."""
    warm_up: Request
    acceptance: tuple[Request, ...]


APPLICATION = Application(
    name="approvals",
    apps=("api.organization", "api.proposals", "api"),
    user_model="organization.Person",
    urls="api.rest.urls",
    exception_handler="api.rest.errors.problem_response",
    management_commands=("migrate", "check", "showmigrations", "import_organization"),
    timers={},
    warm_up=Request(method="GET", path="/api/me", status=401),
    acceptance=(
        Request(method="GET", path="/api/me", status=401),
        Request(method="GET", path="/api/inbox", status=401),
    ),
)
