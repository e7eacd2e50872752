"""`python -m deploy down STAGE`: take a whole stage down, Zappa's part and then the stacks; data stays unless told."""

import argparse
from typing import TYPE_CHECKING

from deploy import stacks
from deploy.aws import Account
from deploy.failure import Failure
from deploy.rollback import REFUSED
from deploy.words import Words

if TYPE_CHECKING:
    from deploy.up.deployment import Deployment

UNDEPLOYING = Words("zappa undeploy {name}", "zappa undeploy {name}")
FAILED = Words(
    "zappa undeploy {name} failed; its own words are above. When the cause is mended, run this again.",
    "zappa undeploy {name} が失敗しました（詳細は上の出力）。原因を解消してから、再度実行してください。",
)
COPIES = Words(
    "Databases that a restore has left stand in this network, which cannot go before them: {copies}. Remove each, with "
    "a last snapshot where you may want it: {removal}. Then: python -m deploy down {name}",
    "復元で残ったデータベースがあるため、ネットワークを削除できません: {copies}。一つずつ削除してください（必要なら"
    "最後のスナップショットを残します）: {removal}。その後 python -m deploy down {name}",
)
LOGS_STAY = Words(
    "The log group {group} stays for its days of retention.", "ロググループ {group} は保持期限まで残ります。"
)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("down", help="take a whole stage down, keeping data", description=__doc__)
    parser.add_argument("stage", metavar="STAGE")
    parser.add_argument("--delete-data", metavar="WORDS", default="", help=f'also: "{stacks.DELETE_PHRASE}"')
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Ask once, then take everything down; run again, it goes on where it was broken off."""
    from deploy import stage_file
    from deploy.up.verb import aws_may_refuse, deployment

    stage = stage_file.read(arguments.stage)
    known = deployment(stage, Account(stage), yes=arguments.yes)
    aws_may_refuse(stage, lambda: take_down(known, delete_data=arguments.delete_data))
    return 0


def _refuse_copies(known: "Deployment") -> None:
    """Refuse while databases that a restore has left lie in the network and hold on to it."""
    from deploy.restore.verb import databases

    held = databases(known)
    left = [name for part in ("before", "new", "check") for name in held.begin_with(f"{known.stage.prefix}-{part}-")]
    if left:
        removal = held.removal(left[0])
        raise Failure(COPIES.say(known.language, name=known.stage.name, copies=", ".join(left), removal=removal))


def take_down(known: "Deployment", *, delete_data: str = "") -> None:
    """Take Zappa's function and API down, or what containers still run, then the stacks."""
    from deploy import lookups
    from deploy.up import web
    from deploy.zappa import entry

    known.stacks.check_down(delete_data)
    _refuse_copies(known)
    if not known.stacks.agreed_to_go_down(delete_data):
        raise Failure(REFUSED.plain(known.language))
    name, prefix = known.stage.name, known.stage.prefix
    if lookups.function_stands(known.stage, known.account):
        known.tell(UNDEPLOYING, name=name)
        keys = {
            **entry.written(known.stage),
            "project_name": known.stage.text("names.prefix"),
            "aws_region": known.stage.region,
            "apigateway_enabled": known.stage.has_api,
        }
        if web.zappa(known, "undeploy", "--yes", settings=keys):
            raise Failure(FAILED.say(known.language, name=name))
    known.stacks.runner.delete(prefix)  # Zappa's own stack, where an undeployment was broken off
    if known.stage.in_containers and "ClusterName" in known.outputs:
        from deploy.container.tasks import ContainerTasks

        ContainerTasks(known.stage, known.account, known.pause).stop_all()
    known.stacks.remove_all(delete_data=delete_data)
    if known.stage.in_containers:
        return  # their log groups went with the stack
    known.tell(LOGS_STAY, group=f"/aws/lambda/{prefix}")
