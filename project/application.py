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
class Step:
    """One request that a short-lived account makes while a stage is verified; `{name}` is filled with what was kept.

    Kept from the beginning: `username` and `password`, and `size` (bytes) and `sha256` (hex) of a small PDF.
    """

    method: str
    path: str
    """Relative to the API's base with a slash first, or an address that was kept."""
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, object] = field(default_factory=dict)
    form: str = ""
    """Name of kept fields to send with the PDF (as `file`) by multipart/form-data, in place of a body."""
    keep: dict[str, str] = field(default_factory=dict)
    """Name -> where in the JSON answer its value lies, such as `person.posts.0.id`."""
    expect: dict[str, object] = field(default_factory=dict)
    """Place in the JSON answer -> what must lie there."""
    same_bytes: bool = False
    """Whether the answer must be the PDF that was sent."""


@dataclass(frozen=True, kw_only=True)
class Leg:
    """Steps that prove one thing together."""

    name: str
    proves: dict[str, str]
    """Language -> the sentence."""
    steps: tuple[Step, ...]
    files: bool = False
    """Whether it makes sense only where the stage keeps files."""


@dataclass(frozen=True, kw_only=True)
class Application:
    """What runs, and what may be asked of it from outside HTTP."""

    name: str
    apps: tuple[str, ...]
    user_model: str
    urls: str
    local_urls: str
    """Addresses in place of systems that a developer's machine does not have; empty for none. No stage has them."""
    relay_urls: str
    """Addresses by which files pass through the application, where the stage lets them (CLOISTER_ATTACHMENTS_BY); empty
    for none."""
    authentication: str
    """Dotted path of the authentication class of every view that names none."""
    exception_handler: str
    """Dotted path of Django REST framework's exception handler."""
    not_found: str
    server_error: str
    """Dotted paths of the views that answer what no URL matches, and what nobody foresaw."""
    management_commands: tuple[str, ...]
    """Commands that an invoke event may run; every other one is refused."""
    after_migrate: tuple[str, ...]
    """Commands without arguments that a release runs after its migrations, each harmless when repeated: what the code
    brings with it that lies in the database."""
    private_commands: tuple[str, ...]
    """Those of them whose words name people or hold keys: they go to whoever asked, and into no log."""
    checks: tuple[str, ...]
    """Those of them that only read, and may be run on a copy of the database."""
    timers: dict[str, str]
    """Timer name -> dotted path of a function of no arguments, run by a schedule."""
    demo: tuple[str, ...]
    """Command that fills an empty database on a developer's machine, and says how to sign in."""
    documents: dict[str, str]
    """File made from this application's code -> dotted path of a function of no arguments returning its text."""
    trace: str
    """Dotted path of a context manager of one id, inside which the application records that id; empty for none."""
    warm_up: Request
    secrets: str
    """Dotted path of a function (source, region=, names=) that reads secrets at start, by name."""
    database_sign_in: str
    """Dotted path of a function (host, port, user, region) that makes what a database role signs in with by token."""
    grants: str
    """Dotted path of a function of a database role's name that gives it its rights, run after each migration by the
    owner of the tables; empty for none."""
    read_ahead: str
    """Dotted path of a function of no arguments that asks the database, for nobody, what a first caller will ask."""
    acceptance: tuple[Request, ...]
    account: str
    """Management command that makes and removes the account that a verification signs in by: `NAME open USER HASH`
    (a password hash as Django writes it), `NAME close USER`, each harmless when repeated; empty for none."""
    journey: tuple[Leg, ...]
    """What that account does. The last leg ends what the others began, and is made even after a failure."""


_TOKEN = {"Authorization": "Bearer {token}"}
APPLICATION = Application(
    name="approvals",
    apps=("api.organization", "api.proposals", "api"),
    user_model="organization.Person",
    urls="api.rest.urls",
    local_urls="api.integrations.storage.local_urls",
    relay_urls="api.integrations.storage.relayed_urls",
    authentication="api.rest.authentication.BearerAuthentication",
    exception_handler="api.rest.errors.problem_response",
    not_found="api.rest.errors.not_found",
    server_error="api.rest.errors.server_error",
    management_commands=(
        "migrate",
        "check",
        "showmigrations",
        "publish_proposal_types",
        "import_organization",
        "verify_audit",
        "verify_attachments",
        "settle_restore",
        "purge",
        "anonymize_person",
        "invite_administrator",
        "verification_account",
    ),
    after_migrate=("publish_proposal_types",),
    private_commands=("import_organization", "anonymize_person", "invite_administrator"),
    checks=("verify_audit", "verify_attachments"),
    timers={"tick": "api.timers.tick"},
    demo=("seed_company", "--demo"),
    documents={
        "openapi.yaml": "api.management.openapi.text",
        "docs/states.md": "api.proposals.states.describe",
        "docs/permissions.md": "api.rest.access.describe",
        "docs/data.md": "api.personal_data.describe",
    },
    trace="api.tracing.following",
    # A token that nobody has: the request goes as far as the look-up in the database.
    warm_up=Request(method="GET", path="/api/me", status=401, headers={"Authorization": "Bearer warm-up"}),
    secrets="api.integrations.aws.secrets.fetch",
    database_sign_in="api.integrations.aws.database.token",
    grants="api.proposals.database_role.grant_to",
    read_ahead="api.rest.inbox.read_ahead",
    acceptance=(
        Request(method="GET", path="/health", status=200),
        Request(method="GET", path="/api/me", status=401),
        Request(method="GET", path="/api/inbox", status=401),
    ),
    account="verification_account",
    journey=(
        Leg(
            name="sign-in",
            proves={
                "en": "A person signs in, and the API knows them by their token",
                "ja": "サインインでき、API がトークンから本人を認識する",
            },
            steps=(
                Step(
                    method="POST",
                    path="/api/session",
                    status=201,
                    body={"username": "{username}", "password": "{password}"},
                    keep={"token": "token", "post": "person.posts.0.id"},
                ),
                Step(method="GET", path="/api/me", status=200, headers=_TOKEN),
            ),
        ),
        Leg(
            name="upload",
            proves={
                "en": "A file goes from here into the bucket through the endpoint, and the server finds it whole",
                "ja": "添付ファイルがエンドポイント経由でバケットに届き、サーバーが内容を確認できる",
            },
            files=True,
            steps=(
                Step(
                    method="GET",
                    path="/api/proposal-types",
                    status=200,
                    headers=_TOKEN,
                    keep={"type": "results.0.code"},
                ),
                Step(
                    method="POST",
                    path="/api/proposals",
                    status=201,
                    headers=_TOKEN,
                    body={"type": "{type}", "post": "{post}", "title": "verify"},
                    keep={"proposal": "id"},
                ),
                Step(
                    method="POST",
                    path="/api/proposals/{proposal}/attachments",
                    status=201,
                    headers=_TOKEN,
                    body={"name": "verify.pdf", "size": "{size}", "sha256": "{sha256}"},
                    keep={"attachment": "attachment.id", "address": "upload.url", "fields": "upload.fields"},
                ),
                Step(method="POST", path="{address}", status=204, form="fields"),
                Step(
                    method="POST",
                    path="/api/attachments/{attachment}/confirm",
                    status=200,
                    headers=_TOKEN,
                    expect={"state": "available"},
                ),
            ),
        ),
        Leg(
            name="download",
            proves={
                "en": "The same file comes back from the bucket through the endpoint, byte for byte",
                "ja": "同じファイルをエンドポイント経由で、1 バイトも違わずダウンロードできる",
            },
            files=True,
            steps=(
                Step(
                    method="GET",
                    path="/api/attachments/{attachment}/download",
                    status=200,
                    headers=_TOKEN,
                    keep={"address": "url"},
                ),
                Step(method="GET", path="{address}", status=200, same_bytes=True),
            ),
        ),
        Leg(
            name="sign-out",
            proves={
                "en": "After signing out the token opens nothing",
                "ja": "サインアウト後は同じトークンでは何もできない",
            },
            steps=(
                Step(method="DELETE", path="/api/session", status=204, headers=_TOKEN),
                Step(method="GET", path="/api/me", status=401, headers=_TOKEN),
            ),
        ),
    ),
)
