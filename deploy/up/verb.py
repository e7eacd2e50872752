"""`python -m deploy up STAGE`: from a stage file to a URL inside the closed network; run again after anything.

Its steps are verbs too: doctor, stacks, artefact, tasks, bootstrap, migrate, web, door, site, verify.
"""

import argparse
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from deploy.aws import Account
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.words import Words, language

if TYPE_CHECKING:
    from deploy.up.deployment import Deployment
    from deploy.up.steps import Run

HELP = {
    "artefact": "build the artefact and send it to its bucket",
    "tasks": "bring the tasks function, or the containers' tasks, to the artefact",
    "bootstrap": "make the database's roles",
    "migrate": "migrate the database through the tasks function or a task",
    "web": "zappa deploy or update, or new web containers, when it is needed",
    "door": "narrow the endpoint to the stage's API, or tell the load balancer what to call",
}
REFUTED = 1
"""What `verify` answers, and then `up`, when something is otherwise than it should be."""

NOTHING = Words("Nothing was changed: {name} is as it should be.", "変更はありません。{name} は最新の状態です。")
PLANNED = Words(
    "Nothing was changed. To do it: python -m deploy up {name}",
    "何も変更していません。実行するには: python -m deploy up {name}",
)
ADDRESSES = Words("The page: {page}\nThe API:  {api}", "画面: {page}\nAPI:  {api}")
NAME = Words(
    "The company's DNS must lead {host} to the load balancer, by a CNAME or an alias: {balancer}",
    "社内 DNS で {host} をロードバランサーに向けてください（CNAME またはエイリアス）: {balancer}",
)
ADMIN = Words(
    "The first administrator's link, where nobody has signed in yet: python -m deploy admin {name}",
    "最初の管理者のリンク（まだ誰もサインインしていない場合）: python -m deploy admin {name}",
)
NOT_PROVED = Words(
    "Not proved yet: that users reach these addresses and nobody else does. From a desk or host in the corporate "
    "network: python -m deploy verify {name}",
    "未確認: 利用者だけがこのアドレスに届くこと。社内ネットワークの端末から: python -m deploy verify {name}",
)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the parsers of `up` and of its own steps."""
    parser = subparsers.add_parser("up", help="bring a whole stage up, or up to date", description=__doc__)
    _common(parser)
    parser.add_argument("--empty-database", action="store_true", help="do not restore the last snapshot")
    parser.add_argument("--no-verify", action="store_true", help="do not look at the stage at the end")
    parser.set_defaults(run=run)
    for name, help_text in HELP.items():
        step = subparsers.add_parser(name, help=help_text, description=f"The step of `up`: {help_text}.")
        _common(step)
        step.set_defaults(run=partial(run_step, name))


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("stage", metavar="STAGE")
    parser.add_argument("--plan", action="store_true", help="show what would be done, change nothing")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(arguments: argparse.Namespace) -> int:
    """Run every step, then tell the addresses and what is left to do; 1 when the verification refutes something."""
    from deploy.up import steps

    begun = _begin(arguments)
    begun.empty_database, begun.verify = arguments.empty_database, not arguments.no_verify
    _not_restoring(begun)
    aws_may_refuse(begun.deployment.stage, lambda: steps.go(begun))
    aws_may_refuse(begun.deployment.stage, lambda: _tell_end(begun))
    return REFUTED if begun.verified == REFUTED else 0


def run_step(name: str, arguments: argparse.Namespace) -> int:
    """Run one step by itself."""
    from deploy.up import steps

    begun = _begin(arguments)
    _not_restoring(begun)
    aws_may_refuse(begun.deployment.stage, lambda: steps.STEPS[name].work(begun))
    return 0


def deployment(stage: Stage, account: Account, *, yes: bool = False) -> "Deployment":
    """Return a stage to work on; its questions are asked at the terminal, or answered by `--yes`."""
    from deploy.stacks import Stacks, asker
    from deploy.up.deployment import Deployment

    say = partial(print, flush=True)
    return Deployment(
        stage, account, language(), say, Stacks(stage, account, language(), say, asker(yes=yes)), time.sleep
    )


def aws_may_refuse(stage: Stage, work: Callable[[], None]) -> None:
    """Do it; what AWS refuses becomes a sentence with the way on."""
    from botocore.exceptions import BotoCoreError, ClientError

    from deploy.stacks import AWS_REFUSED

    try:
        work()
    except (BotoCoreError, ClientError) as error:
        raise Failure(AWS_REFUSED.say(language(), error=error, name=stage.name)) from error


def _not_restoring(begun: "Run") -> None:
    if not begun.plan:
        aws_may_refuse(begun.deployment.stage, begun.deployment.refuse_while_restoring)


def _tell_end(begun: "Run") -> None:
    """Tell the addresses, the first administrator's link, and what remains to be proved."""
    known = begun.deployment
    name, say = known.stage.name, known.say
    if begun.plan:
        say(PLANNED.say(known.language, name=name))
        return
    if not begun.zappa_ran and not known.account.changes:
        say(NOTHING.say(known.language, name=name))
    from deploy.site import verb as site

    addresses = site.addresses(known.stage, known.account)
    say(ADDRESSES.say(known.language, page=addresses["page"], api=addresses["api"] or f"{addresses['page']}api/"))
    if balancer := known.outputs.get("BalancerAddress"):
        say(NAME.say(known.language, host=known.stage.text("balancer.host"), balancer=balancer))
    if begun.first_release:
        from deploy import admin

        page = addresses["page"]
        say(admin.invite(known.stage, known.account, site=page, speak=known.language))
    else:
        say(ADMIN.say(known.language, name=name))
    say(NOT_PROVED.say(known.language, name=name))


def _begin(arguments: argparse.Namespace) -> "Run":
    from deploy import stage_file
    from deploy.up.steps import Run

    stage = stage_file.read(arguments.stage)
    account = Account(stage)
    return Run(deployment(stage, account, yes=arguments.yes), plan=arguments.plan)
