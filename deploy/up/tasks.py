"""The tasks function: the same artefact, with its time and its rights for migrations, before the web function."""

from deploy import blueprint
from deploy.artefact import build
from deploy.shelf import Shelf, of_stage
from deploy.up import mail
from deploy.up.deployment import Deployment
from deploy.words import Words
from deploy.zappa.artefact import key

WOULD = Words("It would run {key}.", "{key} を実行するようになります。")
RUNS = Words("It runs {key}.", "{key} を実行しています。")


def by_token(deployment: Deployment) -> bool:
    """Say whether database roles sign in by IAM token."""
    return blueprint.parameters(deployment.stage)["DatabaseTokens"] == "true"


def run(deployment: Deployment, built: build.Artefact, *, plan: bool = False) -> None:
    """Bring its stack to this artefact; its secrets are made at the first time and stay as they are."""
    name = key(deployment.stage.prefix, built.sha256)
    stack = deployment.stacks.name("tasks")
    described = deployment.stacks.runner.describe(stack)
    runs = {entry["ParameterKey"]: entry["ParameterValue"] for entry in described.get("Parameters", [])}
    if plan:
        deployment.tell(RUNS if runs.get("ArtefactKey") == name else WOULD, key=name)
        return
    deployment.output("ArtefactsBucketName", "artefacts")
    values = {"ArtefactKey": name, "ArtefactArchitecture": built.architecture}
    deployment.stacks.runner.settle(stack)
    known = shelf(deployment)
    secrets = known.complete(by_token=by_token(deployment), unknown=lambda: deployment.journal.write("bootstrap", {}))
    deployment.up("tasks", {**values, **known.parameters(secrets), **mail.parameters(deployment)})


def shelf(deployment: Deployment) -> Shelf:
    """Return where the stage's own secrets are kept."""
    return of_stage(deployment.stage, deployment.account, deployment.stacks.runner)


def noun(deployment: Deployment) -> str:
    """Name the stack of what runs commands: the tasks function, or the containers' tasks."""
    return "fargate" if deployment.stage.in_containers else "tasks"


def stand(deployment: Deployment) -> None:
    """Raise `Failure` while nothing is there to run commands."""
    deployment.output("TasksDefinitionArn" if deployment.stage.in_containers else "TasksFunction", noun(deployment))
