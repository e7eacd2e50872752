"""The plan of the made-up company's departments."""

import pytest

from api.management.seed.departments import Level, plan_departments


class TestPlanDepartments:
    @pytest.mark.parametrize("count", [4, 5, 44, 45, 600])
    def test_plans_a_tree_of_as_many_as_asked_for(self, count: int) -> None:
        plans = plan_departments(count)

        assert len(plans) == count
        assert plans[0].parent is None
        for at, plan in enumerate(plans[1:], start=1):
            assert plan.parent is not None
            assert plan.parent < at
            above = min(level for level in Level if level > plan.level)
            assert plans[plan.parent].level == above

    def test_gives_each_a_code_and_names_of_its_own(self) -> None:
        plans = plan_departments(600)

        for names in zip(*((plan.code, plan.name, plan.name_en) for plan in plans), strict=True):
            assert len(set(names)) == 600

    def test_begins_with_one_of_each_level(self) -> None:
        assert [plan.level for plan in plan_departments(4)] == sorted(Level, reverse=True)
