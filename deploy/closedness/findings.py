"""What a check finds, and what it cannot tell, each with its place and in the reader's language."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from deploy.cfn import Unknown
from deploy.closedness.table import RULES, Rule
from deploy.closedness.world import Thing, Undecided, World
from deploy.words import Language, Words


@dataclass(frozen=True)
class Finding:
    """One rule that one resource breaks. `values` fill the places of the rule's sentence."""

    rule: Rule
    resource: str
    type: str
    file: str
    line: int
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """What it is about: the rule's id and the resource."""
        return self.rule.id, self.resource

    @property
    def place(self) -> str:
        """`file:line`, or only the file where no line is known."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def what(self, language: Language) -> str:
        """Say what was found."""
        return self.rule.found.say(language, resource=self.resource, **self.values)


@dataclass(frozen=True)
class Question:
    """Something that matters and is not known, so that nobody may say the network is closed."""

    resource: str
    where: str
    reason: str
    file: str
    line: int
    given: str = ""

    @property
    def place(self) -> str:
        """`file:line`, or only the file where no line is known."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def what(self, language: Language) -> str:
        """Say what cannot be told, and why."""
        from deploy.closedness.doubts import told

        where = f"{self.resource} {self.where}".strip()
        return f"{where}: {told(self.reason, language)}"


Found = Iterable[Finding | Undecided]


@dataclass(frozen=True)
class Check:
    """A function over each thing of some types; without types, over the world as a whole."""

    types: tuple[str, ...]
    look: Callable[[Thing, World], Found]


def finding(rule: str, thing: Thing, *path: str | int, **values: object) -> Finding:
    """Make a finding about a thing; `path` leads to the property at fault."""
    return Finding(RULES[rule], thing.name, thing.type, thing.file, thing.line(*path), values)


def question(undecided: Undecided) -> Question:
    """Make a question of what stopped a check."""
    thing, path = undecided.thing, undecided.path
    shown = ".".join(str(step + 1) if isinstance(step, int) else step for step in path)
    return Question(thing.name, shown, undecided.reason, thing.file, thing.line(*path), undecided.given)


def run(checks: tuple[Check, ...], world: World) -> tuple[list[Finding], list[Question]]:
    """Run checks over a world: each finding once, each question once.

    A check that meets something unknown ends for this thing with a question. What it finds about a thing of which it
    cannot be told whether it will be there is a question too.
    """
    findings: dict[tuple[object, ...], Finding] = {}
    questions: dict[Question, None] = {}
    nobody = Thing("", "", "", {})
    for check in checks:
        for thing in world.of(*check.types) if check.types else (nobody,):
            for found in _all(check, thing, world):
                if isinstance(found, Undecided):
                    questions.setdefault(question(found))
                else:
                    findings.setdefault((*found.key, found.line, str(found.values)), found)
    return list(findings.values()), list(questions)


def _all(check: Check, thing: Thing, world: World) -> Iterator[Finding | Undecided]:
    try:
        for found in check.look(thing, world):
            if isinstance(thing.present, Unknown) and isinstance(found, Finding):
                yield Undecided(thing, ("Condition",), thing.present.reason)
            else:
                yield found
    except Undecided as undecided:
        # What others made is asked for once, by its id.
        if not undecided.given:
            yield undecided
    except (TypeError, ValueError, LookupError, AttributeError) as error:
        # Written otherwise than CloudFormation takes it: whatever it means, nobody may call it closed.
        yield Undecided(thing, (), f"it is not written as CloudFormation takes it ({error})")


def listed(names: list[str]) -> Words:
    """Write names one after the other; none is said too."""
    return Words(", ".join(names) or "none", "、".join(names) or "なし")
