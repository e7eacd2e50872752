"""What every step of `up` works on: one stage in one account, its stacks, and what they gave out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from deploy.aws import Account
from deploy.failure import Failure
from deploy.stacks import Stacks
from deploy.stage import Stage
from deploy.up.journal import Journal
from deploy.words import Language, Words

NO_STACKS = Words(
    "{missing} of {name} does not stand yet. First: python -m deploy up {name}",
    "{name} の {missing} がまだありません。先に python -m deploy up {name} を実行してください。",
)


RESTORING = Words(
    "A restore of {name} to {to} was begun and is not finished; its database is in two places. Finish it first: "
    "python -m deploy restore {name} --to {to}",
    "{name} を {to} の時点に復元する処理が途中で止まっており、データベースが入れ替わる途中です。先に完了してください: "
    "python -m deploy restore {name} --to {to}",
)
RESTORE = "restore"
"""The journal's note of a restore: {"to", "stamp", "state": "begun" or "done"}."""


@dataclass
class Deployment:
    """A stage on its way up; `say` prints a line, `pause` waits for seconds."""

    stage: Stage
    account: Account
    language: Language
    say: Callable[[str], None]
    stacks: Stacks
    pause: Callable[[float], None]
    _outputs: dict[str, str] | None = None

    @property
    def outputs(self) -> dict[str, str]:
        """The outputs of all stacks that stand; asked for once, and again after `changed`."""
        if self._outputs is None:
            from deploy import lookups

            self._outputs = lookups.outputs(self.stage, self.account)
        return self._outputs

    def changed(self) -> None:
        """Forget the outputs: a stack was changed."""
        self._outputs = None

    @property
    def has_its_door(self) -> bool:
        """Whether the stacks before this stage's door stand: a plan may be for a door that is still to be made."""
        needed = {"SiteBucketName", "ExecuteApiId" if self.stage.has_api else "BalancerName"}
        if self.stage.text("door") == "endpoints" or self.stage.flag("buckets.attachments"):
            needed |= set() if self.stage.relays_files else {"S3Host"}
        return needed <= self.outputs.keys()

    def output(self, name: str, noun: str) -> str:
        """Give an output of the stack of `noun`; raises `Failure` while that stack does not stand."""
        value = self.outputs.get(name)
        if not value:
            raise Failure(NO_STACKS.say(self.language, missing=self.stacks.name(noun), name=self.stage.name))
        return value

    @property
    def bucket(self) -> str:
        """The artefacts' bucket, which also keeps the journal and the releases."""
        return self.output("ArtefactsBucketName", "artefacts")

    @property
    def journal(self) -> Journal:
        """What earlier runs have finished."""
        return Journal(self.account.client("s3"), self.bucket)

    def refuse_while_restoring(self) -> None:
        """Raise `Failure` while a restore is under way: what others change now, it would not know of."""
        note = self.journal.read(RESTORE) if self.outputs.get("ArtefactsBucketName") else {}
        if note.get("state") == "begun":
            raise Failure(RESTORING.say(self.language, name=self.stage.name, to=note["to"]))

    def tell(self, words: Words, **values: object) -> None:
        """Say something in the reader's language."""
        self.say("  " + (words.say(self.language, **values) if values else words.plain(self.language)))

    def up(self, noun: str, values: Mapping[str, Any]) -> None:
        """Bring one stack up with these parameters beside those that the stage and the other stacks give."""
        from deploy import blueprint, variables

        found = self.stacks.found(empty_database=True)  # the database stands: no snapshot is asked for
        standing = self.stacks.addresses(noun, self.outputs, found)
        known = {**self.outputs, **blueprint.parameters(self.stage, found), **standing, **values}
        self.stacks.runner.up(self.stacks.name(noun), variables.template(noun, self.stage), known)
        self.changed()
