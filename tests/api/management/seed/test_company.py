"""The made-up company, and who is who in it."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest

from api.management.seed.company import Company, TooSmall, found_company
from api.organization.models import Department, Person, Post, valid_on
from api.organization.queries import department_path

TODAY = dt.date(2026, 1, 5)
"""Early in a year, when last October is nearest."""


def found(**changes: Any) -> Company:
    defaults: dict[str, Any] = {"people": 260, "departments": 44, "seed": 1, "today": TODAY, "password": "x"}
    return found_company(**(defaults | changes))


@pytest.mark.django_db
class TestFoundCompany:
    def test_writes_people_with_names_in_three_scripts(self) -> None:
        company = found()

        assert len(company.people) == Person.objects.count() == 260
        assert all(one.name and one.kana and one.name_en and one.email for one in company.people)
        assert all(one.email.endswith("@example.co.jp") for one in company.people)
        assert len({one.name for one in company.people}) == 260

    def test_gives_every_department_a_head_but_one(self) -> None:
        company = found()

        vacant = [one for one, head in zip(company.departments, company.heads, strict=True) if head is None]
        assert len(vacant) == 1
        assert Post.objects.filter(department=vacant[0]).exists()
        for department, head in zip(company.departments, company.heads, strict=True):
            highest = Post.objects.filter(department=department).order_by("-rank")[0]
            assert highest == head or department in vacant

    def test_gives_several_people_two_posts_one_of_them_primary(self) -> None:
        company = found()

        held = Counter(post.person_id for post in company.posts)
        primary = Counter(post.person_id for post in company.posts if post.is_primary)
        assert sum(count == 2 for count in held.values()) >= 5
        assert primary == Counter(one.pk for one in company.people)

    def test_has_a_line_of_four_above_the_applicant(self) -> None:
        company = found()

        assert [post.title for post in company.line] == ["課長", "部長", "本部長", "社長"]
        assert len({post.person_id for post in company.line}) == 4
        assert company.applicant.title == "主任"
        path = department_path(Department.objects.get(pk=company.applicant.department_id))
        assert [post.department for post in company.line] == path[::-1]

    def test_has_one_administrator(self) -> None:
        company = found()

        assert list(Person.objects.filter(is_administrator=True)) == [company.administrator.person]

    def test_lets_all_posts_be_old_enough_for_a_past(self) -> None:
        found()

        assert Post.objects.filter(valid_on(TODAY - dt.timedelta(days=3 * 366))).count() == Post.objects.count()

    def test_is_the_same_for_the_same_numbers(self) -> None:
        company = found(people=40, departments=10)
        first = [(post.person.username, post.department.code, post.rank, post.valid_from) for post in company.posts]
        for model in (Post, Department, Person):
            model.objects.all()._raw_delete("default")

        again = found(people=40, departments=10)

        assert first == [
            (post.person.username, post.department.code, post.rank, post.valid_from) for post in again.posts
        ]

    def test_has_other_people_for_another_seed(self) -> None:
        first = found(people=8, departments=4, seed=1)
        for model in (Post, Department, Person):
            model.objects.all()._raw_delete("default")

        assert first.people[0].username != found(people=8, departments=4, seed=2).people[0].username

    @pytest.mark.parametrize(("people", "departments"), [(100, 3), (87, 44)])
    def test_refuses_to_be_too_small(self, people: int, departments: int) -> None:
        with pytest.raises(TooSmall):
            found(people=people, departments=departments)
