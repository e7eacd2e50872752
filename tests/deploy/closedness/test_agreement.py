"""The evaluator against an independent one, on generated policies and requests."""

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given, settings

from deploy.closedness.policy import Answer, decide
from tests.deploy.closedness.questions import Question, questions
from tests.deploy.closedness.simulated import Simulator, simulation, simulator


@pytest.fixture(scope="module")
def other() -> Iterator[Simulator]:
    with simulator() as started:
        yield started


@pytest.fixture(scope="module")
def seen() -> Counter[Answer]:
    return Counter()


def _theirs(other: Simulator, one: Question) -> str:
    asked = simulation(
        one.request,
        one.account,
        identity=one.identity,
        resource=one.resource,
        endpoint=one.endpoint,
        boundary=one.boundary,
    )
    (answer,) = other.answers([asked])
    return str(answer).removeprefix("Explicitly").removeprefix("Implicitly")


class TestAgreement:
    @settings(max_examples=400)
    @given(one=questions())
    def test_says_what_the_other_says_or_that_it_cannot_tell(
        self, other: Simulator, seen: Counter[Answer], one: Question
    ) -> None:
        ours = decide(
            one.request,
            identity=one.identity,
            resource=one.resource,
            endpoint=one.endpoint,
            boundary=one.boundary,
            account=one.account,
        )
        seen[ours.answer] += 1
        if ours.answer is not Answer.CANNOT_TELL:
            assert _theirs(other, one) == ("Allowed" if ours.allowed else "Denied")

    def test_every_answer_occurs_and_few_are_open(self, seen: Counter[Answer]) -> None:
        assert seen[Answer.ALLOWED] > 20
        assert seen[Answer.DENIED] > 100
        assert seen[Answer.CANNOT_TELL] < sum(seen.values()) / 10
