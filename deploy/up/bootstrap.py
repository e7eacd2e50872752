"""The database's two roles, made by the tasks function from the master's secret, which is renewed afterwards.

The call is never logged and never retried by itself; repeated, it sets the same passwords again. The master signs in
from nowhere else, so that its password is worth nothing once this is done.
"""

import json
from typing import Any

from deploy.failure import Failure
from deploy.tasks_function import TasksFunction
from deploy.up import keeping, tasks
from deploy.up.deployment import Deployment
from deploy.words import Words

DONE = Words("The roles owner and app are made; the master's password was renewed.",
             "ロール owner と app を作り、マスターのパスワードを更新しました。")  # fmt: skip
THERE = Words("The roles are made already.", "ロールは作成済みです。")
WOULD = Words(
    "The roles owner and app would be made, and the master's password renewed.",
    "ロール owner と app を作り、マスターのパスワードを更新する予定です。",
)
WAITS = Words(
    "The master's password is being renewed ({status}); waiting ...",
    "マスターのパスワードを更新中です（{status}）。待機しています...",
)
NOT_ACTIVE = Words(
    "The master's secret {secret} stays {status}. Renew it in the RDS console (Manage in Secrets Manager), then run "
    "this again.",
    "マスターのシークレット {secret} が {status} のままです。RDS コンソールで更新してから、再度実行してください。",
)
TRIES, SECONDS = 60, 5.0


def run(deployment: Deployment, *, plan: bool = False) -> bool:
    """Make the roles once for each database and each set of their passwords; answer whether that was needed."""
    wanted = _wanted(deployment)
    if wanted and deployment.journal.read("bootstrap") == wanted:
        deployment.tell(THERE)
        return False
    if plan:
        deployment.tell(WOULD)
        return True
    deployment.output("TasksFunction", "tasks")
    _settled(deployment)
    secret = deployment.output("MasterSecretArn", "data")
    text = deployment.account.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
    master: dict[str, Any] = json.loads(text)
    held = keeping.kept(deployment.stage, deployment.account)
    token = tasks.by_token(deployment)
    TasksFunction(deployment.stage, deployment.account).call(
        {
            "bootstrap": {
                "master": {"user": master["username"], "password": master["password"]},
                "owner": "" if token else held[keeping.OWNER],
                "app": "" if token else held[keeping.APP],
            }
        }
    )
    _renew(deployment)
    deployment.journal.write("bootstrap", wanted)
    deployment.tell(DONE)
    return True


def _wanted(deployment: Deployment) -> dict[str, str]:
    """Name the database and the function whose passwords its roles must have; empty until both stand."""
    outputs = deployment.outputs
    function = deployment.stacks.runner.describe(deployment.stacks.name("tasks"))
    if "DatabaseResourceId" not in outputs or not function:
        return {}
    return {"database": outputs["DatabaseResourceId"], "tasks": function["StackId"]}


def database(deployment: Deployment) -> dict[str, Any]:
    """Describe the stage's database."""
    rds, name = deployment.account.client("rds"), deployment.stage.prefix
    if deployment.stage.text("database.kind") == "aurora":
        return dict(rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0])
    return dict(rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0])


def _settled(deployment: Deployment) -> None:
    """Wait until the master's secret is the one that the database takes."""
    status = ""
    for _ in range(TRIES):
        secret = database(deployment).get("MasterUserSecret", {})
        status = secret.get("SecretStatus", "active")
        if status == "active":
            return
        deployment.tell(WAITS, status=status)
        deployment.pause(SECONDS)
    secret = deployment.output("MasterSecretArn", "data")
    raise Failure(NOT_ACTIVE.say(deployment.language, secret=secret, status=status))


def _renew(deployment: Deployment) -> None:
    """Have RDS renew the master's password (Amazon RDS User Guide, "Rotating the master user password secret")."""
    rds, name = deployment.account.client("rds"), deployment.stage.prefix
    renewal = {"RotateMasterUserPassword": True, "ApplyImmediately": True}
    if deployment.stage.text("database.kind") == "aurora":
        rds.modify_db_cluster(DBClusterIdentifier=name, **renewal)
    else:
        rds.modify_db_instance(DBInstanceIdentifier=name, **renewal)
