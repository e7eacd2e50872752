"""S3's side of the doors: what passes, what does not, and what is said then."""

import base64
import datetime as dt
import functools
import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.auth import S3SigV4Auth, S3SigV4PostAuth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from api.integrations.aws.credentials import CredentialSource
from api.integrations.aws.transport import Answer as Sent
from api.integrations.storage.s3_heads import S3HeadStore
from api.proposals.ports import AlreadyKept, StoreUnavailable
from deploy.closedness.policy import Document
from deploy.rehearsal.cloud import local_cloud
from deploy.rehearsal.events import Answer, Call
from deploy.rehearsal.fronts import signatures
from deploy.rehearsal.fronts.bucket import S3
from deploy.rehearsal.fronts.policies import Door
from deploy.rehearsal.fronts.server import Visit
from deploy.rehearsal.fronts.signatures import Keys

REGION, ACCOUNT = "ap-northeast-1", "123456789012"
OURS, THEIRS = "vpce-0a", "vpce-0f"
BUCKET = "files-1"
HOST = f"{BUCKET}.bucket.vpce-0b-cd.s3.{REGION}.vpce.amazonaws.com"
ORIGIN = "https://page.example"
KEYS = Keys(access_key="ASIAEXAMPLE", secret_key="s" * 40, token="t" * 40, role=f"arn:aws:iam::{ACCOUNT}:role/web")
CREDENTIALS = Credentials(KEYS.access_key, KEYS.secret_key, KEYS.token)


def visit(method: str, url: str, *, body: bytes = b"", given: dict[str, str] | None = None, **headers: str) -> Visit:
    """A request to an address, as it arrives; headers by name, `_` for `-`."""
    parts = urlsplit(url)
    every = {**(given or {}), **headers}
    named = [("Host", parts.netloc), *((name.replace("_", "-"), value) for name, value in every.items())]
    call = Call(method=method, path=parts.path or "/", query=parts.query, headers=tuple(named), body=body)
    return Visit(call=call, secure=parts.scheme == "https", address="10.20.0.133")


class Rights:
    """Roles' policies: the one role there is may do everything with objects."""

    statements: tuple[Document, ...] = (
        {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*"},
    )

    def of_role(self, _arn: str) -> list[Document]:
        return [{"Version": "2012-10-17", "Statement": list(self.statements)}]


@pytest.fixture(scope="module")
def cloud() -> Iterator[Any]:
    """S3 of a local cloud, as its client."""
    with local_cloud():
        yield boto3.client("s3", region_name=REGION)


@pytest.fixture
def s3(cloud: Any) -> Iterator[Any]:
    """A bucket with one object, anew for each test."""
    cloud.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    cloud.put_object(Bucket=BUCKET, Key="a b/é.txt", Body=b"words", ContentType="text/plain")
    rule = {"AllowedOrigins": [ORIGIN], "AllowedMethods": ["POST"], "AllowedHeaders": ["*"], "MaxAgeSeconds": 60}
    cloud.put_bucket_cors(Bucket=BUCKET, CORSConfiguration={"CORSRules": [rule]})
    yield cloud
    for held in cloud.list_objects_v2(Bucket=BUCKET)["Contents"]:
        cloud.delete_object(Bucket=BUCKET, Key=held["Key"])
    cloud.delete_bucket(Bucket=BUCKET)


def allow(client: Any, action: str, resource: str = f"arn:aws:s3:::{BUCKET}/*", **condition: Any) -> None:
    """Let anybody do something, under a condition."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": resource, "Condition": condition}
    client.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def front(client: Any, door: Door | None = None, rights: Rights | None = None) -> S3:
    found = {KEYS.access_key: KEYS}
    way = door or Door(endpoint="vpce-0b", vpc="vpc-1")
    return S3(client, rights or Rights(), found.get, lambda: way, region=REGION, account=ACCOUNT)


def signed_url(method: str = "GET", *, key: str = "a%20b/%C3%A9.txt", lasts: int = 60, region: str = REGION) -> str:
    """A presigned URL, made by botocore."""
    request = AWSRequest(method=method, url=f"https://{HOST}/{key}")
    auth = S3SigV4QueryAuth(CREDENTIALS, "s3", region, expires=lasts)
    auth.add_auth(request)
    return str(request.url)


def signed_form(conditions: list[Any]) -> dict[str, str]:
    """The fields of a form for the key `up`, signed by botocore for a minute."""
    fields = {"key": "up"}
    ends = f"{dt.datetime.now(dt.UTC) + dt.timedelta(seconds=60):%Y-%m-%dT%H:%M:%SZ}"
    request = AWSRequest(method="POST", url=f"https://{HOST}/")
    request.context["s3-presign-post-fields"] = fields
    request.context["s3-presign-post-policy"] = {
        "expiration": ends,
        "conditions": [{"bucket": BUCKET}, {"key": "up"}, *conditions],
    }
    S3SigV4PostAuth(CREDENTIALS, "s3", REGION).add_auth(request)
    return fields


class TestTheBucket:
    def test_is_read_by_nobody_whom_no_policy_lets(self, s3: Any) -> None:
        answer = front(s3)(visit("GET", f"https://{HOST}/a%20b/%C3%A9.txt"))
        assert answer.status == 403
        assert b"<Code>AccessDenied</Code>" in answer.body

    def test_is_read_through_the_endpoint_that_its_policy_names_and_no_other(self, s3: Any) -> None:
        allow(s3, "s3:GetObject", StringEquals={"aws:SourceVpce": "vpce-0b"})
        asked = visit("GET", f"https://{HOST}/a%20b/%C3%A9.txt")
        answer = front(s3)(asked)
        assert (answer.status, answer.body) == (200, b"words")
        assert answer.header("content-type") == ["text/plain"]
        assert front(s3, Door(endpoint=THEIRS, vpc="v"))(asked).status == 403
        assert (
            front(s3, Door())(visit("GET", f"https://{BUCKET}.s3.{REGION}.amazonaws.com/a%20b/%C3%A9.txt")).status
            == 403
        )

    def test_is_not_read_where_the_endpoints_policy_says_no(self, s3: Any) -> None:
        allow(s3, "s3:GetObject")
        shut = Door(endpoint="vpce-0b", vpc="v", policy={"Version": "2012-10-17", "Statement": []})
        assert front(s3, shut)(visit("GET", f"https://{HOST}/a%20b/%C3%A9.txt")).status == 403

    def test_tells_its_policy_whether_the_line_is_in_the_clear(self, s3: Any) -> None:
        allow(s3, "s3:GetObject", Bool={"aws:SecureTransport": "true"})
        assert front(s3)(visit("GET", f"https://{HOST}/a%20b/%C3%A9.txt")).status == 200
        assert front(s3)(visit("GET", f"http://{HOST}/a%20b/%C3%A9.txt")).status == 403

    def test_tells_its_policy_where_who_comes_by_the_public_side_is(self, s3: Any) -> None:
        allow(s3, "s3:GetObject", IpAddress={"aws:SourceIp": "10.1.0.0/16"})
        public = visit("GET", f"https://{BUCKET}.s3.{REGION}.amazonaws.com/a%20b/%C3%A9.txt")
        assert front(s3, Door())(public).status == 200
        assert front(s3)(visit("GET", f"https://{HOST}/a%20b/%C3%A9.txt")).status == 403

    def test_says_403_for_what_is_missing_unless_one_may_list(self, s3: Any) -> None:
        allow(s3, "s3:GetObject")
        assert front(s3)(visit("GET", f"https://{HOST}/none")).status == 403
        allow(s3, "s3:*", "*")
        answer = front(s3)(visit("GET", f"https://{HOST}/none"))
        assert (answer.status, b"NoSuchKey" in answer.body) == (404, True)

    def test_has_no_index_document(self, s3: Any) -> None:
        s3.put_object(Bucket=BUCKET, Key="index.html", Body=b"page")
        allow(s3, "s3:GetObject")
        assert front(s3)(visit("GET", f"https://{HOST}/")).status == 403
        assert front(s3)(visit("GET", f"https://{HOST}/index.html")).body == b"page"

    def test_names_no_answer_for_nobody(self, s3: Any) -> None:
        allow(s3, "s3:GetObject")
        answer = front(s3)(visit("GET", f"https://{HOST}/a%20b/%C3%A9.txt?response-content-type=text/html"))
        assert (answer.status, b"InvalidRequest" in answer.body) == (400, True)

    def test_is_reached_in_the_path_too(self, s3: Any) -> None:
        allow(s3, "s3:GetObject")
        below = HOST.removeprefix(f"{BUCKET}.")
        assert front(s3)(visit("GET", f"https://{below}/{BUCKET}/a%20b/%C3%A9.txt")).status == 200

    def test_knows_no_other_names(self, s3: Any) -> None:
        assert front(s3)(visit("GET", f"https://{HOST.replace('.bucket.', '.')}/x")).status == 400


class TestASignedAddress:
    def test_of_botocores_is_good(self, s3: Any) -> None:
        assert front(s3)(visit("GET", signed_url())).body == b"words"

    def test_says_how_the_answer_is_to_be_named(self, s3: Any) -> None:
        assert front(s3)(visit("GET", signed_url(key="a%20b/%C3%A9.txt?response-content-type=a/b"))).header(
            "content-type"
        ) == ["a/b"]

    @pytest.mark.parametrize(
        ("old", "new", "code"),
        [
            ("X-Amz-Expires=60", "X-Amz-Expires=61", b"SignatureDoesNotMatch"),
            ("a%20b/", "a%20c/", b"SignatureDoesNotMatch"),
            ("ASIAEXAMPLE", "ASIAOTHER", b"InvalidAccessKeyId"),
            ("t" * 40, "u" * 40, b"InvalidToken"),
            ("X-Amz-Expires=60", "X-Amz-Expires=604801", b"AuthorizationQueryParametersError"),
            ("X-Amz-Expires=60", "X-Amz-Expires=%C2%B2", b"AuthorizationQueryParametersError"),
            ("X-Amz-Algorithm=AWS4", "X-Amz-Algorithm=AWS3", b"AuthorizationQueryParametersError"),
            ("X-Amz-Signature=", "X-Amz-Signature=%E7%94%B3", b"SignatureDoesNotMatch"),
        ],
    )
    def test_is_not_when_anything_of_it_is_changed(self, s3: Any, old: str, new: str, code: bytes) -> None:
        url = signed_url()
        assert old in url
        answer = front(s3)(visit("GET", url.replace(old, new)))
        assert answer.status in (400, 403)
        assert code in answer.body

    def test_is_good_for_its_time_only(self) -> None:
        url = urlsplit(signed_url(lasts=60))
        call = Call(path=url.path, query=url.query, headers=(("Host", HOST),))
        now = dt.datetime.now(dt.UTC)
        signer = functools.partial(signatures.signer, call, {KEYS.access_key: KEYS}.get, region=REGION)
        assert signer(at=now) == KEYS
        for moment in (now + dt.timedelta(seconds=61), now - dt.timedelta(minutes=16)):
            with pytest.raises(signatures.Refused, match="AccessDenied"):
                signer(at=moment)

    def test_is_good_in_its_region_only(self, s3: Any) -> None:
        answer = front(s3)(visit("GET", signed_url(region="us-east-1")))
        assert answer.status == 400
        assert b"the region 'us-east-1' is wrong; expecting 'ap-northeast-1'" in answer.body

    def test_is_signed_by_the_key_of_its_day(self, s3: Any) -> None:
        url = signed_url()
        found = re.search(r"%2F(\d{8})%2F", url)
        assert found
        answer = front(s3)(visit("GET", url.replace(f"%2F{found[1]}%2F", "%2F20000101%2F")))
        assert (answer.status, b"Invalid credential date" in answer.body) == (400, True)

    def test_holds_every_header_of_amazons(self, s3: Any) -> None:
        assert front(s3)(visit("GET", signed_url(), X_Own="1")).status == 200
        answer = front(s3)(visit("GET", signed_url(), X_Amz_Checksum_Mode="ENABLED"))
        assert (answer.status, b"which were not signed" in answer.body) == (403, True)

    def test_is_worth_what_its_role_may(self, s3: Any) -> None:
        nothing = Rights()
        nothing.statements = ()
        assert front(s3, rights=nothing)(visit("GET", signed_url())).status == 403

    def test_writes_and_removes_for_whom_may_only(self, s3: Any) -> None:
        """The role of these tests may get and put; another nothing."""
        nothing = Rights()
        nothing.statements = ()
        url = signed_url("PUT", key="new")
        assert front(s3, rights=nothing)(visit("PUT", url, body=b"x")).status == 403
        assert front(s3)(visit("DELETE", signed_url("DELETE"))).status == 403
        assert front(s3)(visit("PUT", url, body=b"x")).status == 200
        assert {one["Key"] for one in s3.list_objects_v2(Bucket=BUCKET)["Contents"]} == {"a b/é.txt", "new"}


def test_signed_headers_of_botocore_are_good_and_hold_the_body(s3: Any) -> None:
    request = AWSRequest(method="PUT", url=f"https://{HOST}/new", data=b"content", headers={"host": HOST})
    S3SigV4Auth(CREDENTIALS, "s3", REGION).add_auth(request)
    told = {name.replace("-", "_"): value for name, value in request.headers.items() if name.lower() != "host"}
    told.setdefault("X_Amz_Content_SHA256", hashlib.sha256(b"content").hexdigest())
    assert front(s3)(visit("PUT", f"https://{HOST}/new", body=b"content", given=told)).status == 200
    assert (
        b"XAmzContentSHA256Mismatch" in front(s3)(visit("PUT", f"https://{HOST}/new", body=b"other", given=told)).body
    )


class TestTheLockedBucket:
    """By the application's own store of the audit trail's heads, which no other part of a rehearsal asks so much of."""

    @pytest.fixture
    def bucket(self, cloud: Any) -> str:
        name = f"audit-{secrets.token_hex(4)}"
        where = {"LocationConstraint": REGION}
        cloud.create_bucket(Bucket=name, CreateBucketConfiguration=where, ObjectLockEnabledForBucket=True)
        return name

    def heads(self, cloud: Any, bucket: str, *more: str) -> S3HeadStore:
        """The store, its role allowed what the template gives it, or only some of that."""
        rights = Rights()
        actions = more or ("s3:PutObject", "s3:PutObjectRetention", "s3:GetObjectVersion", "s3:ListBucketVersions")
        rights.statements = ({"Effect": "Allow", "Action": list(actions), "Resource": f"arn:aws:s3:::{bucket}*"},)
        s3_front = front(cloud, Door(endpoint="vpce-gw", vpc="vpc-1"), rights)

        def send(method: str, url: str, headers: Mapping[str, str], *, body: bytes = b"") -> Sent:
            given = {name: value for name, value in headers.items() if name != "host"}
            answer = s3_front(visit(method, url, body=body, given=given))
            return Sent(answer.status, {name.lower(): value for name, value in answer.headers}, answer.body)

        keys = {"AWS_ACCESS_KEY_ID": KEYS.access_key, "AWS_SECRET_ACCESS_KEY": KEYS.secret_key,
                "AWS_SESSION_TOKEN": KEYS.token}  # fmt: skip
        return S3HeadStore(bucket=bucket, endpoint=f"s3.{REGION}.amazonaws.com", region=REGION,
                           lasts=dt.timedelta(days=1), credentials=CredentialSource(keys), transport=send)  # fmt: skip

    def test_gives_back_what_was_kept_in_its_order_page_by_page(
        self, cloud: Any, bucket: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        heads = self.heads(cloud, bucket)
        names = [f"2026/06/15/{number}.json" for number in range(3)]
        for name in names:
            heads.keep(name, name.encode())
        cloud.delete_object(Bucket=bucket, Key=names[0])  # a mark only, which hides nothing from who reads versions
        assert [(kept.name, heads.read(kept)) for kept in heads.names()] == [(name, name.encode()) for name in names]

        listed = cloud.list_object_versions
        monkeypatch.setattr(cloud, "list_object_versions", lambda **asked: listed(**asked, MaxKeys=2))
        assert [kept.name for kept in heads.names()] == names

    def test_keeps_a_name_once(self, cloud: Any, bucket: str) -> None:
        heads = self.heads(cloud, bucket)
        heads.keep("1.json", b"1")
        with pytest.raises(AlreadyKept):
            heads.keep("1.json", b"2")

    def test_locks_what_is_kept(self, cloud: Any, bucket: str) -> None:
        self.heads(cloud, bucket).keep("1.json", b"1")
        assert cloud.head_object(Bucket=bucket, Key="1.json")["ObjectLockMode"] == "GOVERNANCE"

    @pytest.mark.parametrize("without", ["s3:PutObject", "s3:PutObjectRetention"])
    def test_keeps_nothing_for_whom_a_right_is_missing(self, cloud: Any, bucket: str, without: str) -> None:
        rights = {"s3:PutObject", "s3:PutObjectRetention"} - {without}
        with pytest.raises(StoreUnavailable, match="403"):
            self.heads(cloud, bucket, *rights).keep("1.json", b"1")
        assert "Versions" not in cloud.list_object_versions(Bucket=bucket)

    def test_shows_its_versions_to_whom_may_list_them(self, cloud: Any, bucket: str) -> None:
        with pytest.raises(StoreUnavailable, match="403"):
            list(self.heads(cloud, bucket, "s3:ListBucket").names())


class TestAForm:
    CONTENT = b"\x00\r\n--x\r\nbytes" * 9

    def post(
        self,
        s3: Any,
        *,
        content: bytes = CONTENT,
        conditions: list[Any] | None = None,
        rights: Rights | None = None,
        **fields: str,
    ) -> Answer:
        """Send a form whose policy boto3 has signed for CONTENT."""
        digest = base64.b64encode(hashlib.sha256(self.CONTENT).digest()).decode()
        size = len(self.CONTENT)
        wanted = conditions or [["content-length-range", size, size], {"x-amz-checksum-sha256": digest}]
        made = signed_form(wanted) | {"x-amz-checksum-sha256": digest, **fields}
        parts = [
            f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in made.items()
        ]
        file = b'--B\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n' + content + b"\r\n--B--\r\n"
        kind = "multipart/form-data; boundary=B"
        asked = visit("POST", f"https://{HOST}/", body="".join(parts).encode() + file, Content_Type=kind, Origin=ORIGIN)
        return front(s3, rights=rights)(asked)

    def test_as_signed_is_taken_and_kept_byte_for_byte(self, s3: Any) -> None:
        answer = self.post(s3)
        assert (answer.status, answer.header("access-control-allow-origin")) == (204, [ORIGIN])
        held = s3.get_object(Bucket=BUCKET, Key="up", ChecksumMode="ENABLED")
        assert held["Body"].read() == self.CONTENT
        assert "ChecksumSHA256" in held

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"content": CONTENT + b"x"}, b"EntityTooLarge"),
            ({"content": CONTENT[1:]}, b"EntityTooSmall"),
            ({"content": b"y" * len(CONTENT)}, b"BadDigest"),
            ({"key": "elsewhere"}, b"AccessDenied"),
            ({"acl": "public-read"}, b"AccessDenied"),
            ({"x-amz-signature": "0" * 64}, b"SignatureDoesNotMatch"),
            ({"policy": base64.b64encode(b"{}").decode()}, b"SignatureDoesNotMatch"),
        ],
        ids=["longer", "shorter", "other bytes", "other key", "further field", "signature", "policy"],
    )
    def test_that_differs_from_what_was_signed_is_refused(self, s3: Any, changes: dict[str, Any], code: bytes) -> None:
        answer = self.post(s3, **changes)
        assert answer.status in (400, 403)
        assert code in answer.body
        assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET, Prefix="up")

    @pytest.mark.parametrize(
        "policy",
        [
            {"expiration": "2999-01-01T00:00:00", "conditions": []},  # no zone
            {"expiration": "2999-01-01T00:00:00Z", "conditions": 1},
            {"expiration": "2999-01-01T00:00:00Z", "conditions": [["content-length-range", "a", 1]]},
            {"expiration": "2999-01-01T00:00:00Z", "conditions": [["starts-with", "$key", 1]]},
            [],
        ],
    )
    def test_with_a_policy_that_is_none_is_told_so(self, s3: Any, policy: Any) -> None:
        text = base64.b64encode(json.dumps(policy).encode()).decode()
        scope = [f"{dt.datetime.now(dt.UTC):%Y%m%d}", REGION, "s3", "aws4_request"]
        changes: dict[str, Any] = {"policy": text, "x-amz-signature": signatures.sign(text, KEYS, scope)}
        answer = self.post(s3, **changes)
        assert (answer.status, b"InvalidPolicyDocument" in answer.body) == (400, True)

    def test_is_worth_what_its_role_may(self, s3: Any) -> None:
        nothing = Rights()
        nothing.statements = ()
        assert self.post(s3, rights=nothing).status == 403
        assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET, Prefix="up")

    def test_without_a_policy_is_nobodys(self, s3: Any) -> None:
        key = b'--B\r\nContent-Disposition: form-data; name="key"\r\n\r\nup\r\n'
        body = key + b'--B\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--B--'
        asked = visit("POST", f"https://{HOST}/", body=body, Content_Type="multipart/form-data; boundary=B")
        assert front(s3)(asked).status == 403


class TestAPreflight:
    def ask(self, s3: Any, origin: str, method: str, names: str = "x-own") -> Answer:
        headers = {"Origin": origin, "Access_Control_Request_Method": method, "Access_Control_Request_Headers": names}
        return front(s3)(visit("OPTIONS", f"https://{HOST}/", given=headers))

    def test_of_the_page_is_answered(self, s3: Any) -> None:
        answer = self.ask(s3, ORIGIN, "POST")
        assert (answer.status, answer.header("access-control-allow-origin")) == (200, [ORIGIN])

    @pytest.mark.parametrize(("origin", "method"), [("https://other.example", "POST"), (ORIGIN, "DELETE")])
    def test_of_others_or_for_more_is_refused(self, s3: Any, origin: str, method: str) -> None:
        answer = self.ask(s3, origin, method)
        assert answer.status == 403
        assert answer.header("access-control-allow-origin") == []

    def test_for_headers_that_no_rule_names_is_refused(self, s3: Any) -> None:
        rule = {"AllowedOrigins": [ORIGIN], "AllowedMethods": ["POST"], "AllowedHeaders": ["X-*"]}
        s3.put_bucket_cors(Bucket=BUCKET, CORSConfiguration={"CORSRules": [rule]})
        assert self.ask(s3, ORIGIN, "POST", "X-Own, x-amz-date").status == 200
        assert self.ask(s3, ORIGIN, "POST", "x-own, authorization").status == 403
