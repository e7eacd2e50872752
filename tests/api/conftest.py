"""Fixtures of the application's tests."""

import pytest

from tests.company import Company, found_company


@pytest.fixture
def company(db: None) -> Company:
    """A small company of which every department has a head."""
    return found_company()
