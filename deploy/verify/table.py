"""The checks of a stage as data: what each proves, from where, and what the runner needs to look."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from deploy.keys import kinds
from deploy.verify.place import Place
from deploy.words import Words

Check = dict[str, Any]
CORPORATE, APP, DB, OUTSIDE = "corporate", "app", "db", "outside"

PRIVATE = (*map(str, kinds.PRIVATE), "fc00::/7")
"""RFC 1918, RFC 6598, RFC 4193: what a VPC's own addresses can be."""
STRANGER = "https://stranger.invalid"
"""An origin that no stage names (RFC 2606)."""
REDIRECTED = (301, 403)
"""What a load balancer says to whoever comes without TLS, and what AWS's own doors say."""
NEVER_THERE = "verify-must-not-be-written"
"""Key of the object that nobody may write into the page's bucket."""


def checks(place: Place) -> list[Check]:
    """Return every check, in the order in which a person would look."""
    return [*_names(place), *_page(place), *_api(place), *_journey(place), *_walls(place), *_ports(place)]


def _check(id_: str, kind: str, proves: Words, *, seen_from: Sequence[str] = (CORPORATE,), **how: Any) -> Check:
    """Return one check; `claim`: AWS's own pages do not say it, so that the first real run is the evidence."""
    return {
        "id": id_,
        "kind": kind,
        "from": list(seen_from),
        "proves": {"en": proves.en, "ja": proves.ja},
        "claim": bool(how.pop("claim", False)),
        **how,
    }


def _names(place: Place) -> Iterator[Check]:
    api = "" if place.one_origin else place.api
    doors = {noun: at for noun, at in (("page", place.page), ("api", api), ("files", place.files)) if at}
    for noun, address in doors.items():
        host = urlsplit(address).hostname
        words = Words("The name leads to private addresses only", "名前がプライベートアドレスだけを指す")
        yield _check(f"name.{noun}", "name", words, host=host, within=list(PRIVATE))
    for noun, address in doors.items():
        parts = urlsplit(address)
        words = Words("The certificate is right for the name", "証明書が名前と一致し、信頼できる")
        host, port = parts.hostname, parts.port or 443
        # What a company's own name shows is the company's certificate; no page of AWS's need say anything of it.
        claim = noun != "page" or place.door != "load-balancer"
        yield _check(f"certificate.{noun}", "certificate", words, host=host, port=port, claim=claim)


def _page(place: Place) -> Iterator[Check]:
    brotli = any(file["encoding"] == "br" for file in place.recorded.values())
    for aspect, words in (
        ("bytes", Words("Every file of the page is the one that was released", "画面の全ファイルがリリースと一致する")),
        ("type", Words("Every file says of what type it is", "全ファイルの種類（Content-Type）が正しい")),
        ("encoding", Words("Compressed files come as they were sent", "圧縮されたファイルがそのまま届く")),
        ("caching", Words("Every file may be kept as long as intended", "キャッシュの指定が意図どおりである")),
    ):
        claim = aspect == "encoding" and brotli
        yield _check(f"page.{aspect}", "files", words, aspect=aspect, claim=claim)
    yield _check(
        "page.policy",
        "policy",
        Words(
            "The page may talk to this API and these files only", "画面の通信先が、この API と添付ファイルに限られる"
        ),
        page="index.html",
        connect=["'self'" if place.one_origin else place.api_origin, *([place.files] if place.files else [])],
        recorded=place.policy,
    )
    if place.headers:
        yield _check(
            "page.headers",
            "request",
            Words(
                "The page may not be framed, and browsers come by TLS from now on",
                "画面はほかのサイトに埋め込めず、以後ブラウザーは必ず暗号化して接続する",
            ),
            request=_get(f"{place.page}/index.html"),
            status=[200],
            headers=[{"name": name, "is": value} for name, value in sorted(place.headers.items())],
            claim=True,
        )


def _api(place: Place) -> Iterator[Check]:
    for request in place.acceptance:
        name = f"{request['method']} {request['path']}"
        words = Words(f"The API answers {name} under its stage", f"API がステージ名の下で {name} に応答する")
        asked = {"method": request["method"], "url": place.api + request["path"], "headers": request["headers"]}
        yield _check(f"api:{name}", "request", words, request=asked, status=[request["status"]])
    if place.acceptance:
        address = place.api + place.acceptance[0]["path"]
        may = Words("The page may call the API", "画面から API を呼び出せる（CORS）")
        others = Words("A page of another origin may not call the API", "ほかの画面からは API を呼び出せない（CORS）")
        if not place.one_origin:
            yield _cors("cors.api", address, may, origin=place.page, allowed=True)
        yield _cors("cors.api-others", address, others, origin=STRANGER, allowed=False)
    if place.files:
        may = Words("The page may send files into the bucket", "画面から添付ファイルを送れる（CORS）")
        others = Words("A page of another origin may not send files", "ほかの画面からは添付ファイルを送れない（CORS）")
        yield _cors("cors.files", f"{place.files}/", may, origin=place.page_origin, allowed=True, claim=True)
        yield _cors("cors.files-others", f"{place.files}/", others, origin=STRANGER, allowed=False)


def _cors(id_: str, address: str, words: Words, *, origin: str, allowed: bool, claim: bool = False) -> Check:
    preflight = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    allows = "access-control-allow-origin"
    wanted = [{"name": allows, "is": origin}, {"name": "access-control-allow-methods", "has": "POST"}]
    return _check(
        id_,
        "request",
        words,
        request={"method": "OPTIONS", "url": address, "headers": preflight},
        # S3 refuses a preflight of others by 403; Django answers without allowing anything.
        status=[200, 204] if allowed else [200, 204, 403],
        headers=wanted if allowed else [{"name": allows, "not": origin}],
        claim=claim,
    )


def _journey(place: Place) -> Iterator[Check]:
    for leg in place.journey:
        if place.takes_files or not leg["files"]:
            words = Words(**leg["proves"])
            yield _check(f"person.{leg['name']}", "journey", words, line=leg["name"])


def _walls(place: Place) -> Iterator[Check]:
    page, inside = _get(f"{place.page}/index.html"), (CORPORATE, APP, OUTSIDE)
    if place.one_origin:
        yield from _changes("page", f"{place.page}/assets/{NEVER_THERE}", page, refusals=(403, 404, 405))
    if place.bucket_origin or not place.one_origin:
        bucket = place.bucket_origin or place.page
        yield from _changes("bucket" if place.one_origin else "page", f"{bucket}/{NEVER_THERE}", page)
        yield _wall(
            "bucket-list" if place.one_origin else "page-list",
            Words("Nobody may list the page's bucket", "画面のバケットは一覧できない"),
            _get(f"{bucket}/?list-type=2"),
            page,
        )
    yield _wall(
        "page-plain",
        Words("The page does not come without TLS", "画面は暗号化なし（HTTP）では取得できない"),
        _get(f"http://{urlsplit(place.page).hostname}{urlsplit(place.page).path}/index.html"),
        page,
        refusals=REDIRECTED if place.balancer else (403,),
    )
    if place.balancer:
        yield _wall(
            "other-name",
            Words("The load balancer answers to no other name", "ロードバランサーはほかの名前では応答しない"),
            {**_get(f"{place.page}/index.html"), "headers": {"Host": urlsplit(STRANGER).hostname}},
            page,
            refusals=(403, 404),
        )
    yield _wall(
        "page-public",
        Words("The page does not come by its public name", "画面は公開名では取得できない"),
        _get(f"https://{place.bucket}.s3.{place.region}.amazonaws.com/index.html"),
        page,
        seen_from=inside,
        database=place.database,
    )
    yield _wall(
        "page-foreign",
        Words("The page does not come through a foreign endpoint", "画面は他者のエンドポイント経由では取得できない"),
        _get(f"https://{place.bucket}.bucket.{{foreign}}/index.html"),
        page,
        service="s3",
    )
    if place.files:
        yield _wall(
            "files-unsigned",
            Words("No file comes without a signature", "署名のない要求では添付ファイルを扱えない"),
            _get(f"{place.files}/?list-type=2"),
            page,
        )
        yield _wall(
            "files-public",
            Words("No file comes by the bucket's public name", "添付ファイルは公開名では取得できない"),
            _get(f"https://{place.files_bucket}.s3.{place.region}.amazonaws.com/?list-type=2"),
            page,
            seen_from=inside,
            database=place.database,
        )
    if place.acceptance:
        yield from _api_walls(place)


def _changes(noun: str, address: str, page: Mapping[str, Any], *, refusals: Sequence[int] = (403,)) -> Iterator[Check]:
    """Yield the attempts to write and to delete an object that no stage has."""
    yield _wall(
        f"{noun}-write",
        Words("Nobody may write into the page's bucket", "画面のバケットには誰も書き込めない"),
        {"method": "PUT", "url": address, "body": "written by a verification\n"},
        page,
        undo={"method": "DELETE", "url": address},
        refusals=refusals,
    )
    yield _wall(
        f"{noun}-delete",
        Words("Nobody may delete from the page's bucket", "画面のバケットからは誰も削除できない"),
        {"method": "DELETE", "url": address},
        page,
        refusals=refusals,
    )


def _api_walls(place: Place) -> Iterator[Check]:
    path, own = place.acceptance[0]["path"], place.acceptance[0]["status"]
    api = {"method": "GET", "url": place.api + path, "status": [own]}
    public = f"{place.api_id}.execute-api.{place.region}.amazonaws.com"
    yield _wall(
        "api-plain",
        Words("The API does not answer without TLS", "API は暗号化なし（HTTP）では応答しない"),
        _get(f"http://{urlsplit(place.api).hostname}{urlsplit(place.api).path}{path}"),
        api,
        refusals=REDIRECTED if place.balancer else (403,),
    )
    if not place.api_id:
        return
    yield _wall(
        "api-public",
        Words("The API does not answer by its public name", "API は公開名では応答しない"),
        _get(f"https://{public}/{place.stage}{path}"),
        api,
        # Private DNS serves that name inside, and means the same endpoint by it.
        seen_from=[OUTSIDE] if place.private_dns else [CORPORATE, APP, OUTSIDE],
        database=place.database,
    )
    yield _wall(
        "api-foreign",
        Words("The API does not answer through a foreign endpoint", "API は他者のエンドポイント経由では応答しない"),
        {**_get(f"https://{{foreign}}/{place.stage}{path}"), "headers": {"Host": public}},
        api,
        service="execute-api",
    )


def _wall(
    name: str,
    words: Words,
    request: Mapping[str, Any],
    control: Mapping[str, Any],
    *,
    seen_from: Sequence[str] = (CORPORATE,),
    database: str = "",
    refusals: Sequence[int] = (403,),
    **how: Any,
) -> Check:
    """Return a request that must be refused, and for each vantage what must not be."""
    controls: dict[str, Any] = {CORPORATE: {"status": [200], **control}}
    if database:
        controls[APP] = database
    return _check(
        f"wall.{name}",
        "refused",
        words,
        seen_from=seen_from,
        request=request,
        refusals=list(refusals),
        control=controls,
        **how,
    )


def _ports(place: Place) -> Iterator[Check]:
    closed_to = (DB, OUTSIDE) if place.functions_call_endpoints else (APP, DB, OUTSIDE)
    if place.balancer:  # its own name: the company's is known to the company's DNS alone
        yield _check(
            "wall.page-port",
            "closed",
            Words(
                "The load balancer takes connections from the company only",
                "ロードバランサーは社内からの接続だけを受け付ける",
            ),
            seen_from=(APP, DB, OUTSIDE),
            host=place.balancer,
            port=urlsplit(place.page).port or 443,
            control={APP: place.database} if place.database else {},
        )
    doors = {"page": "" if place.balancer else place.page, "api": "" if place.one_origin else place.api}
    doors |= {"files": place.files} if place.one_origin else {}
    for noun, address in doors.items():
        if not address:
            continue
        parts = urlsplit(address)
        yield _check(
            f"wall.{noun}-port",
            "closed",
            Words(
                "The endpoint takes connections from the company only", "エンドポイントは社内からの接続だけを受け付ける"
            ),
            seen_from=closed_to,
            host=parts.hostname,
            port=parts.port or 443,
            control={APP: place.database} if place.database else {},
        )
    yield _check(
        "wall.way-out",
        "closed",
        Words("Nothing in the stage's subnets reaches what lies outside", "ステージのサブネットから外部に接続できない"),
        seen_from=(APP, DB),
        # Any public address would do; this service has no endpoint of ours, and is asked for by nobody here.
        host=f"sts.{place.region}.amazonaws.com",
        port=443,
        control={APP: place.database} if place.database else {},
    )
    if not place.database:
        return
    host, _, port = place.database.rpartition(":")
    page = urlsplit(place.page)
    yield _check(
        "wall.database",
        "closed",
        Words("The database takes connections from functions only", "データベースは関数からの接続だけを受け付ける"),
        seen_from=(CORPORATE, DB, OUTSIDE),
        host=host,
        port=int(port),
        control={CORPORATE: f"{page.hostname}:{page.port or 443}"},
    )
    yield _check(
        "open.database",
        "open",
        Words("Functions reach the database", "関数からデータベースに接続できる"),
        seen_from=(APP,),
        host=host,
        port=int(port),
    )


def _get(url: str) -> dict[str, Any]:
    return {"method": "GET", "url": url}
