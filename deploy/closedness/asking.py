"""Put many requests to one policy, and say which pass."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

from deploy.closedness.patterns import HOLE
from deploy.closedness.policy import Answer, Decision, Document, Request, decide
from deploy.closedness.witnesses import Caller, settled, variants
from deploy.closedness.world import Path, Thing, Undecided, World

_outcomes: dict[tuple[object, ...], tuple[list["Passed"], str]] = {}
_decisions: dict[tuple[object, ...], Decision] = {}


def written(documents: Any) -> str:
    """Write policies as one text, to tell equal ones."""
    return json.dumps(documents, sort_keys=True)


def remembered(key: str, request: Request, **policies: Any) -> Decision:
    """Decide a request, or remember what was decided: stages differ in few of their policies.

    `key` is the text of the policies.
    """
    asked = (
        key,
        request.action,
        request.resource,
        request.principal,
        tuple(request.context.items()),
        policies.get("account"),
        request.settled,
    )
    if asked not in _decisions:
        _decisions[asked] = decide(request, **policies)
    return _decisions[asked]


@dataclass(frozen=True)
class Passed:
    """A request that passes: who, what, on what, and the place of the statement that lets it."""

    caller: Caller
    action: str
    resource: str
    index: int | None


@dataclass(frozen=True)
class Subject:
    """A policy of a thing: where it stands, what kind it is ("resource" or "endpoint"), and who owns the resource."""

    thing: Thing
    path: Path
    document: Document
    world: World
    kind: str = "resource"

    @cached_property
    def key(self) -> str:
        """The document as one text."""
        return self.kind + written(self.document)

    @cached_property
    def settled(self) -> frozenset[str]:
        """The keys that questions about the document settle."""
        return settled(self.document)

    def passing(self, callers: Iterable[Caller], actions: Sequence[str], resources: Sequence[str]) -> Iterator[Passed]:
        """Yield what passes.

        Raises:
            Undecided: at the end, when for some request it could not be told, or a caller could not be made up.

        """
        doubt, held = "", list[Caller]()
        try:
            # What was made up before a caller that could not be is asked all the same.
            held.extend(callers)
        except KeyError as error:
            doubt = f"whose {error.args[0]} is"
        people = tuple((one.principal, tuple(one.context.items())) for one in held)
        asked = (self.key, self.world.account, people, tuple(actions), tuple(resources))
        if asked not in _outcomes:
            _outcomes[asked] = self._outcome(held, actions, resources)
        found, unsure = _outcomes[asked]
        yield from found
        if doubt or unsure:
            raise Undecided(self.thing, self.path, (doubt or unsure).replace(HOLE, "?"))

    def _outcome(
        self, callers: list[Caller], actions: Sequence[str], resources: Sequence[str]
    ) -> tuple[list[Passed], str]:
        """Give what passes, and what could not be told, empty when all could."""
        found, doubt = list[Passed](), ""
        for caller in callers:
            try:
                contexts = list(variants(self.document, caller.context, caller.principal))
            except OverflowError:
                return found, "its conditions on what the caller chooses are too many"
            for context, action, resource in product(contexts, actions, resources):
                decision = self.ask(caller, action, resource, context)
                if decision.allowed:
                    found.append(Passed(caller, action, resource, self._index(decision)))
                elif decision.answer is Answer.CANNOT_TELL:
                    doubt = doubt or next(iter(decision.doubts), "its policy")
        return found, doubt

    def ask(self, caller: Caller, action: str, resource: str, context: dict[str, str]) -> Decision:
        """Decide one request."""
        request = Request(action, resource, caller.principal, context, self.settled)
        if self.kind == "endpoint":
            # What the bucket or API at the other end says is its owner's choice: take that it allows everything.
            return remembered(self.key, request, resource=OPEN, endpoint=self.document, account=self.world.account)
        return remembered(self.key, request, resource=self.document, account=self.world.account)

    def _index(self, decision: Decision) -> int | None:
        return next((reason.index for reason in decision.reasons if reason.policy == self.kind), None)

    def at(self, passed: Passed) -> Path:
        """Give the path of the statement that lets a request pass."""
        return self.path if passed.index is None else (*self.path, "Statement", passed.index)


OPEN: Document = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
}
