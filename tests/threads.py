"""Run the same work in many threads at once, as many people would."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections


def together[T](count: int, work: Callable[[int], T]) -> list[T | Exception]:
    """Call `work(0)` to `work(count - 1)`, each in a thread of its own, and return what each returned or raised.

    All threads wait for the last one before they begin. Each ends with its database connections closed, so that
    the test database can be removed. A test that uses this needs `@pytest.mark.django_db(transaction=True)`: what
    a test's own transaction holds is invisible to the threads.
    """
    start = threading.Barrier(count)

    def one(number: int) -> T | Exception:
        start.wait(timeout=60)
        try:
            return work(number)
        except Exception as error:  # noqa: BLE001  what it raised is the answer
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=count) as threads:
        return list(threads.map(one, range(count)))
