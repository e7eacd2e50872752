"""What every head store owes the domain: the same tests for the folder of this machine and for S3."""

import datetime as dt
import secrets
from collections.abc import Mapping
from pathlib import Path

import pytest

from api.integrations.aws.credentials import CredentialSource
from api.integrations.aws.transport import Answer, Unreachable
from api.integrations.storage.local_heads import LocalHeadStore
from api.integrations.storage.s3_heads import S3HeadStore
from api.proposals.ports import AlreadyKept, HeadStore, StoreUnavailable
from api.proposals.verification import telling_heads
from tests.api.integrations.storage.s3_front import ENDPOINT, ENVIRONMENT, REGION, S3Front

YEAR = dt.timedelta(days=365)


class Heads:
    """A bucket of its own for each test, and what someone else could do to it."""

    def __init__(self, moto: tuple[str, int], *, locked: bool = True) -> None:
        self.bucket = f"audit-{secrets.token_hex(8)}"
        self.front = S3Front(*moto, bucket=self.bucket, locked=locked)
        self.store = self.over(self.front)

    def over(self, front: object) -> S3HeadStore:
        return S3HeadStore(
            bucket=self.bucket,
            endpoint=ENDPOINT,
            region=REGION,
            lasts=YEAR,
            credentials=CredentialSource(ENVIRONMENT),
            transport=front.send,  # type: ignore[attr-defined]  # whatever sends
        )

    def call(self, method: str, path: str, body: bytes = b"") -> Answer:
        return self.front._forward(method, f"https://{self.bucket}.{ENDPOINT}/{path}", {}, body)


@pytest.fixture
def audit(moto: tuple[str, int]) -> Heads:
    return Heads(moto)


@pytest.fixture(params=["local", "s3"])
def heads(request: pytest.FixtureRequest, tmp_path: Path) -> HeadStore:
    if request.param == "local":
        return LocalHeadStore(tmp_path)
    store: HeadStore = request.getfixturevalue("audit").store
    return store


class TestEveryHeadStore:
    def test_gives_back_what_it_was_given_in_that_order(self, heads: HeadStore) -> None:
        for name in ("2026/06/15/030000000000-1.json", "2026/06/16/030000000000-2.json"):
            heads.keep(name, name.encode())
        assert [(kept.name, heads.read(kept)) for kept in heads.names()] == [
            (name, name.encode()) for name in ("2026/06/15/030000000000-1.json", "2026/06/16/030000000000-2.json")
        ]

    def test_keeps_the_first_of_a_name(self, heads: HeadStore) -> None:
        heads.keep("a-1.json", b"first")
        with pytest.raises(AlreadyKept):
            heads.keep("a-1.json", b"second")
        assert [heads.read(kept) for kept in heads.names()] == [b"first"]

    def test_is_empty_at_first(self, heads: HeadStore) -> None:
        assert list(heads.names()) == []
        assert telling_heads(heads) == []


class TestS3:
    def test_locks_each_head(self, audit: Heads) -> None:
        audit.store.keep("a-1.json", b"first")
        answer = audit.call("HEAD", "a-1.json")
        assert answer.headers["x-amz-object-lock-mode"] == "GOVERNANCE"
        until = dt.datetime.fromisoformat(answer.headers["x-amz-object-lock-retain-until-date"])
        assert abs(until - dt.datetime.now(dt.UTC) - YEAR) < dt.timedelta(minutes=5)
        (kept,) = audit.store.names()
        assert audit.call("DELETE", f"a-1.json?versionId={kept.version}").status == 403

    def test_finds_what_was_hidden_or_overwritten(self, audit: Heads) -> None:
        audit.store.keep("a-1.json", b"first")
        audit.store.keep("b-2.json", b"second")
        audit.call("DELETE", "a-1.json")
        audit.call("PUT", "b-2.json", b"forged")
        contents = [audit.store.read(kept) for kept in audit.store.names()]
        assert sorted(contents) == [b"first", b"forged", b"second"]

    def test_reads_lists_of_many_pages(self, audit: Heads) -> None:
        for number in range(5):
            audit.store.keep(f"{number}-1.json", b"x")

        class Short:
            """Asks for pages of two."""

            def send(self, method: str, url: str, headers: Mapping[str, str], *, body: bytes = b"") -> Answer:
                return audit.front._forward(method, f"{url}&max-keys=2", headers, body)

        assert len(list(audit.over(Short()).names())) == 5

    def test_is_unavailable_where_nothing_answers_or_it_is_refused(self, audit: Heads, moto: tuple[str, int]) -> None:
        class Broken:
            def send(self, *_: object, **_options: object) -> Answer:
                raise Unreachable("timed out")

        class Refusing:
            def send(self, *_: object, **_options: object) -> Answer:
                return Answer(403, {}, b"<Error><Code>AccessDenied</Code></Error>")

        audit.store.keep("a-1.json", b"first")
        (kept,) = audit.store.names()
        for store in (audit.over(Broken()), audit.over(Refusing())):
            with pytest.raises(StoreUnavailable):
                store.keep("b-1.json", b"x")
            with pytest.raises(StoreUnavailable):
                list(store.names())
            with pytest.raises(StoreUnavailable):
                store.read(kept)

    def test_says_that_it_has_no_credentials(self, audit: Heads) -> None:
        store = S3HeadStore(
            bucket=audit.bucket, endpoint=ENDPOINT, region=REGION, lasts=YEAR, credentials=CredentialSource({})
        )
        with pytest.raises(StoreUnavailable, match="role"):
            store.keep("a-1.json", b"x")

    def test_asks_for_the_lock_so_that_a_bucket_without_one_refuses(self, audit: Heads) -> None:
        """moto takes these headers for any bucket; S3 answers 400 (InvalidRequest) where there is no lock."""
        seen: dict[str, str] = {}

        class Watching:
            def send(self, method: str, url: str, headers: Mapping[str, str], *, body: bytes = b"") -> Answer:
                seen.update(headers)
                return Answer(400, {}, b"<Code>InvalidRequest</Code>")

        with pytest.raises(StoreUnavailable, match="InvalidRequest"):
            audit.over(Watching()).keep("a-1.json", b"x")
        assert seen["x-amz-object-lock-mode"] == "GOVERNANCE"
        signed = seen["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
        assert {"x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date", "x-amz-checksum-sha256"} <= set(signed)
