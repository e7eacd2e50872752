"""The password at the company's mail relay: told once by whoever deploys, then kept by the tasks function alone."""

import os

from deploy import lookups
from deploy.failure import Failure
from deploy.up.deployment import Deployment
from deploy.words import Words

VARIABLE = "CLOISTER_SMTP_PASSWORD"
NEEDED = Words(
    "mail.user = {user} has no password yet. For this one run: export {variable}=... (or leave mail.user empty, where "
    "the relay asks for nobody)",
    "mail.user = {user} のパスワードがまだありません。今回の実行前に export {variable}=... を設定してください"
    "（リレーが認証を求めない場合は mail.user を空にします）。",
)


def parameters(deployment: Deployment) -> dict[str, str]:
    """Return the parameter of the tasks function's stack that holds it; none where it stays as it is.

    Raises:
        Failure: a user without a password, neither in the environment nor kept.

    """
    kept = lookups.tasks_variables(deployment.stage, deployment.account).get(VARIABLE, "")
    wanted = password(deployment, kept)
    return {"MailPassword": wanted} if wanted and wanted != kept else {}


def password(deployment: Deployment, kept: str) -> str:
    """Return what is given now, or what is kept; empty where none is needed, or the company keeps it in a service.

    Raises:
        Failure: a user without a password, neither in the environment nor kept.

    """
    stage = deployment.stage
    user, given = stage.text("mail.user"), os.environ.get(VARIABLE, "")
    if not user or stage.text("secrets") != "deployer":
        return ""
    if not given and not kept:
        raise Failure(NEEDED.say(deployment.language, user=user, variable=VARIABLE))
    return given or kept
