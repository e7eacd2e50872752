"""Migrations, and what the application puts into its tables with a release, before the new web code serves.

The tasks function does it. It holds an advisory lock and is patient with neither locks nor statements, so that a call
that is sent again because its answer was lost waits for the first and then finds nothing to do.
"""

import re

from deploy import application, tasks_function
from deploy.artefact import build
from deploy.failure import Failure
from deploy.release import Releases
from deploy.tasks_function import CallFailed
from deploy.up.deployment import Deployment
from deploy.words import Words

NOTHING = Words("The database has this release's tables already.", "データベースはこの版の表になっています。")
WOULD = Words(
    "Migrations of this artefact would be run; what is applied already is left out.",
    "この版のマイグレーションを実行する予定です（適用済みのものは除く）。",
)
STOPPED = Words(
    "{error}\nMigrations before the failed one are kept. Users have the code of before; whatever migrates has this "
    "one already. Mend the migration, or wait until nobody holds its tables, and run this again{back}.",
    "{error}\n失敗した分より前のマイグレーションは適用済みです。利用者は以前のコードのまま使えますが、マイグレーションを実行する側は新しい"
    "コードになっています。マイグレーションを直すか、表が使われていないときに、もう一度実行してください{back}。",
)
BACK = Words(
    "; or go back: python -m deploy rollback {name} --to {number}",
    "（戻す場合: python -m deploy rollback {name} --to {number}）",
)
AGAIN = Words("The answer was lost ({error}); asking again ...", "応答が失われました（{error}）。もう一度確認します...")
TRIES = 3
Schema = dict[str, str]
"""App -> its last migration."""


def run(deployment: Deployment, built: build.Artefact, *, plan: bool = False) -> bool:
    """Migrate unless this artefact has already migrated this database; answer whether it was asked to."""
    if plan and "DatabaseResourceId" not in deployment.outputs:
        deployment.tell(WOULD)
        return True
    wanted = {"artefact": built.sha256, "database": deployment.output("DatabaseResourceId", "data")}
    noted = deployment.journal.read("migrate")
    if {key: noted.get(key) for key in wanted} == wanted:
        deployment.tell(NOTHING)
        return False
    if plan:
        deployment.tell(WOULD)
        return True
    try:
        for command in (("migrate", "--noinput"), *((name,) for name in application.read()["after_migrate"])):
            for line in _asked(deployment, *command).splitlines():
                deployment.say(f"  {line}")
    except CallFailed as error:
        raise Failure(STOPPED.say(deployment.language, error=error, back=_way_back(deployment))) from error
    deployment.journal.write("migrate", {**wanted, "schema": schema(_asked(deployment, "showmigrations"))})
    return True


def _way_back(deployment: Deployment) -> str:
    """Name the release that users still have; nothing before the first."""
    last = Releases(deployment.account.client("s3"), deployment.bucket).last()
    return BACK.say(deployment.language, name=deployment.stage.name, number=last.number) if last else ""


def known(deployment: Deployment) -> Schema:
    """Return what the database's tables were last brought to."""
    return dict(deployment.journal.read("migrate").get("schema", {}))


def _asked(deployment: Deployment, *words: str) -> str:
    """Have the function do it; ask again when the answer is lost, which is harmless for these commands."""
    from botocore.exceptions import ConnectionError as LineDropped
    from botocore.exceptions import HTTPClientError

    for left in reversed(range(TRIES)):
        try:
            return tasks_function.of_stage(deployment.stage, deployment.account).manage(*words)
        except (HTTPClientError, LineDropped) as error:
            if not left:
                raise
            deployment.tell(AGAIN, error=error)
    raise AssertionError("one of the tries returns or raises")


def schema(output: str) -> Schema:
    """Read what `showmigrations` writes: each app's name, then its migrations with [X] before those applied."""
    found: Schema = {}
    app = ""
    for line in output.splitlines():
        if re.fullmatch(r"\w+", line):
            app = line
        elif applied := re.fullmatch(r" \[X\] (\w+)(?: .*)?", line):
            found[app] = applied[1]
    return found
