"""`python -m deploy verify STAGE`: look at a stage from here, or write a file that looks from anywhere.

Exit code: 0 everything that can be seen from here is proved, 1 something is refuted, 2 something could not be run.
"""

import argparse
import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deploy.aws import Account
from deploy.failure import Failure, write
from deploy.verify.runner.command import PASSWORD, USER, add_options, carry_out, credentials
from deploy.verify.runner.report import NOT_RUN
from deploy.words import Words, language

if TYPE_CHECKING:
    from deploy.verify.account import Accounts

WRITTEN = Words("Written: {path} ({size:,} bytes). {how}", "{path} を書きました（{size:,} バイト）。{how}")
HOW_PYTHON = Words("Run it with Python 3.9 or later: python {name}", "実行: python {name}（Python 3.9 以降）")
HOW_POWERSHELL = Words(
    "Run it with Windows PowerShell 5.1: powershell -ExecutionPolicy Bypass -File {name}. Nobody has run this form "
    "yet.",
    "実行: powershell -ExecutionPolicy Bypass -File {name}（Windows PowerShell 5.1）。この形式はまだ実機で未検証です。",
)
ACCOUNT = Words(
    "An account for one hour; nobody can see its password again. On the host that looks:",
    "1 時間有効なアカウントです。パスワードは再表示できません。確認するホストで次を設定してください。",
)
AFTERWARDS = Words(
    "Afterwards: python -m deploy verify {stage} --remove-account {name}",
    "確認後: python -m deploy verify {stage} --remove-account {name}",
)
NOT_TOLD = Words(
    "AWS did not say where the stage stands ({error}). Whoever may read its stacks and buckets writes a file "
    "that needs no credentials: python -m deploy verify STAGE --write check.py",
    "ステージの場所を AWS から取得できませんでした（{error}）。スタックとバケットを読める人が、認証情報の要らない"
    "ファイルを作成できます: python -m deploy verify STAGE --write check.py",
)
REMOVED = Words("{name} is removed.", "{name} を削除しました。")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("verify", help="look at a stage from inside the network", description=__doc__)
    parser.add_argument("stage", metavar="STAGE")
    add_options(parser)
    parser.add_argument("--manifest", metavar="FILE", type=Path, help="what was released, instead of the last record")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--write", metavar="FILE", type=Path, help="FILE.py, FILE.ps1 or FILE.json: write, do not look"
    )
    instead.add_argument("--account", action="store_true", help="make an account for such a file, for an hour")
    instead.add_argument("--remove-account", metavar="NAME", help="remove it, with all that it made")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Look, or do what was asked instead; 2 where it could not begin."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return _run(arguments)
    except (BotoCoreError, ClientError) as error:
        print(NOT_TOLD.say(language(), error=error), file=sys.stderr)
        return NOT_RUN
    except Failure as failure:
        print(failure, file=sys.stderr)
        return NOT_RUN


def _run(arguments: argparse.Namespace) -> int:
    from deploy import stage_file
    from deploy.verify import plan
    from deploy.verify.account import Accounts

    stage = stage_file.read(arguments.stage)
    account = Account(stage)
    accounts = Accounts(stage, account)
    if arguments.account:
        return _hand_out(accounts)
    if arguments.remove_account:
        accounts.close(arguments.remove_account)
        print(REMOVED.say(language(), name=arguments.remove_account))
        return 0
    place = plan.find(stage, account, arguments.manifest)
    document = plan.document(place, made=dt.datetime.now(dt.UTC))
    if arguments.write:
        return _write(arguments.write, document)
    return look(document, arguments, accounts)


def look(document: dict[str, Any], arguments: argparse.Namespace, accounts: "Accounts") -> int:
    """Look by an account that is removed afterwards, or by the one that was given; return the exit code.

    Where none can be made the rest is looked at all the same.
    """
    given = credentials(arguments)
    if given or arguments.no_sign_in or arguments.credentials_from_stdin or arguments.vantage != "corporate":
        return carry_out(document, arguments, given)
    try:
        signed_in = accounts.open()
    except Failure as failure:
        print(failure, file=sys.stderr)
        return carry_out(document, arguments, None)
    try:
        found = carry_out(document, arguments, signed_in)
    finally:
        removed = _remove(accounts, signed_in[0])
    return found if removed else found or NOT_RUN


def _remove(accounts: "Accounts", name: str) -> bool:
    """Remove the account, or say what becomes of it: that must not hide what was found."""
    try:
        accounts.close(name)
    except Failure as failure:
        print(failure, file=sys.stderr)
        return False
    return True


def _write(path: Path, document: dict[str, Any]) -> int:
    from deploy.verify.written import text

    content = text(document, path)
    write(path, content)
    how = {".py": HOW_PYTHON, ".ps1": HOW_POWERSHELL}.get(path.suffix)
    print(
        WRITTEN.say(
            language(), path=path, size=len(content.encode()), how=how.fill(name=path.name) if how else ""
        ).rstrip()
    )
    return 0


def _hand_out(accounts: "Accounts") -> int:
    name, password = accounts.open()
    print(ACCOUNT.plain(language()))
    print(f"  {USER}={name}\n  {PASSWORD}={password}")
    print(AFTERWARDS.say(language(), stage=accounts.stage.name, name=name))
    return 0
