"""What is proposed fits its form, and its amount calls for as many superiors as it says."""

import datetime as dt
import json

import pytest

from api.management.seed.subjects import LAPTOPS, SUBJECTS, Place, Subject
from api.proposals import forms, rules
from api.proposals.operations.definitions import CATALOGUE

PLACE = Place(department_id=1, colleague_id=2, day=dt.date(2026, 6, 15))
RANKS = (50, 70, 80, 100)


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.title)
class TestSubject:
    def test_fits_its_form(self, subject: Subject) -> None:
        definition = json.loads((CATALOGUE / f"{subject.type_code}.json").read_text(encoding="utf-8"))
        schema = forms.compile_form(definition["form"])

        _content, problems = forms.check_content(schema, subject.content(PLACE), complete=True)

        assert problems == []

    def test_calls_for_as_many_superiors_as_it_says(self, subject: Subject) -> None:
        definition = json.loads((CATALOGUE / f"{subject.type_code}.json").read_text(encoding="utf-8"))
        schema = forms.compile_form(definition["form"])
        (route,) = rules.read_route(definition["route"])

        rank = route.rank_for(forms.total_of(schema, subject.content(PLACE)))

        assert RANKS.index(rank) + 1 == subject.asked


def test_laptops_cost_a_million_and_a_half() -> None:
    items = LAPTOPS.content(PLACE)["items"]

    assert sum(item["quantity"] * item["unit_price"] for item in items) == 1_500_000
