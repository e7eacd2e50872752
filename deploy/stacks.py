"""`python -m deploy stacks STAGE`: bring a stage's stacks up, show what would change, name drift, take them down."""

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from deploy import addresses as page_addresses
from deploy import blueprint, stack_words, variables
from deploy.aws import Account, NoCredentials
from deploy.blueprint import DATA, ORDER, Found
from deploy.cfn import Evaluation, Template
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.words import Language, Words, language

DELETE_PHRASE = "delete all data of {name}"
"""What must be typed, word for word, to lose data."""

OFFLINE = Words(
    "Nobody is signed in to AWS ({error}), so this shows what a first run would make.",
    "AWS にサインインしていないため（{error}）、初回実行で作られるものを表示します。",
)
WOULD_MAKE = Words("{stack}: would be made, {count} resources", "{stack}: 新しく作成（{count} 個）")
LATER_TASKS = Words(
    "{stack}: comes with the artefact (python -m deploy up, or package and stacks --artefact)",
    "{stack}: アーティファクトができてから作ります（python -m deploy up など）",
)
RESTORES = Words(
    "The database is restored from {snapshot} ({moment}). --empty-database starts with an empty one instead.",
    "データベースは {snapshot}（{moment}）から復元します。空で始めるには --empty-database を付けてください。",
)
PROTECTED = Words(
    "The database is protected from deletion. Set database.deletion_protection = false in the stage file, run "
    "`python -m deploy stacks {name}`, then take it down.",
    "データベースは削除保護されています。ステージファイルで database.deletion_protection = false にして "
    "`python -m deploy stacks {name}` を実行してから、もう一度お試しください。",
)
UNDEPLOY = Words(
    "The function {prefix} still stands in these subnets, which cannot go before it. First: zappa undeploy {name}; or "
    "take all of it down: python -m deploy down {name}",
    "関数 {prefix} がまだこのサブネットにあるため、先に撤去できません。まず zappa undeploy {name} を実行するか、"
    "全体を撤去してください: python -m deploy down {name}",
)
LOOKED_AT = Words(
    "{stack} looks at this stage: it is joined to its network, and costs by the hour when the stage is gone. First: "
    "python -m deploy verification {name} down",
    "{stack} がこのステージのネットワークに接続されています（ステージの撤去後も料金がかかります）。先に "
    "python -m deploy verification {name} down を実行してください。",
)
PHRASE = Words(
    "--delete-data must be followed by exactly: {phrase}", "--delete-data には次の文をそのまま書いてください: {phrase}"
)
KEEPS = Words(
    "Attachments and audit records stay in their buckets, the database in a final snapshot.",
    "添付ファイルと監査記録はバケットに、データベースは最終スナップショットに残ります。",
)
LOSES = Words(
    "Attachments, the database, its snapshots and the stage's secrets are deleted. Audit records stay while their lock "
    "lasts.",
    "添付ファイル、データベースとそのスナップショット、ステージの秘密情報を削除します。監査記録は保持期限まで残ります。",
)
ASK_DOWN = Words("Take {name} down? Type yes: ", "{name} を撤去しますか？ yes と入力してください: ")
ASK = Words("Do this to {stack}? Type yes: ", "{stack} に適用しますか？ yes と入力してください: ")
AWS_REFUSED = Words(
    "AWS refused or could not be reached: {error}. Nothing is lost; when the cause is mended, run this again. Rights "
    "that are missing: python -m deploy request {name}",
    "AWS に拒否されたか、接続できませんでした: {error}。失われたものはありません。原因を解消してから、もう一度"
    "実行してください。必要な権限の一覧: python -m deploy request {name}",
)
REMOVED = Words("{stack}: removed", "{stack}: 削除しました")
KEPT = Words("{stack}: kept", "{stack}: 残しました")
BY_TASKS = frozenset({"DatabaseTokens", "Secrets"})
NO_DRIFT = Words("Nothing differs from the templates.", "テンプレートとの差はありません。")
DRIFTED = Words(
    "Somebody changed these by hand. `python -m deploy stacks {name}` puts a property back only when the template "
    "touches it; otherwise undo the change where it was made.",
    "手作業で変更されています。元に戻すには、変更した場所で取り消してください"
    "（`python -m deploy stacks {name}` が戻すのは、テンプレートの変更が及ぶ項目だけです）。",
)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("stacks", help="network, database, buckets, roles as stacks", description=__doc__)
    parser.add_argument("stage", metavar="STAGE")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--plan", action="store_true", help="show what would change, change nothing")
    what.add_argument("--drift", action="store_true", help="name what was changed by hand")
    what.add_argument("--down", action="store_true", help="take everything down, keeping data")
    parser.add_argument("--delete-data", metavar="WORDS", default="", help=f'with --down: "{DELETE_PHRASE}"')
    parser.add_argument("--empty-database", action="store_true", help="do not restore the last snapshot")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; 0 when all is well, 1 when drift was found."""
    from deploy import stage_file

    stage = stage_file.read(arguments.stage)
    try:
        account = Account(stage)
    except NoCredentials as error:
        if not arguments.plan:
            raise
        print(OFFLINE.say(language(), error=error.cause))
        plan_offline(stage, language(), print)
        return 0
    from botocore.exceptions import BotoCoreError, ClientError

    stacks = Stacks(stage, account, language(), print, asker(yes=arguments.yes))
    try:
        if arguments.drift:
            return stacks.drift()
        if arguments.down:
            stacks.down(delete_data=arguments.delete_data)
        elif arguments.plan:
            stacks.plan()
        else:
            stacks.up(empty_database=arguments.empty_database)
    except (BotoCoreError, ClientError) as error:
        raise Failure(AWS_REFUSED.say(language(), error=error, name=stage.name)) from error
    return 0


def asker(*, yes: bool) -> Callable[[str], bool]:
    """Return what asks at the terminal and takes `yes`; without a terminal the answer is no, with `--yes` it is yes."""

    def ask(question: str) -> bool:
        if yes:
            return True
        if not sys.stdin.isatty():
            return False
        return input(question).strip().lower() == "yes"

    return ask


def plan_offline(stage: Stage, chosen: Language, say: Callable[[str], None]) -> None:
    """Say what a first run would make, from the templates alone."""
    parts = blueprint.assembly(stage).parts
    for noun, part in parts.items():
        _tell_new(f"{stage.prefix}-{noun}", part, chosen, say)


def _tell_new(stack: str, part: Evaluation, chosen: Language, say: Callable[[str], None]) -> None:
    found = list(part.resources())
    say(WOULD_MAKE.say(chosen, stack=stack, count=len(found)))
    for resource in found:
        entry = {"Action": "Add", "LogicalResourceId": resource.logical_id, "ResourceType": resource.type}
        for line in stack_words.change(entry, chosen):
            say(f"  {line}")


@dataclass
class Stacks:
    """A stage's stacks in one account."""

    stage: Stage
    account: Account
    language: Language
    say: Callable[[str], None]
    ask: Callable[[str], bool]
    pause: Callable[[float], None] | None = None
    given: Found | None = None

    def __post_init__(self) -> None:
        from deploy.stack_runner import Runner

        self.runner = Runner(
            self.account,
            self.language,
            self.say,
            lambda stack: self.ask(ASK.say(self.language, stack=stack)),
            self.stage.tags,
            **({"pause": self.pause} if self.pause else {}),
        )

    def name(self, noun: str) -> str:
        """Give a stack's name."""
        return f"{self.stage.prefix}-{noun}"

    def found(self, *, empty_database: bool = False) -> Found:
        """Look up what only AWS knows; a database that was taken down comes back from its snapshot."""
        from deploy import lookups

        found = lookups.look_up(self.stage, self.account, self.given)
        if empty_database or self._holds_database():
            return found
        snapshot, moment = lookups.latest_snapshot(self.stage, self.account)
        if snapshot:
            self.say(RESTORES.say(self.language, snapshot=snapshot, moment=moment))
        return replace(found, snapshot=snapshot)

    def _holds_database(self) -> bool:
        """Whether a database stands, or will once what is in progress has ended.

        A stack that was only planned, is going away or can only be cleared holds none: made again without the
        snapshot it would come up empty, as if nothing had ever been kept.
        """
        from deploy.stack_runner import ABSENT, DEAD

        status = self.runner.describe(self.name("data")).get("StackStatus", "")
        return status not in ABSENT | DEAD and not status.startswith(("DELETE_", "ROLLBACK_"))

    def _nouns(self, found: Found) -> tuple[str, ...]:
        """Name the stacks in order; what runs the code stays once it stands, although no new artefact is given."""
        wanted = blueprint.nouns(self.stage, found)
        runs = "fargate" if self.stage.in_containers else "tasks"
        if runs not in wanted and self.runner.outputs(self.name(runs)):
            wanted = tuple(noun for noun in ORDER if noun in wanted or noun == runs)
        return wanted

    def up(self, *, empty_database: bool = False) -> dict[str, str]:
        """Bring every stack up in order; answer all outputs."""
        # First, since only then it is sure whether a database stands or comes back from its snapshot.
        self.runner.settle(self.name("data"))
        found = self.found(empty_database=empty_database)
        values = blueprint.parameters(self.stage, found)
        outputs: dict[str, str] = {}
        wanted = self._nouns(found)
        for noun in wanted:
            values |= self.addresses(noun, outputs, found)
            known = {**outputs, **self._not_before_its_step(noun, values)}
            outputs |= self.runner.up(self.name(noun), variables.template(noun, self.stage), known)
            outputs |= self._database(noun)
        self._leave_unwanted(wanted)
        if "TasksFunction" not in outputs and "TasksDefinitionArn" not in outputs:
            runs = "fargate" if self.stage.in_containers else "tasks"
            self.say(LATER_TASKS.say(self.language, stack=self.name(runs)))
        return outputs

    def _not_before_its_step(self, noun: str, values: Mapping[str, str]) -> Mapping[str, str]:
        """Leave to the step `tasks` how running containers sign in: told before secrets are there, none would live."""
        if noun != "fargate" or not self.runner.outputs(self.name(noun)):
            return values
        return {name: value for name, value in values.items() if name not in BY_TASKS}

    def addresses(self, noun: str, outputs: Mapping[str, str], found: Found) -> dict[str, str]:
        """Give what only stands in AWS once earlier stacks do.

        For the load balancer the addresses that the S3 endpoint has now: AWS changes them and tells nobody. For
        attachments and the tasks function where the page is, if the API serves it.
        """
        endpoint = outputs.get("S3Id") or self.stage.text("endpoints.s3")  # no stack of ours tells of another's
        if noun == "loadbalancer" and endpoint and "LbSubnet1" in outputs:
            from deploy import lookups

            held = lookups.endpoint_addresses(endpoint, self.account, outputs)
            return {"SiteAddress1": "", "SiteAddress2": ""} | {
                f"SiteAddress{place}": address for place, address in enumerate(held, start=1)
            }
        if noun in ("attachments", "tasks") and self.stage.text("door") == "api" and found.api_id:
            page = page_addresses.of_stage(self.stage, outputs, api_id=found.api_id)["page"]
            return {"PageOrigin": page.removesuffix(f"/{self.stage.name}/"), "SiteUrl": page}
        return {}

    def _leave_unwanted(self, wanted: tuple[str, ...]) -> None:
        """Remove stacks that the stage no longer asks for, latest first; those that hold data are kept and named."""
        for noun in reversed(ORDER):
            if noun in wanted or not self.runner.describe(self.name(noun)):
                continue
            if noun in DATA or not self.ask(ASK_DOWN.say(self.language, name=self.name(noun))):
                self.say(KEPT.say(self.language, stack=self.name(noun)))
                continue
            self.runner.delete(self.name(noun))
            self.say(REMOVED.say(self.language, stack=self.name(noun)))

    def plan(self) -> None:
        """Show what `up` would change; nothing is changed, no stack is begun."""
        from deploy.stack_runner import ABSENT, DEAD, NOTHING

        found = self.found()
        values = blueprint.parameters(self.stage, found)
        outputs: dict[str, str] = {}
        for noun in self._nouns(found):
            values |= self.addresses(noun, outputs, found)
            stack, template = self.name(noun), variables.template(noun, self.stage)
            described = self.runner.describe(stack)
            known = {**outputs, **values}
            if described.get("StackStatus", "") in ABSENT | DEAD or _unknown(template, known, described):
                pseudo = {"AccountId": self.account.number, "Region": self.stage.region}
                _tell_new(stack, Evaluation(template, known, pseudo), self.language, self.say)
                continue
            held = self.runner.change_set(stack, template, known)
            if held:
                self.say(f"{stack}:")
                self.runner.show(held)
                self.runner.discard(held)
            else:
                self.say(f"{stack}: {NOTHING.plain(self.language)}")
            outputs |= self.runner.outputs(stack) | self._database(noun)

    def _database(self, noun: str) -> dict[str, str]:
        """Give what the database is called now, after its stack."""
        from deploy import lookups

        return lookups.database(self.stage, self.account) if noun == "data" else {}

    def drift(self) -> int:
        """Name everything that differs from the templates; 1 when something does."""
        sleeps = bool(self.stage.text("containers.sleeps"))
        told = [line for noun in ORDER for line in self.runner.drift(self.name(noun), sleeps=sleeps)]
        for line in told or [NO_DRIFT.plain(self.language)]:
            self.say(line)
        if told:
            self.say(DRIFTED.say(self.language, name=self.stage.name))
        return 1 if told else 0

    def down(self, *, delete_data: str = "") -> None:
        """Take stacks down, dependents first; data stays unless the phrase was typed."""
        from deploy import lookups

        self.check_down(delete_data)
        if lookups.function_stands(self.stage, self.account):
            raise Failure(UNDEPLOY.say(self.language, name=self.stage.name, prefix=self.stage.prefix))
        if self.agreed_to_go_down(delete_data):
            self.remove_all(delete_data=delete_data)

    def agreed_to_go_down(self, delete_data: str) -> bool:
        """Say what stays and what is lost, and ask."""
        self.say((LOSES if delete_data else KEEPS).plain(self.language))
        return self.ask(ASK_DOWN.say(self.language, name=self.stage.name))

    def remove_all(self, *, delete_data: str) -> None:
        """Remove the stacks, dependents first, without asking."""
        from deploy import emptying, shelf

        for noun in (*reversed([noun for noun in ORDER if noun != "roles"]), "roles"):
            stack = self.name(noun)
            if noun == "roles" and delete_data:  # while the deployer's own rights stand
                emptying.snapshots(self.account, self.stage)
                shelf.of_stage(self.stage, self.account, self.runner).clear()
            described = self.runner.settle(stack)
            bucket = self.stage.bucket(noun, self.account.number)
            if noun in ("attachments", "audit"):
                if described and not delete_data:
                    self.say(KEPT.say(self.language, stack=stack))
                if not delete_data:
                    continue
                locked = emptying.empty(self.account, bucket)
                if locked:  # the stack stays too: made again, it would find its bucket's name taken
                    self.say(emptying.LOCKED.say(self.language, bucket=bucket, count=locked, stack=stack))
                    continue
            elif noun in ("site", "artefacts"):
                emptying.empty(self.account, bucket)
            if self.runner.describe(stack):  # what was only planned goes too
                self.runner.delete(stack)
                self.say(REMOVED.say(self.language, stack=stack))
            if noun in ("attachments", "audit") and emptying.remove(self.account, bucket):
                self.say(emptying.GONE.say(self.language, bucket=bucket))

    def check_down(self, delete_data: str) -> None:
        """Refuse to begin what could not be ended, or what was not said in so many words."""
        from deploy.stack_runner import ABSENT

        phrase = DELETE_PHRASE.format(name=self.stage.name)
        if delete_data and delete_data != phrase:
            raise Failure(PHRASE.say(self.language, phrase=phrase))
        beside = self.name("verification")
        if self.runner.describe(beside).get("StackStatus", "") not in ABSENT:
            raise Failure(LOOKED_AT.say(self.language, stack=beside, name=self.stage.name))
        if self._protected():
            raise Failure(PROTECTED.say(self.language, name=self.stage.name))

    def _protected(self) -> bool:
        described = self.runner.describe(self.name("data"))
        values = {entry["ParameterKey"]: entry["ParameterValue"] for entry in described.get("Parameters", [])}
        return values.get("DeletionProtection") == "true"


def _unknown(template: Template, known: Mapping[str, str], described: Mapping[str, Any]) -> bool:
    """Whether a parameter waits for a stack before it that does not stand yet."""
    before = {entry["ParameterKey"] for entry in described.get("Parameters", [])}
    return any(
        parameter.default is None and name not in known and name not in before
        for name, parameter in template.parameters.items()
    )
