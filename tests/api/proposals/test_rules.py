"""Routes on plain values: who is asked, who is skipped and why, and when nobody is left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.proposals.rules import BadRoute, Holder, Level, Plan, SkipReason, read_route, resolve

PURCHASE = {
    "steps": [
        {
            "kind": "superiors",
            "from_rank": 50,
            "authority": [
                {"below": 300_000, "rank": 50},
                {"below": 1_000_000, "rank": 70},
                {"below": 10_000_000, "rank": 80},
                {"rank": 100},
            ],
        }
    ]
}
APPLICANT = 1


def level(number: int, *holders: tuple[int, int]) -> Level:
    """A department with holders given as (person, rank)."""
    posts = tuple(Holder(person * 10, person, rank, f"rank {rank}") for person, rank in holders)
    return Level(number, f"部署{number}", f"Department {number}", posts)


def plan(amount: int | None, *levels: Level, rank: int = 10, applicant: int = APPLICANT) -> Plan:
    return resolve(read_route(PURCHASE), applicant_id=applicant, applicant_rank=rank, levels=levels, amount=amount)


def people(result: Plan) -> list[list[int]]:
    return [[holder.person_id for holder in step.asked] for step in result.steps]


SECTION, DEPARTMENT, DIVISION, COMPANY = (
    level(1, (1, 10), (5, 50)),
    level(2, (7, 70)),
    level(3, (8, 80)),
    level(4, (9, 100)),
)


class TestAuthority:
    @pytest.mark.parametrize(
        ("amount", "asked"),
        [
            (None, [[5]]),
            (0, [[5]]),
            (299_999, [[5]]),
            (300_000, [[5], [7]]),
            (999_999, [[5], [7]]),
            (1_500_000, [[5], [7], [8]]),
            (9_999_999, [[5], [7], [8]]),
            (10_000_000, [[5], [7], [8], [9]]),
        ],
    )
    def test_asks_up_to_the_rank_that_the_amount_requires(self, amount: int | None, asked: list[list[int]]) -> None:
        result = plan(amount, SECTION, DEPARTMENT, DIVISION, COMPANY)
        assert people(result) == asked
        assert result.is_complete

    def test_stops_at_the_first_head_with_the_authority(self) -> None:
        assert people(plan(500_000, level(1, (5, 80)), DEPARTMENT, COMPANY)) == [[5]]

    def test_begins_above_the_applicant(self) -> None:
        assert people(plan(1, SECTION, DEPARTMENT, COMPANY, rank=50, applicant=5)) == [[7]]

    def test_never_asks_a_head_of_lower_rank_than_one_asked_before(self) -> None:
        assert people(plan(10_000_000, level(1, (5, 70)), level(2, (6, 60)), COMPANY)) == [[5], [], [9]]


class TestSkips:
    def test_skips_a_vacant_post(self) -> None:
        result = plan(1_500_000, level(1, (1, 10), (2, 30)), DEPARTMENT, DIVISION)
        assert [step.skip_reason for step in result.steps] == [SkipReason.VACANT, None, None]
        assert people(result) == [[], [7], [8]]

    def test_asks_the_next_above_when_the_authority_is_vacant(self) -> None:
        assert people(plan(1_500_000, SECTION, DEPARTMENT, level(3), COMPANY)) == [[5], [7], [], [9]]

    def test_never_asks_the_applicant_by_another_post(self) -> None:
        result = plan(1_500_000, SECTION, level(2, (1, 70)), DIVISION)
        assert people(result) == [[5], [], [8]]
        assert result.steps[1].skip_reason is SkipReason.APPLICANT

    def test_asks_a_person_who_heads_two_departments_only_at_the_last(self) -> None:
        result = plan(1_500_000, SECTION, level(2, (8, 70)), DIVISION)
        assert people(result) == [[5], [], [8]]
        assert result.steps[1].skip_reason is SkipReason.ASKED_LATER

    def test_asks_any_of_several_heads_of_the_same_rank(self) -> None:
        result = plan(1, level(1, (5, 50), (6, 50)))
        assert people(result) == [[5, 6]]
        assert result.steps[0].needed == 1


class TestNobodyLeft:
    def test_is_not_complete_without_anyone(self) -> None:
        assert not plan(1, level(1)).is_complete

    def test_is_not_complete_without_the_authority(self) -> None:
        result = plan(10_000_000, SECTION, DEPARTMENT)
        assert result.missing_rank == 100
        assert not result.is_complete

    def test_is_not_complete_for_whoever_stands_at_the_top(self) -> None:
        assert not plan(1, COMPANY, rank=100, applicant=9).is_complete


class TestReadRoute:
    @pytest.mark.parametrize(
        ("definition", "part"),
        [
            ({}, "steps"),
            ({"steps": [{"kind": "anyone"}]}, r"steps\[0\].kind"),
            ({"steps": [{"kind": "superiors", "from_rank": 1}]}, r"steps\[0\]"),
            ({"steps": [{"kind": "superiors", "from_rank": 1, "authority": []}]}, "authority"),
            ({"steps": [{"kind": "superiors", "from_rank": 1, "authority": [{"below": 1, "rank": 1}]}]}, "authority"),
            (
                {
                    "steps": [
                        {
                            "kind": "superiors",
                            "from_rank": 1,
                            "authority": [{"below": 5, "rank": 1}, {"below": 5, "rank": 2}, {"rank": 3}],
                        }
                    ]
                },
                "rise",
            ),
            (
                {"steps": [{"kind": "superiors", "from_rank": 1, "authority": [{"below": 5, "rank": 9}, {"rank": 3}]}]},
                "fall",
            ),
        ],
    )
    def test_names_the_part_that_is_wrong(self, definition: dict[str, object], part: str) -> None:
        with pytest.raises(BadRoute, match=part):
            read_route(definition)


ranks = st.sampled_from([10, 20, 30, 50, 70, 80, 100])
levels = st.lists(
    st.lists(st.tuples(st.integers(1, 12), ranks), max_size=5, unique_by=lambda pair: pair[0]), min_size=1, max_size=5
)


@given(levels=levels, amount=st.integers(0, 20_000_000), rank=ranks)
def test_any_complete_route_asks_others_only_once_each_and_ends_with_the_authority(
    levels: list[list[tuple[int, int]]], amount: int, rank: int
) -> None:
    result = plan(amount, *(level(number, *holders) for number, holders in enumerate(levels)), rank=rank)
    asked = [holder for step in result.steps for holder in step.asked]
    ids = [holder.person_id for holder in asked]

    assert APPLICANT not in ids
    assert len(ids) == len(set(ids))
    assert all(bool(step.asked) != bool(step.skip_reason) for step in result.steps)
    steps = [step.asked[0].rank for step in result.steps if step.asked]
    assert steps == sorted(steps)
    assert all(held > rank for held in steps)
    if result.is_complete:
        assert steps[-1] >= read_route(PURCHASE)[0].rank_for(amount)
