"""Working hours."""

import datetime as dt
import random
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from api.management.seed.calendar import later

TOKYO = ZoneInfo("Asia/Tokyo")


class TestLater:
    @given(
        st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2030, 1, 1), timezones=st.just(dt.UTC)),  # noqa: DTZ001
        st.integers(),
    )
    def test_is_later_and_in_working_hours(self, after: dt.datetime, seed: int) -> None:
        moment = later(after, random.Random(seed), least=1, most=30)  # noqa: S311  nothing secret

        assert moment >= after + dt.timedelta(hours=1)
        assert moment - after < dt.timedelta(hours=30) + dt.timedelta(days=4)
        local = moment.astimezone(TOKYO)
        assert 9 <= local.hour < 18
        assert local.weekday() < 5
