"""Send to the bucket what is not there yet, several at a time, and the page itself last.

What is there is known from listing alone: S3's ETag is the MD5 of what was put. How the files are to be sent (types,
caching) is not in a listing; the names of records begin with a digest of that, and where none begins with ours,
everything is sent again.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import Any

from deploy.aws import AT_ONCE
from deploy.failure import Failure
from deploy.site.files import ASK_EACH_TIME, FOR_EVER, PAGE, TYPES, File
from deploy.words import Language, Words

RELEASES = "site-releases/"
"""Where the artefacts' bucket keeps what each release consisted of, and its page, for the way back."""

UNCHANGED = Words("The site is as it was built; nothing was sent.", "サイトは最新です。送信するものはありません。")
WOULD_SEND = Words("{key}: would be sent, {size:,} bytes", "{key}: 送信予定（{size:,} バイト）")
SENT = Words("{key}: sent, {size:,} bytes ({number} of {count})", "{key}: 送信済み {size:,} バイト（{number}/{count}）")
REMOVED = Words(
    "{key}: removed; no page of this or the last release asks for it", "{key}: 削除（現在と直前の版では不要）"
)

NO_RECORD = Words(
    "The record of release {release} of the page is no longer in {bucket}. Check out that release and run: "
    "python -m deploy site STAGE",
    "画面のリリース {release} の記録が {bucket} にありません。その版をチェックアウトして、"
    "python -m deploy site STAGE を実行してください。",
)
NO_FILES = Words(
    "Release {release} of the page asks for files that are no longer there: {keys}. Check out that release and run: "
    "python -m deploy site STAGE",
    "画面のリリース {release} に必要なファイルがありません: {keys}。その版をチェックアウトして、"
    "python -m deploy site STAGE を実行してください。",
)


def release(files: Sequence[File]) -> dict[str, Any]:
    """Return what a release consists of, as it is recorded; `verify` holds every asset against it."""
    return {
        "files": {
            file.key: {
                "sha256": file.sha256,
                "bytes": len(file.body),
                "type": file.type,
                "encoding": file.encoding,
                "caching": file.caching,
            }
            for file in files
        }
    }


def identity(record: Mapping[str, Any]) -> str:
    """Return the digest of what a release consists of."""
    return _digest(record)[:20]


def _digest(document: Any) -> str:
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


WAY = _digest([dict(TYPES), FOR_EVER, ASK_EACH_TIME])[:8]


def listed(client: Any, bucket: str, prefix: str = "") -> dict[str, str]:
    """Return key -> ETag of what the bucket holds."""
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return {entry["Key"]: entry["ETag"].strip('"') for page in pages for entry in page.get("Contents", [])}


def missing(files: Iterable[File], held: Mapping[str, str]) -> list[File]:
    """Return the files that the bucket does not hold with these bytes."""
    return [file for file in files if held.get(file.key) != file.md5]


@dataclass(frozen=True, kw_only=True)
class _Compared:
    """What a listing of both buckets says of the files that are to be sent."""

    wanted: list[File]
    """What is to be sent, the page last."""
    record: Mapping[str, Any]
    """What this release consists of."""
    records: list[str]
    """The names of the records of releases, oldest first."""
    held: Mapping[str, str]
    """Key -> ETag of what the bucket of pages holds."""


class Site:
    """A stage's bucket of pages, and the bucket that keeps the record of releases."""

    def __init__(
        self,
        *,
        pages: Any,
        records: Any,
        bucket: str,
        archive: str,
        language: Language,
        say: Callable[[str], None],
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        """`pages`, `records`: S3 clients; the first may lead through the stage's own interface endpoint."""
        self.pages, self.records = pages, records
        self.bucket, self.archive = bucket, archive
        self.language, self.say, self.clock = language, say, clock

    def to_send(self, files: Sequence[File]) -> list[File]:
        """Return what differs from the bucket, the page last; everything when the way of sending has changed."""
        return self._compared(files).wanted

    def _compared(self, files: Sequence[File]) -> _Compared:
        with ThreadPoolExecutor(2) as pool:  # behind a proxy every answer takes its time
            listing, recorded = pool.submit(listed, self.pages, self.bucket), pool.submit(self._records)
            record = release(files)  # computed while nothing else is to be done
            records, held = recorded.result(), listing.result()
        sent_so_before = bool(records) and records[-1].startswith(f"{RELEASES}{WAY}-")
        return _Compared(
            wanted=missing(files, held if sent_so_before else {}), record=record, records=records, held=held
        )

    def plan(self, files: Sequence[File]) -> int:
        """Say what `send` would send, and return how many files that is."""
        wanted = self.to_send(files)
        for file in wanted:
            self.say(WOULD_SEND.say(self.language, key=file.key, size=len(file.body)))
        if not wanted:
            self.say(UNCHANGED.plain(self.language))
        return len(wanted)

    def send(self, files: Sequence[File]) -> int:
        """Send what differs and return how many files that was; whoever is reading meets no missing file.

        New assets first, the largest of them first of all, then the page that asks for them; the assets of the release
        before stay for whoever has its page open. Interrupted anywhere, the next run continues: the page is replaced
        only when all it needs is there, and a release whose record is not there is recorded.
        """
        compared = self._compared(files)
        wanted, record, held = compared.wanted, compared.record, compared.held
        kept = self._kept_as(record, compared.records)
        if not wanted:
            if kept:  # a run was cut off between the page and its record
                self._keep_page(kept, files[-1])
                self._keep_record(kept, record)
            self.say(UNCHANGED.plain(self.language))
            return 0
        *assets, page = files
        to_send = sorted((file for file in wanted if file.key != page.key), key=lambda file: -len(file.body))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            under_way: dict[Future[None], File | None] = {pool.submit(self._put, file): file for file in to_send}
            if kept:  # else an earlier run came as far as this
                under_way[pool.submit(self._keep_page, kept, page)] = None
            looked_up = pool.submit(self._before, compared)
            number = 0
            for done in as_completed(under_way):
                done.result()
                if file := under_way[done]:
                    number += 1
                    self._tell(file, number, len(wanted))
            before = looked_up.result()
            recorded = pool.submit(self._keep_record, kept, record) if kept else None
            if page in wanted:
                self._put(page)
                self._tell(page, len(wanted), len(wanted))
            if recorded:
                recorded.result()
        if before is not None:
            self._remove(held.keys() - {file.key for file in assets} - {PAGE} - before)
        return len(wanted)

    def restore(self, wanted: str) -> None:
        """Put the page of an earlier release in its place again; `wanted` is its record's digest.

        Raises:
            Failure: its record, its page or a file that it asks for is no longer there.

        """
        name = next((key for key in self._records() if key.endswith(f"-{wanted}.json")), "")
        if not name:
            raise Failure(NO_RECORD.say(self.language, release=wanted, bucket=self.archive))
        record = json.loads(self._kept(name))
        held = listed(self.pages, self.bucket)
        gone = sorted(record["files"].keys() - held.keys() - {PAGE})
        if gone:
            raise Failure(NO_FILES.say(self.language, release=wanted, keys=", ".join(gone)))
        body = self._kept(name.removesuffix(".json") + ".html")
        told = record["files"][PAGE]
        page = File(key=PAGE, body=body, type=told["type"], encoding=told["encoding"], caching=told["caching"])
        if held.get(PAGE) == page.md5:
            self.say(UNCHANGED.plain(self.language))
            return
        if kept := self._kept_as(record, self._records()):
            self._keep_page(kept, page)
            self._keep_record(kept, record)
        self._put(page)
        self._tell(page, 1, 1)

    def _tell(self, file: File, number: int, count: int) -> None:
        self.say(SENT.say(self.language, key=file.key, size=len(file.body), number=number, count=count))

    def _put(self, file: File) -> None:
        self.pages.put_object(
            Bucket=self.bucket,
            Key=file.key,
            Body=file.body,
            ContentType=file.type,
            CacheControl=file.caching,
            ChecksumAlgorithm="SHA256",
            **({"ContentEncoding": file.encoding} if file.encoding else {}),
        )

    def _kept_as(self, record: Mapping[str, Any], records: Sequence[str]) -> str:
        """Return the name to keep a release under; empty where it is the last one that was kept, sent in this way."""
        last = records[-1] if records else ""
        if last.startswith(f"{RELEASES}{WAY}-") and last.endswith(f"-{identity(record)}.json"):
            return ""
        return f"{RELEASES}{WAY}-{self.clock():%Y%m%dT%H%M%S%f}-{identity(record)}"

    def _keep_page(self, name: str, page: File) -> None:
        """Keep a release's page: the way back puts it in place again. Before the record, by which it is found."""
        self.records.put_object(Bucket=self.archive, Key=f"{name}.html", Body=page.body)

    def _keep_record(self, name: str, record: Mapping[str, Any]) -> None:
        """Keep what a release consists of, once all of it is there."""
        text = json.dumps(record, indent=1, sort_keys=True)
        self.records.put_object(Bucket=self.archive, Key=f"{name}.json", Body=text.encode())

    def _records(self) -> list[str]:
        held = listed(self.records, self.archive, RELEASES)
        return sorted((key for key in held if key.endswith(".json")), key=lambda key: key.split("-")[-2])

    def _before(self, compared: _Compared) -> set[str] | None:
        """Return the files of the release whose page is in the bucket; None where no other record tells of that page.

        The last record is not always its own: a run may have been cut off with only one of the two in place.
        """
        if PAGE not in compared.held:
            return set()  # nobody has it open
        ours = f"-{identity(compared.record)}.json"
        for key in reversed([key for key in compared.records if not key.endswith(ours)]):
            page = self._kept(key.removesuffix(".json") + ".html")
            if hashlib.md5(page, usedforsecurity=False).hexdigest() == compared.held[PAGE]:
                return set(json.loads(self._kept(key))["files"])
        return None

    def _kept(self, key: str) -> bytes:
        body: bytes = self.records.get_object(Bucket=self.archive, Key=key)["Body"].read()
        return body

    def _remove(self, keys: set[str]) -> None:
        for key in sorted(keys):
            self.pages.delete_object(Bucket=self.bucket, Key=key)
            self.say(REMOVED.say(self.language, key=key))
