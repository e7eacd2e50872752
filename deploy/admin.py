"""`python -m deploy admin STAGE`: a one-time link by which the first administrator comes in, shown once."""

import argparse
import json
from datetime import datetime
from typing import Any

from deploy.aws import Account
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.words import Language, Words, language

LINK = Words(
    "The first administrator opens this link inside the company's network, once, by {until}, and chooses a password. "
    "User name: {username}\n{link}\nIt is shown only now. Whoever has it becomes administrator: hand it over in person "
    "or by a channel that others do not read.",
    "最初の管理者は、社内ネットワークから {until} までに、次のリンクを一度だけ開いてパスワードを決めてください。"
    "ユーザー名: {username}\n{link}\nリンクが表示されるのは今回だけです。知っている人は誰でも管理者になれるため、"
    "他の人の目に触れない方法で渡してください。",
)
EXISTS = Words(
    "{name} has an administrator who can sign in, and invites others from the page. For another link: "
    "python -m deploy admin {name} --again",
    "{name} にはサインインできる管理者がいます。ほかの人は画面から招待できます。リンクをもう一度作るには: "
    "python -m deploy admin {name} --again",
)
NOT_UNDERSTOOD = Words(
    "The tasks function answered something else than a link; it may run another version. "
    "First: python -m deploy up {name}",
    "タスク関数からリンク以外の応答がありました。版が異なる可能性があります。"
    "先に python -m deploy up {name} を実行してください。",
)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("admin", help="a one-time link for the first administrator", description=__doc__)
    parser.add_argument("stage", metavar="STAGE")
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--person", metavar="NUMBER", help="employee number of somebody who is in the organisation")
    who.add_argument("--username", help="user name of a new account (without both: administrator)")
    parser.add_argument("--name", metavar="NAME", help='of a new account, family name first: "田中 花子"')
    parser.add_argument("--again", action="store_true", help="although an administrator can sign in already")
    parser.add_argument("--site", metavar="URL", help="address of the page, where it is another than the stage's own")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Show the link; 0 also where there is an administrator already."""
    from deploy import stage_file

    stage = stage_file.read(arguments.stage)
    account = Account(stage)
    print(
        invite(
            stage,
            account,
            site=arguments.site or site_address(stage, account),
            person=arguments.person,
            username=arguments.username,
            name=arguments.name,
            again=arguments.again,
            speak=language(),
        )
    )
    return 0


def site_address(stage: Stage, account: Account) -> str:
    """Return where people open the page."""
    from deploy.site.verb import addresses

    return addresses(stage, account)["page"]


def invite(
    stage: Stage,
    account: Account,
    *,
    site: str,
    speak: Language,
    person: str | None = None,
    username: str | None = None,
    name: str | None = None,
    again: bool = False,
) -> str:
    """Have the tasks function make a link and return what the deployer reads; safe to repeat.

    Without `person` (an employee number) and `username` the account is called `administrator`.

    Raises:
        Failure: when the function is not there, or refuses with a reason.

    """
    from deploy import tasks_function

    given = {"--person": person, "--username": username, "--name": name}
    words = [word for option, value in given.items() if value for word in (option, value)]
    output = tasks_function.of_stage(stage, account).manage(
        "invite_administrator", "--json", "--language", speak, "--site", site, *words, *(["--again"] if again else [])
    )
    told = _understood(output, stage)
    if told["link"] is None:
        return EXISTS.say(speak, name=stage.name)
    until = f"{datetime.fromisoformat(told['expires_at']):%Y-%m-%d %H:%M %Z}"
    return LINK.say(speak, until=until, username=told["username"], link=told["link"])


def _understood(output: str, stage: Stage) -> dict[str, Any]:
    try:
        told = json.loads(output.splitlines()[-1])
        if told["link"] is None or (told["expires_at"] and told["username"]):
            return dict(told)
    except (ValueError, LookupError, TypeError):
        pass  # its words may hold a token, and are not shown
    raise Failure(NOT_UNDERSTOOD.say(language(), name=stage.name))
