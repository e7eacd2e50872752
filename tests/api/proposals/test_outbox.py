"""The outbox is worked off at least once, in order, by any number of workers, whatever kills them."""

import datetime as dt
import threading
from collections import Counter

import pytest
from django.db import connection, transaction

from api.proposals import operations, outbox
from api.proposals.errors import AdministratorsOnly, NoSuchMessage, NotDead, SettlementNeeded
from api.proposals.models import AuditEvent, OutboxMessage, OutboxState
from api.proposals.outbox import BACK_OFF, LEASE, Handler, PermanentFailure, Tally
from tests.company import NOON, Company, submitted
from tests.threads import together


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> dt.datetime:
        return self.now


def put(key: str, *, kind: str = "mail", lane: str = "", at: dt.datetime = NOON) -> OutboxMessage:
    with transaction.atomic():
        return outbox.enqueue(kind=kind, dedupe_key=key, at=at, lane=lane, number=1)


class Post:
    """A handler that remembers what it was given, and fails as it is told."""

    def __init__(self, *errors: Exception) -> None:
        self.seen: list[str] = []
        self._errors = list(errors)

    def __call__(self, message: OutboxMessage, at: dt.datetime) -> None:
        self.seen.append(message.dedupe_key)
        if self._errors:
            raise self._errors.pop(0)


def drain(clock: Clock, post: Post, *, within_transaction: bool = False) -> Tally:
    handlers = {"mail": Handler(post, within_transaction=within_transaction)}
    return outbox.drain(handlers=handlers, clock=clock, until=clock.now + dt.timedelta(minutes=1))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.mark.django_db
class TestDrain:
    def test_does_each_message_once_and_then_nothing(self, clock: Clock) -> None:
        for number in range(3):
            put(str(number))
        post = Post()
        assert drain(clock, post) == Tally(done=3)
        assert drain(clock, post) == Tally()
        assert post.seen == ["0", "1", "2"]
        assert set(OutboxMessage.objects.values_list("state", "finished_at")) == {("done", NOON)}

    def test_leaves_for_later_what_is_not_due(self, clock: Clock) -> None:
        put("later", at=NOON + dt.timedelta(hours=1))
        assert drain(clock, Post()) == Tally()

    def test_keeps_the_order_of_a_lane_and_lets_others_pass(self, clock: Clock) -> None:
        for key, lane in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("free", "")):
            put(key, lane=lane)
        post = Post(ConnectionError())
        drain(clock, post)
        assert post.seen == ["a1", "b1", "free"]
        clock.now += BACK_OFF[0]
        drain(clock, post)
        assert post.seen == ["a1", "b1", "free", "a1", "a2"]

    def test_waits_longer_after_each_failure_and_gives_up_in_the_end(self, clock: Clock) -> None:
        message = put("x")
        post = Post(*(ConnectionError("田中 花子") for _ in range(20)))
        for pause in BACK_OFF:
            assert drain(clock, post) == Tally(failed=1)
            clock.now += pause - dt.timedelta(seconds=1)
            assert drain(clock, post) == Tally()
            clock.now += dt.timedelta(seconds=1)
        assert drain(clock, post) == Tally(dead=1)
        message.refresh_from_db()
        assert (message.state, message.error) == (OutboxState.DEAD, "ConnectionError")

    def test_gives_up_at_once_where_trying_again_cannot_help(self, clock: Clock) -> None:
        message = put("x")
        assert drain(clock, Post(PermanentFailure("no_address"))) == Tally(dead=1)
        message.refresh_from_db()
        assert message.error == "no_address"

    def test_shows_a_kind_that_nobody_handles(self, clock: Clock) -> None:
        message = put("x", kind="telegram")
        drain(clock, Post())
        message.refresh_from_db()
        assert (message.state, message.error) == (OutboxState.DEAD, "no_handler")

    def test_holds_up_a_lane_behind_what_was_given_up(self, clock: Clock) -> None:
        put("a1", lane="a")
        put("a2", lane="a")
        post = Post(PermanentFailure("no_address"))
        drain(clock, post)
        assert drain(clock, post) == Tally()
        assert post.seen == ["a1"]

    def test_stops_when_the_time_is_over_and_leaves_the_rest_untouched(self, clock: Clock) -> None:
        for number in range(3):
            put(str(number))

        def slow(_message: OutboxMessage, _at: dt.datetime) -> None:
            clock.now += dt.timedelta(seconds=45)

        until = clock.now + dt.timedelta(minutes=1)
        tally = outbox.drain(handlers={"mail": Handler(slow)}, clock=clock, until=until)
        assert tally == Tally(done=2)
        left = OutboxMessage.objects.get(state=OutboxState.WAITING)
        assert (left.attempts, left.lease) == (0, None)

    def test_takes_back_what_a_failed_handler_wrote_here(self, clock: Clock) -> None:
        put("x")

        def write_and_fail(message: OutboxMessage, _at: dt.datetime) -> None:
            OutboxMessage.objects.filter(pk=message.pk).update(payload={"written": 1})
            raise ConnectionError

        handlers = {"mail": Handler(write_and_fail, within_transaction=True)}
        outbox.drain(handlers=handlers, clock=clock, until=clock.now + LEASE)
        message = OutboxMessage.objects.get()
        assert (message.payload, message.state) == ({"number": 1}, OutboxState.WAITING)


@pytest.mark.django_db
class TestKilledWorkers:
    @pytest.mark.parametrize("within_transaction", [False, True])
    def test_lose_nothing(self, clock: Clock, within_transaction: bool) -> None:
        put("x")

        def die(_message: OutboxMessage, _at: dt.datetime) -> None:
            raise SystemExit

        handlers = {"mail": Handler(die, within_transaction=within_transaction)}
        with pytest.raises(SystemExit):
            outbox.drain(handlers=handlers, clock=clock, until=clock.now + LEASE)
        post = Post()
        assert drain(clock, post) == Tally()  # the lease still holds
        clock.now += LEASE + dt.timedelta(seconds=1)
        assert drain(clock, post) == Tally(done=1)

    def test_do_not_record_a_result_after_someone_else_took_over(self, clock: Clock) -> None:
        put("x")
        (mine,) = outbox.claim(at=clock.now, limit=1)
        clock.now += LEASE + dt.timedelta(seconds=1)
        (theirs,) = outbox.claim(at=clock.now, limit=1)
        assert not outbox._finish(mine, at=clock.now)
        assert outbox._finish(theirs, at=clock.now)

    def test_are_told_from_a_message_that_kills_every_worker(self, clock: Clock) -> None:
        message = put("x")
        for _ in range(len(BACK_OFF) + 1):
            assert outbox.claim(at=clock.now, limit=1)
            clock.now += LEASE + dt.timedelta(seconds=1)
        assert drain(clock, Post()) == Tally(dead=1)
        message.refresh_from_db()
        assert (message.state, message.error) == (OutboxState.DEAD, "worker_died")


@pytest.mark.django_db(transaction=True)
class TestManyWorkers:
    def test_four_drain_all_of_it_without_double_work_and_in_order(self, database: str) -> None:
        # SQLite has one writer at a time, and nobody deploys it: a fifth of the rows shows the same there.
        count = 10_000 if database == "postgresql" else 2_000
        with transaction.atomic():
            OutboxMessage.objects.bulk_create(
                OutboxMessage(
                    kind="mail",
                    dedupe_key=str(number),
                    created_at=NOON,
                    next_attempt_at=NOON,
                    lane=f"lane {number % 500}",
                )
                for number in range(count)
            )
        lock = threading.Lock()
        seen: list[int] = []

        def note(message: OutboxMessage, _at: dt.datetime) -> None:
            with lock:
                seen.append(int(message.dedupe_key))

        def worker(_number: int) -> Tally:
            total = Tally()
            # A lane that another worker is at hides what comes next in it; nobody can hide anything for long.
            for _ in range(count):
                if not OutboxMessage.objects.filter(state=OutboxState.WAITING).exists():
                    break
                tally = outbox.drain(
                    handlers={"mail": Handler(note)}, clock=lambda: NOON, until=NOON + LEASE, batch=100
                )
                total.done += tally.done
                total.lost += tally.lost
            return total

        tallies = together(4, worker)

        assert all(isinstance(tally, Tally) for tally in tallies), tallies
        assert sum(tally.done for tally in tallies if isinstance(tally, Tally)) == count
        assert max(Counter(seen).values()) == 1
        for lane in range(500):
            of_lane = [number for number in seen if number % 500 == lane]
            assert of_lane == sorted(of_lane)

    def test_a_timer_that_fires_twice_at_once_does_the_work_once(self) -> None:
        for number in range(20):
            put(str(number))
        post = Post()
        together(2, lambda _number: drain(Clock(), post))
        assert sorted(post.seen) == sorted(str(number) for number in range(20))


@pytest.mark.django_db
class TestAdministrator:
    @pytest.fixture
    def dead(self, company: Company, clock: Clock) -> OutboxMessage:
        submitted(company)
        OutboxMessage.objects.all().delete()
        put("a1", lane="a")
        put("a2", lane="a")
        drain(clock, Post(PermanentFailure("no_address")))
        return OutboxMessage.objects.get(state=OutboxState.DEAD)

    def test_lets_it_be_tried_again(self, company: Company, clock: Clock, dead: OutboxMessage) -> None:
        operations.retry_message(message_id=dead.pk, by=company.administrator, at=clock.now)
        post = Post()
        drain(clock, post)
        assert post.seen == ["a1", "a2"]
        assert AuditEvent.objects.latest("sequence").kind == "message_retried"

    def test_settles_it_by_hand_and_says_how(self, company: Company, clock: Clock, dead: OutboxMessage) -> None:
        with pytest.raises(SettlementNeeded):
            operations.settle_message(message_id=dead.pk, comment=" ", by=company.administrator, at=clock.now)
        settled = operations.settle_message(
            message_id=dead.pk, comment="電話で伝えました", by=company.administrator, at=clock.now
        )
        assert settled.state == OutboxState.SETTLED
        post = Post()
        drain(clock, post)
        assert post.seen == ["a2"]
        assert AuditEvent.objects.latest("sequence").data == {"message_id": dead.pk}

    def test_is_the_only_one_who_may_and_only_what_was_given_up(
        self, company: Company, clock: Clock, dead: OutboxMessage
    ) -> None:
        with pytest.raises(AdministratorsOnly):
            operations.retry_message(message_id=dead.pk, by=company.president, at=clock.now)
        with pytest.raises(NoSuchMessage):
            operations.retry_message(message_id=0, by=company.administrator, at=clock.now)
        waiting = OutboxMessage.objects.get(state=OutboxState.WAITING)
        with pytest.raises(NotDead):
            operations.retry_message(message_id=waiting.pk, by=company.administrator, at=clock.now)


def test_enqueueing_belongs_into_a_transaction(transactional_db: None) -> None:
    assert not connection.in_atomic_block
    with pytest.raises(RuntimeError, match="transaction"):
        outbox.enqueue(kind="mail", dedupe_key="x", at=NOON)
