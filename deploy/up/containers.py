"""Containers: their tasks, before anything is answered, and then the web containers behind the load balancer."""

from collections.abc import Mapping

from deploy import blueprint
from deploy.artefact import build
from deploy.container.images import Images
from deploy.container.shelf import ContainerShelf
from deploy.up import mail, tasks
from deploy.up.deployment import Deployment
from deploy.words import Words

WOULD = Words("They would run {image}.", "{image} を実行するようになります。")
RUN = Words("They run {image}.", "{image} を実行しています。")
NEW = Words("a new image", "新しいイメージ")
NOUN = "fargate"
SETTINGS = (
    "ContainerProcessor",
    "ContainerMemory",
    "ContainerMinimum",
    "ContainerMaximum",
    "Wakes",
    "Sleeps",
    "TimerMinutes",
)
"""Parameters that a release keeps: they go back with it."""


def image(deployment: Deployment, built: build.Artefact, *, plan: bool = False) -> str:
    """Find or make the artefact's image; return its name with its digest, empty where a plan cannot know it."""
    if not plan:
        deployment.output("ImagesUri", "artefacts")
    return Images(deployment.stage, deployment.account, deployment.say).of(built, plan=plan)


def begin(deployment: Deployment, wanted: str, *, plan: bool = False) -> None:
    """Let tasks run the image; their secrets are made at the first time and stay as they are."""
    if plan:
        _plan(deployment, "TasksImage", wanted)
        return
    deployment.output("ArtefactsBucketName", "artefacts")
    deployment.stacks.runner.settle(deployment.stacks.name(NOUN))
    known = _shelf(deployment)
    known.relay = mail.password(deployment, known.relay_kept())
    secrets = known.complete(
        by_token=tasks.by_token(deployment), unknown=lambda: deployment.journal.write("bootstrap", {})
    )
    deployment.up(NOUN, {"TasksImage": wanted, **known.parameters(secrets)})


def serve(
    deployment: Deployment, wanted: str, *, plan: bool = False, settings: Mapping[str, str] | None = None
) -> None:
    """Let web containers run the image too; ECS replaces them one by one, and goes back if they do not live."""
    if plan:
        _plan(deployment, "WebImage", wanted)
        return
    tasks.stand(deployment)
    known = _shelf(deployment)
    deployment.up(NOUN, {**(settings or {}), "TasksImage": wanted, "WebImage": wanted, **known.web_parameters()})


def _shelf(deployment: Deployment) -> ContainerShelf:
    return ContainerShelf(deployment.stage, deployment.account, deployment.stacks.runner, blueprint.template)


def settings(deployment: Deployment) -> dict[str, str]:
    """Return what a release keeps of how containers run."""
    known = blueprint.parameters(deployment.stage)
    return {name: known.get(name, "") for name in SETTINGS}


def _plan(deployment: Deployment, parameter: str, wanted: str) -> None:
    described = deployment.stacks.runner.describe(deployment.stacks.name(NOUN))
    held = {entry["ParameterKey"]: entry["ParameterValue"] for entry in described.get("Parameters", [])}
    same = wanted and held.get(parameter) == wanted
    deployment.tell(RUN if same else WOULD, image=wanted or NEW.plain(deployment.language))
