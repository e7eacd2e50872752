"""The tests' own tools: threads on the database that the tests run on."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from tests.threads import together


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_writes_from_all_threads_to_the_named_database(self, database: str) -> None:
        def write(number: int) -> str:
            with transaction.atomic():
                ContentType.objects.create(app_label="threads", model=str(number))
            return connection.vendor

        assert together(16, write) == [database] * 16
        assert ContentType.objects.filter(app_label="threads").count() == 16

    def test_returns_what_a_thread_raised_in_its_place(self) -> None:
        def work(number: int) -> int:
            if number == 1:
                raise LookupError("one")
            return number

        zero, one, two = together(3, work)

        assert (zero, two) == (0, 2)
        assert isinstance(one, LookupError)
