"""The page on its way to a bucket: only what changed, in an order that leaves no visitor without a file."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError

from deploy.aws import AT_ONCE, SENT_AT_ONCE, session
from deploy.failure import Failure
from deploy.rehearsal.cloud import local_cloud
from deploy.site import files, sync
from deploy.site.files import PAGE, File, built, page
from deploy.site.sync import RELEASES, Site
from tests.deploy.paths import ROOT
from tests.deploy.surroundings import REGION, client

API = "https://a1b2c3d4e5-vpce-0123456789abcdef0.execute-api.ap-northeast-1.amazonaws.com/poc/api/"
ORIGIN = "https://files.vpce-0123456789abcdef0.s3.ap-northeast-1.vpce.amazonaws.com"
PAGES, RECORDS = "cloister-poc-site-123456789012", "cloister-poc-artefacts-123456789012"


@pytest.fixture(autouse=True)
def buckets() -> Iterator[None]:
    with local_cloud():
        for name in (PAGES, RECORDS):
            client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A built page: the real index.html, a script and a style sheet as Vite names them, and Vite's own manifest."""
    made = tmp_path / "dist"
    for name, text in {
        "index.html": (ROOT / "spa" / "index.html").read_text(encoding="utf-8"),
        "assets/index-Dk29sLaa.js": "console.log('申請');\n" * 200,
        "assets/index-Bq1x.css": "body { margin: 0 }\n" * 50,
        "icon.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
        ".vite/manifest.json": "{}",
    }.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(text, encoding="utf-8")
    return made


class Calls:
    """An S3 client that notes what is called, and breaks the line before the change whose number or key it is told."""

    def __init__(self, breaks_at: int | None = None, breaks_for: str = "nothing") -> None:
        """`breaks_for`: how the key ends."""
        self.client, self.made = client("s3"), list[tuple[str, str]]()
        self.breaks_at, self.breaks_for = breaks_at, breaks_for

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            key = named.get("Key", "")
            if name.startswith(("put", "delete")) and (
                len(self.made) == self.breaks_at or key.endswith(self.breaks_for)
            ):
                raise EndpointConnectionError(endpoint_url="https://s3")
            self.made.append((name, key))
            return getattr(self.client, name)(*arguments, **named)

        return call


def site(said: list[str] | None = None, pages: Any = None, records: Any = None) -> Site:
    say = (said if said is not None else []).append
    return Site(
        pages=pages or client("s3"),
        records=records or client("s3"),
        bucket=PAGES,
        archive=RECORDS,
        language="en",
        say=say,
    )


def all_files(folder: Path, compression: str = "brotli") -> list[File]:
    return built(page(API, [ORIGIN], folder), compression, folder)


def keys() -> list[str]:
    return sorted(sync.listed(client("s3"), PAGES))


def records() -> list[str]:
    return [key for key in sync.listed(client("s3"), RECORDS, RELEASES) if key.endswith(".json")]


def change(folder: Path, digest: str = "Zz00aaaa") -> None:
    """Build anew: another script, whose new name the page carries."""
    next((folder / "assets").glob("index-*.js")).unlink()
    (folder / f"assets/index-{digest}.js").write_text(f"console.log('{digest}');\n" * 200, encoding="utf-8")
    text = (folder / "index.html").read_text(encoding="utf-8")
    (folder / "index.html").write_text(f"{text}<!-- {digest} -->", encoding="utf-8")


class TestAFile:
    @pytest.mark.parametrize(
        ("compression", "encoding", "unpacked"),
        [("brotli", "br", brotli.decompress), ("gzip", "gzip", gzip.decompress)],
    )
    def test_is_sent_compressed_with_its_type_and_kept_as_long_as_its_name_allows(
        self, folder: Path, compression: str, encoding: str, unpacked: Callable[[bytes], bytes]
    ) -> None:
        site().send(all_files(folder, compression))

        sent = client("s3").get_object(Bucket=PAGES, Key="assets/index-Dk29sLaa.js")
        assert unpacked(sent["Body"].read()).decode() == "console.log('申請');\n" * 200
        assert (sent["ContentType"], sent["ContentEncoding"], sent["CacheControl"]) == (
            "text/javascript; charset=utf-8",
            encoding,
            "public, max-age=31536000, immutable",
        )

    def test_that_would_grow_is_sent_as_it_is(self, folder: Path) -> None:
        site().send(all_files(folder))

        sent = client("s3").get_object(Bucket=PAGES, Key="icon.svg")
        assert sent["Body"].read() == (folder / "icon.svg").read_bytes()
        assert "ContentEncoding" not in sent

    def test_of_a_type_that_nobody_knows_stops_everything_by_name(self, folder: Path) -> None:
        (folder / "assets" / "data.bin").write_bytes(b"?")
        with pytest.raises(Failure, match=r"assets/data\.bin: nobody said of what media type .*'\.bin'"):
            all_files(folder)

    def test_of_the_builds_own_is_not_sent(self, folder: Path) -> None:
        site().send(all_files(folder))
        assert keys() == ["assets/index-Bq1x.css", "assets/index-Dk29sLaa.js", "icon.svg", "index.html"]

    def test_is_the_same_whenever_it_is_compressed(self, folder: Path) -> None:
        assert all_files(folder, "gzip") == all_files(folder, "gzip")


class TestThePage:
    def test_knows_the_api_and_may_reach_it_and_the_bucket(self, folder: Path) -> None:
        site().send(all_files(folder))

        sent = client("s3").get_object(Bucket=PAGES, Key="index.html")
        html = brotli.decompress(sent["Body"].read()).decode()
        assert f'<meta name="cloister-api" content="{API}">' in html
        assert f"connect-src {API.removesuffix('/poc/api/')} {ORIGIN};" in html
        assert sent["CacheControl"] == "no-cache"

    def test_that_is_not_built_says_how_to_build_it(self, tmp_path: Path) -> None:
        with pytest.raises(Failure, match="make setup"):
            page(API, [], tmp_path)

    def test_with_an_address_that_is_none_is_refused(self, folder: Path) -> None:
        with pytest.raises(Failure, match="is no address of the API"):
            page("http:/nowhere", [], folder)

    def test_comes_last(self, folder: Path) -> None:
        calls = Calls()
        site(pages=calls).send(all_files(folder))

        puts = [key for name, key in calls.made if name == "put_object"]
        assert puts[-1] == "index.html"
        assert len(puts) == 4


class TestASecondRun:
    def test_lists_and_says_that_nothing_changed(self, folder: Path) -> None:
        site().send(all_files(folder))
        calls, said = Calls(), list[str]()

        assert site(said, pages=calls).send(all_files(folder)) == 0

        assert [name for name, _key in calls.made] == ["get_paginator"]
        assert said == ["The site is as it was built; nothing was sent."]

    def test_after_a_change_sends_what_changed_and_leaves_the_last_release_to_whoever_reads_it(
        self, folder: Path
    ) -> None:
        site().send(all_files(folder))
        change(folder)
        said: list[str] = []

        assert site(said).send(all_files(folder)) == 2

        assert [line.split(":")[0] for line in said] == ["assets/index-Zz00aaaa.js", "index.html"]
        assert "assets/index-Dk29sLaa.js" in keys()

    def test_after_two_changes_removes_what_only_the_release_before_the_last_had(self, folder: Path) -> None:
        site().send(all_files(folder))
        change(folder)
        site().send(all_files(folder))
        (folder / "icon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>')

        site().send(all_files(folder))

        assert "assets/index-Dk29sLaa.js" not in keys()
        assert "assets/index-Zz00aaaa.js" in keys()

    @pytest.mark.parametrize("calls", range(1, 5))
    def test_continues_one_that_was_cut_off_anywhere(self, folder: Path, calls: int) -> None:
        site().send(all_files(folder))
        old_page = client("s3").get_object(Bucket=PAGES, Key="index.html")["ETag"]
        change(folder)
        (folder / "icon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>')
        broken = Calls(breaks_at=calls)

        try:
            site(pages=broken).send(all_files(folder))
        except EndpointConnectionError:
            assert client("s3").get_object(Bucket=PAGES, Key="index.html")["ETag"] == old_page
        site().send(all_files(folder))

        assert sync.missing(all_files(folder), sync.listed(client("s3"), PAGES)) == []
        assert "assets/index-Dk29sLaa.js" in keys()

    def test_records_the_release_whose_page_came_and_whose_record_did_not(self, folder: Path) -> None:
        site().send(all_files(folder))
        change(folder)
        with pytest.raises(EndpointConnectionError):
            site(records=Calls(breaks_for=".json")).send(all_files(folder))
        assert len(records()) == 1

        assert site().send(all_files(folder)) == 0

        assert len(records()) == 2
        calls = Calls()
        site(records=calls).send(all_files(folder))
        assert [name for name, _key in calls.made] == ["get_paginator"]

    @pytest.mark.parametrize("lost", [PAGE, ".json"])
    def test_leaves_its_files_to_the_page_that_is_there_when_the_last_run_lost_its_page_or_its_record(
        self, folder: Path, lost: str
    ) -> None:
        site().send(all_files(folder))
        change(folder)
        with pytest.raises(EndpointConnectionError):
            site(pages=Calls(breaks_for=lost), records=Calls(breaks_for=lost)).send(all_files(folder))
        change(folder, "Yy11bbbb")

        site().send(all_files(folder))

        there = "assets/index-Dk29sLaa.js" if lost == PAGE else "assets/index-Zz00aaaa.js"
        assert {there, "assets/index-Yy11bbbb.js"} <= set(keys())

    def test_sends_everything_again_when_the_way_of_sending_changed_and_only_once(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        site().send(all_files(folder))
        monkeypatch.setattr(sync, "WAY", "another0")
        assert site().send(all_files(folder)) == 4
        assert site().send(all_files(folder)) == 0

    def test_that_only_plans_sends_nothing(self, folder: Path) -> None:
        said: list[str] = []
        assert site(said).plan(all_files(folder)) == 4
        assert keys() == []
        assert said[-1].startswith("index.html: would be sent, ")


def test_every_release_is_recorded_with_its_page(folder: Path) -> None:
    site().send(all_files(folder))
    change(folder)
    site().send(all_files(folder))

    held = sorted(sync.listed(client("s3"), RECORDS, RELEASES))
    assert [key.rpartition(".")[2] for key in held] == ["html", "json", "html", "json"]


@pytest.mark.parametrize(("size", "asks"), [(0, False), (SENT_AT_ONCE, False), (SENT_AT_ONCE + 1, True)])
def test_only_for_a_large_object_s3_is_asked_before_it_is_sent(size: int, asks: bool) -> None:
    sent: list[bool] = []
    s3 = session(REGION).client("s3")
    s3.meta.events.register_first(
        "before-send.s3.PutObject", lambda request, **_: sent.append("Expect" in request.headers)
    )

    s3.put_object(Bucket=PAGES, Key="a", Body=bytes(size), ChecksumAlgorithm="SHA256")

    assert sent == [asks]


def test_a_connection_is_kept_for_every_file_under_way() -> None:
    for config in (None, Config(connect_timeout=10)):
        assert session(REGION).client("s3", config=config).meta.config.max_pool_connections == AT_ONCE


def test_every_ending_of_the_real_page_has_a_type() -> None:
    endings = {
        path.suffix for path in (ROOT / "spa" / "dist").rglob("*") if path.is_file() and ".vite" not in path.parts
    }
    assert endings <= files.TYPES.keys()
