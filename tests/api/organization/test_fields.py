"""Fields that other fields of their row decide."""

import pytest

from api.organization.models import Department, Person
from tests.api.organization.snapshots import APRIL


@pytest.mark.django_db
class TestDerivedTextField:
    def test_is_made_when_a_row_is_created(self) -> None:
        made = Department.objects.create(code="D1", name="営業部", name_en="Sales", valid_from=APRIL)

        assert Department.objects.get(pk=made.pk).search_text == " d1 営業部 sales"

    def test_is_made_for_many_rows_at_once(self) -> None:
        Department.objects.bulk_create([Department(code=code, name="部", valid_from=APRIL) for code in "AB"])

        assert list(Department.objects.order_by("code").values_list("search_text", flat=True)) == [" a 部", " b 部"]

    def test_is_made_again_when_a_row_is_saved(self) -> None:
        person = Person.objects.create_user("a", employee_number="1", family_name="田中", given_name="愛")

        person.family_name_kana = "スズキ"
        person.save()

        assert Person.objects.get().sort_key == "スズキ"

    def test_is_an_ordinary_text_field_to_migrations(self) -> None:
        field = Person._meta.get_field("sort_key")

        assert field.deconstruct()[1] == "django.db.models.TextField"
        assert field.clone().compute == field.compute
