"""Our signatures are botocore's, whatever is signed."""

import datetime as dt
import json
import subprocess
import sys
from base64 import b64decode
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as TheirCredentials
from hypothesis import example, given
from hypothesis import strategies as st

from api.integrations.aws.signing import LONGEST, CannotSign, Credentials, Signer
from project.bootstrap import ROOT

AT = dt.datetime(2026, 11, 22, 14, 59, 58, tzinfo=dt.UTC)
HOST = "files.bucket.vpce-0123-abcd.s3.ap-northeast-1.vpce.amazonaws.com"

times = st.integers(1_000_000_000, 4_000_000_000).map(lambda second: dt.datetime.fromtimestamp(second, dt.UTC))
words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)
names = st.text(st.characters(codec="ascii", categories=["L", "N"], include_characters="-_.~"), min_size=1, max_size=20)
# A header holds visible ASCII and blanks; botocore and HTTP clients agree on no more than that.
header_values = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=40)
parts = words.filter(lambda part: part not in {".", ".."}).map(lambda part: part.replace("/", "-"))
paths = st.lists(parts.filter(bool), max_size=4).map(lambda found: "/" + "/".join(found))
base64_characters = st.characters(codec="ascii", categories=["L", "N"], include_characters="+/=")
keys = st.builds(
    Credentials,
    access_key=st.text("ABCDEFGHIJ234567", min_size=16, max_size=20),
    secret_key=st.text(base64_characters, min_size=1),
    token=st.just("") | st.text(base64_characters, min_size=1),
)
requests = st.tuples(
    st.sampled_from(["GET", "HEAD", "PUT", "DELETE"]),
    paths,
    st.dictionaries(names, words, max_size=3),
    st.dictionaries(names.map(lambda name: f"x-amz-meta-{name.lower()}"), header_values, max_size=3),
    st.binary(max_size=64),
)


def theirs(kind: type, signer: Signer, *arguments: Any, **options: Any) -> Any:
    keys = signer.credentials
    credentials = TheirCredentials(keys.access_key, keys.secret_key, keys.token or None)
    return kind(credentials, signer.service, signer.region, *arguments, **options)


def sign_at(auth: Any, at: dt.datetime, request: AWSRequest) -> AWSRequest:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.auth, "get_current_datetime", lambda *_args, **_options: at.replace(tzinfo=None))
        auth.add_auth(request)
    return request


def url_of(path: str, query: dict[str, str], host: str = HOST) -> str:
    address = f"https://{host}{quote(path, safe='/~')}"
    return f"{address}?{urlencode(query, quote_via=quote, safe='-_.~')}" if query else address


class TestSignedUrl:
    @given(keys, times, paths, st.dictionaries(names.map("r-".__add__), words, max_size=4), st.integers(1, 604800))
    @example(
        Credentials(access_key="A", secret_key="s", token="t"),
        AT,
        "/attachments/見積書 ~1.pdf",
        {"response-content-disposition": "attachment; filename*=UTF-8''%E8%A6%8B"},
        60,
    )
    def test_is_botocores_for_s3(
        self, credentials: Credentials, at: dt.datetime, path: str, query: dict[str, str], seconds: int
    ) -> None:
        signer = Signer(credentials=credentials, region="ap-northeast-1", service="s3")
        ours = signer.signed_url("GET", HOST, path, at=at, lasts=dt.timedelta(seconds=seconds), query=query)
        auth = theirs(botocore.auth.S3SigV4QueryAuth, signer, expires=seconds)
        expected = sign_at(auth, at, AWSRequest("GET", url_of(path, query))).url
        assert urlsplit(ours)[:3] == urlsplit(expected)[:3]
        assert sorted(parse_qsl(urlsplit(ours).query, keep_blank_values=True)) == sorted(
            parse_qsl(urlsplit(str(expected)).query, keep_blank_values=True)
        )

    @given(keys, times, st.text("abcdefghij_0123456789", min_size=1, max_size=30))
    def test_is_botocores_for_a_databases_token(self, credentials: Credentials, at: dt.datetime, user: str) -> None:
        host = "db.cluster-abc.ap-northeast-1.rds.amazonaws.com:5432"
        signer = Signer(credentials=credentials, region="ap-northeast-1", service="rds-db")
        query = {"Action": "connect", "DBUser": user}
        ours = signer.signed_url("GET", host, "/", at=at, lasts=dt.timedelta(minutes=15), query=query)
        auth = theirs(botocore.auth.SigV4QueryAuth, signer, expires=900)
        expected = sign_at(auth, at, AWSRequest("GET", url_of("/", query, host))).url
        assert sorted(parse_qsl(urlsplit(ours).query)) == sorted(parse_qsl(urlsplit(str(expected)).query))

    @pytest.mark.parametrize("lasts", [dt.timedelta(0), dt.timedelta(seconds=-1), LONGEST + dt.timedelta(seconds=1)])
    def test_lasts_no_longer_than_aws_allows(self, lasts: dt.timedelta) -> None:
        signer = Signer(credentials=Credentials(access_key="A", secret_key="s"), region="r", service="s3")
        with pytest.raises(CannotSign, match="7 days"):
            signer.signed_url("GET", HOST, "/key", at=AT, lasts=lasts)

    @pytest.mark.parametrize("path", ["key", "", "/a/../b", "/./a", "/.."])
    def test_is_refused_for_a_path_that_clients_would_change(self, path: str) -> None:
        signer = Signer(credentials=Credentials(access_key="A", secret_key="s"), region="r", service="s3")
        with pytest.raises(CannotSign, match="path"):
            signer.signed_url("GET", HOST, path, at=AT, lasts=LONGEST)


class TestSignedHeaders:
    @given(
        keys,
        times,
        st.sampled_from([("s3", botocore.auth.S3SigV4Auth), ("sqs", botocore.auth.SigV4Auth)]),
        requests,
    )
    def test_are_botocores(
        self,
        credentials: Credentials,
        at: dt.datetime,
        service: tuple[str, type],
        asked: tuple[str, str, dict[str, str], dict[str, str], bytes],
    ) -> None:
        method, path, query, headers, payload = asked
        signer = Signer(credentials=credentials, region="ap-northeast-1", service=service[0])
        ours = signer.signed_headers(method, HOST, path, at=at, query=query, headers=headers, payload=payload)
        request = AWSRequest(method, url_of(path, query), headers=headers, data=payload)
        expected = sign_at(theirs(service[1], signer), at, request).headers
        assert ours["authorization"] == expected["Authorization"]
        assert ours["x-amz-date"] == expected["X-Amz-Date"]


class TestSignedForm:
    @given(keys, times, st.dictionaries(names.map("f-".__add__), words, max_size=4), st.integers(0, 2**40))
    def test_is_botocores(self, credentials: Credentials, at: dt.datetime, fields: dict[str, str], size: int) -> None:
        signer = Signer(credentials=credentials, region="ap-northeast-1", service="s3")
        conditions: list[Any] = [{"bucket": "files"}, ["content-length-range", size, size]]
        ours = signer.signed_form(fields, at=at, expires_at=at + dt.timedelta(hours=1), conditions=conditions)

        request = AWSRequest("POST", f"https://{HOST}/")
        request.context["s3-presign-post-fields"] = dict(fields)
        request.context["s3-presign-post-policy"] = {
            "expiration": (at + dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "conditions": [*conditions, *({name: value} for name, value in fields.items())],
        }
        auth = theirs(botocore.auth.S3SigV4PostAuth, signer)
        expected = sign_at(auth, at, request).context["s3-presign-post-fields"]

        assert json.loads(b64decode(ours["policy"])) == json.loads(b64decode(expected["policy"]))
        assert ours.keys() == expected.keys()
        # The two write the same document with other blanks, so each signature is for its own text.
        request.context["timestamp"] = ours["x-amz-date"]
        assert ours["x-amz-signature"] == auth.signature(ours["policy"], request)


def test_the_store_imports_no_client_library() -> None:
    code = "import sys, api.integrations.storage.s3; print({'botocore', 'requests', 'urllib3'} & set(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "set()"


def test_credentials_show_no_secret_when_printed() -> None:
    shown = repr(Credentials(access_key="AKIA", secret_key="hidden-one", token="hidden-two"))
    assert "hidden" not in shown
