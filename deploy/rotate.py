"""`python -m deploy rotate STAGE`: new secrets while everybody stays signed in; killed anywhere, run it again.

Three moves, each safe to repeat: both functions learn the coming secrets beside the present ones; PostgreSQL's roles
change to the coming passwords; the coming secrets take the place of the present ones. What is coming lies with the
secrets themselves, so that a run that was broken off is found and finished with the same values.
"""

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from deploy import lookups
from deploy.aws import Account
from deploy.failure import Failure
from deploy.master import Master
from deploy.rollback import REFUSED
from deploy.shelf import APP, FALLBACKS, KEY, NAMES, OWNER, Shelf, new, of_stage
from deploy.stage import Stage
from deploy.words import Language, Words, language

NOTHING_KEPT = Words(
    "{name} has no secrets of its own yet. First: python -m deploy up {name}",
    "{name} にはまだ秘密情報がありません。先に python -m deploy up {name} を実行してください。",
)
GOES_ON = Words(
    "A rotation was broken off; going on with it.", "前回の更新が途中で止まっていたため、続きから再開します。"
)
MOVES = (
    Words("[1/3] Web and tasks learn the coming secrets ...", "[1/3] Web とタスクに新しい秘密情報を設定中..."),
    Words("[2/3] The database's roles change their passwords ...", "[2/3] データベースのパスワードを変更中..."),
    Words("[3/3] The coming secrets take the present ones' place ...", "[3/3] 新しい秘密情報に置き換え中..."),
)
NO_PASSWORDS = Words(
    "Roles sign in by token: no password to change.", "トークンでサインインするため、パスワードはありません。"
)
DONE = Words(
    "Done. Nobody was signed out. What was signed with the former key is good until the next rotation.",
    "完了しました。サインイン中の人はそのまま使えます。以前の鍵による署名は次回の更新まで有効です。",
)
WOULD = Words(
    "Would renew: {names}. Not renewed here: the SMTP relay's password (the company's) and the encryption key (AWS "
    "renews it by itself).",
    "更新するもの: {names}。更新しないもの: SMTP リレーのパスワード（会社の管理）、暗号鍵（AWS が自動更新）。",
)
AWS_REFUSED = Words(
    "AWS refused or could not be reached: {error}. Nothing is lost: when the cause is mended, run this again.",
    "AWS に拒否されたか、接続できませんでした: {error}。失われたものはありません。原因を解消してから、"
    "もう一度実行してください。",
)
ASK = Words("Renew the secrets of {name}? Type yes: ", "{name} の秘密情報を更新しますか？ yes と入力してください: ")

type Call = Callable[[dict[str, Any]], object]


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("rotate", help="renew the stage's secrets, signing nobody out", description=__doc__)
    parser.add_argument("stage", metavar="STAGE")
    parser.add_argument("--plan", action="store_true", help="say what would be renewed, change nothing")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Rotate, or say what would be rotated."""
    from botocore.exceptions import BotoCoreError, ClientError

    from deploy import stage_file, tasks_function
    from deploy.stack_runner import Runner
    from deploy.up.verb import deployment

    stage = stage_file.read(arguments.stage)
    account = Account(stage)
    runner = Runner(account, language(), lambda _line: None, lambda _stack: True, stage.tags)
    shelf = of_stage(stage, account, runner)
    known = deployment(stage, account, yes=arguments.yes)
    rotation = Rotation(
        stage, account, shelf, tasks_function.of_stage(stage, account).call, speak=language(), say=known.say
    )
    try:
        if arguments.plan:
            rotation.plan()
            return 0
        known.refuse_while_restoring()
        if known.stacks.ask(ASK.say(language(), name=stage.name)):
            rotation.go()
        else:
            raise Failure(REFUSED.plain(language()))
    except (BotoCoreError, ClientError) as error:
        raise Failure(AWS_REFUSED.say(language(), error=error)) from error
    return 0


class Rotation:
    """One renewal of a stage's secrets; `call` sends an event to the tasks function."""

    def __init__(
        self,
        stage: Stage,
        account: Account,
        shelf: Shelf,
        call: Call,
        *,
        speak: Language,
        say: Callable[[str], None],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._stage, self._account, self._shelf, self._call = stage, account, shelf, call
        self._speak, self._say, self._pause = speak, say, pause

    def plan(self) -> None:
        """Name what would be renewed."""
        self._say(WOULD.say(self._speak, names=", ".join(name for name in NAMES if name in self._held())))

    def go(self) -> None:
        """Renew, or finish what an earlier run began."""
        held = self._held()
        names = [name for name in NAMES if name in held]
        coming = {name: held.get(f"{name}_NEXT", "") for name in names}
        if all(coming.values()):
            self._say(GOES_ON.plain(self._speak))
        else:
            coming = {name: new(name) for name in names}
        self._say(MOVES[0].plain(self._speak))
        both = held | {f"{name}_NEXT": value for name, value in coming.items()}
        # The truth first: whoever finds it goes on with these values.
        if both != held:
            self._shelf.put_tasks(both, _now())
        self._shelf.put_web(both, _now())
        self._say(MOVES[1].plain(self._speak))
        self._change_passwords(coming)
        self._say(MOVES[2].plain(self._speak))
        renewed = {**coming, FALLBACKS: held[KEY]}
        # The truth last: until it says so, the rotation is not over.
        version = _now()  # one for both, so that the two can be compared
        self._shelf.put_web(renewed, version)
        self._shelf.put_tasks(renewed, version)
        self._say(DONE.plain(self._speak))

    def _held(self) -> dict[str, str]:
        held = self._shelf.read()
        if KEY not in held:
            raise Failure(NOTHING_KEPT.say(self._speak, name=self._stage.name))
        return held

    def _change_passwords(self, coming: dict[str, str]) -> None:
        """Have the tasks function set the roles' passwords as the master, whose own password is then renewed."""
        if APP not in coming or OWNER not in coming:
            self._say(NO_PASSWORDS.plain(self._speak))
            return
        master = Master(self._stage, self._account, self._speak, self._say, self._pause)
        given = master.sign_in(lookups.database(self._stage, self._account)["MasterSecretArn"])
        self._call({"bootstrap": {"master": given, "owner": coming[OWNER], "app": coming[APP]}})
        master.renew()


def _now() -> str:
    return datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="microseconds")
