"""The database's two roles, made by the tasks function from the master's secret, which is renewed afterwards.

The call is never logged and never retried by itself; repeated, it sets the same passwords again. The master signs in
from nowhere else, so that its password is worth nothing once this is done.
"""

from deploy import tasks_function
from deploy.master import Master
from deploy.shelf import APP, OWNER
from deploy.up import tasks
from deploy.up.deployment import Deployment
from deploy.words import Words

DONE = Words(
    "The roles owner and app are made; the master's password was renewed.",
    "ロール owner と app を作り、マスターのパスワードを更新しました。",
)
THERE = Words("The roles are made already.", "ロールは作成済みです。")
WOULD = Words(
    "The roles owner and app would be made, and the master's password renewed.",
    "ロール owner と app を作り、マスターのパスワードを更新する予定です。",
)


def run(deployment: Deployment, *, plan: bool = False) -> bool:
    """Make the roles once for each database and each set of their passwords; answer whether that was needed."""
    wanted = _wanted(deployment)
    if wanted and deployment.journal.read("bootstrap") == wanted:
        deployment.tell(THERE)
        return False
    if plan:
        deployment.tell(WOULD)
        return True
    tasks.stand(deployment)
    master = Master(deployment.stage, deployment.account, deployment.language, deployment.say, deployment.pause)
    given = master.sign_in(deployment.output("MasterSecretArn", "data"))
    held = tasks.shelf(deployment).read()
    token = tasks.by_token(deployment)
    tasks_function.of_stage(deployment.stage, deployment.account).call(
        {
            "bootstrap": {
                "master": given,
                "owner": "" if token else held[OWNER],
                "app": "" if token else held[APP],
            }
        }
    )
    master.renew()
    deployment.journal.write("bootstrap", wanted)
    deployment.tell(DONE)
    return True


def _wanted(deployment: Deployment) -> dict[str, str]:
    """Name the database, the function whose passwords its roles have, and how they sign in; empty until both stand.

    `secrets`: another place may keep passwords of another day.
    """
    outputs = deployment.outputs
    function = deployment.stacks.runner.describe(deployment.stacks.name(tasks.noun(deployment)))
    if "DatabaseResourceId" not in outputs or not function:
        return {}
    return {
        "database": outputs["DatabaseResourceId"],
        "tasks": function["StackId"],
        "sign_in": "token" if tasks.by_token(deployment) else "password",
        "secrets": deployment.stage.text("secrets"),
    }
