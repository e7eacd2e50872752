"""S3 behind an endpoint, or its public side: the REST endpoint, with the policies that AWS would ask.

No index document, no page for errors, no compression: that is the website endpoint, which no VPC endpoint has (Amazon
S3 User Guide, "AWS PrivateLink for Amazon S3", restrictions). Objects are kept by the local cloud.
"""

import base64
import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, unquote
from xml.sax.saxutils import escape

from botocore.exceptions import ClientError

from deploy.closedness.policy import ANONYMOUS, Principal
from deploy.rehearsal.events import Answer, Call
from deploy.rehearsal.fronts import cors, forms, listings
from deploy.rehearsal.fronts.policies import Door, Rights, ask, document
from deploy.rehearsal.fronts.server import Visit, is_address
from deploy.rehearsal.fronts.signatures import Find, Keys, Refused, signer

KEPT = {
    "CacheControl": "Cache-Control",
    "ContentDisposition": "Content-Disposition",
    "ContentEncoding": "Content-Encoding",
    "ContentLanguage": "Content-Language",
    "ContentType": "Content-Type",
    "ETag": "ETag",
    "VersionId": "x-amz-version-id",
    "ServerSideEncryption": "x-amz-server-side-encryption",
    "ContentRange": "Content-Range",
    "ChecksumSHA256": "x-amz-checksum-sha256",
}
"""What an object has, by botocore's names -> headers."""
OVERRIDES = {
    f"response-{name}": name.title()
    for name in ("cache-control", "content-disposition", "content-encoding", "content-language", "content-type")
}
_LOCKS = {
    "ObjectLockMode": "x-amz-object-lock-mode",
    "ObjectLockRetainUntilDate": "x-amz-object-lock-retain-until-date",
}
_OF_BUCKETS = frozenset({"s3:ListBucket", "s3:ListBucketVersions"})
"""Actions whose resource is a bucket, not an object."""
SERVICES = "192.0.2.1"
"""An address of AWS's own services (RFC 5737): one that no policy of ours names."""
_MESSAGES = {"NoSuchKey": "The specified key does not exist.", "NoSuchBucket": "The specified bucket does not exist"}


@dataclass(frozen=True)
class _Asked:
    """What a request means: a bucket, a key in it ("" for the bucket itself), who asks."""

    bucket: str
    key: str
    keys: Keys | None
    visit: Visit


class S3:
    """Answers for one endpoint (its own names and, for a gateway, S3's public ones) or for S3's public side."""

    def __init__(
        self, client: Any, rights: Rights, find: Find, door: Callable[[], Door], *, region: str, account: str
    ) -> None:
        self.client, self.rights, self.find, self.door = client, rights, find, door
        self.region, self.account = region, account

    def __call__(self, visit: Visit) -> Answer:
        """Answer one request."""
        call = visit.call
        if is_address(visit.host) and call.path == "/" and call.method == "GET":  # a load balancer's health check
            return Answer(status=307, headers=(*_ids(), ("Location", "https://aws.amazon.com/s3/")))
        rules: list[cors.Rule] = []
        try:
            bucket, key = self._meant(visit)
            rules = self._ask("get_bucket_cors", bucket, "CORSRules") or [] if bucket else []
            if call.method == "OPTIONS":
                return cors.preflight(call, rules)
            answer = self._answer(bucket, key, visit)
        except Refused as refused:
            answer = _error(refused, call)
        return Answer(status=answer.status, headers=(*answer.headers, *cors.headers(call, rules)), body=answer.body)

    def read(self, role: str, bucket: str, key: str) -> Answer:
        """Answer a service of AWS that took a role on: it comes through no endpoint of anybody's."""
        call = Call(method="GET", path=f"/{bucket}/{key}", source_ip=SERVICES)
        keys = Keys(access_key="", secret_key="", token="", role=role)
        try:
            return self._get(_Asked(bucket, unquote(key), keys, Visit(call=call, secure=True, address="")))
        except Refused as refused:
            return _error(refused, call)

    def _meant(self, visit: Visit) -> tuple[str, str]:
        """Give bucket and key: NAME.bucket.vpce-..., bucket.vpce-.../NAME, NAME.s3.REGION or s3.REGION/NAME."""
        path = unquote(visit.call.path.lstrip("/"))
        host = visit.host.lower()
        below = rf"(?:bucket\.vpce-[0-9a-z-]+\.s3\.{self.region}\.vpce|s3\.{self.region})\.amazonaws\.com"
        found = re.fullmatch(rf"(?:([a-z0-9-]+)\.)?{below}", host)
        if not found:
            raise Refused(400, "InvalidRequest", f"{host} is no name of a bucket here")
        if found[1]:
            return found[1], path
        bucket, _, key = path.partition("/")
        return bucket, key

    def _answer(self, bucket: str, key: str, visit: Visit) -> Answer:
        call, now = visit.call, dt.datetime.now(dt.UTC)
        if not bucket:
            raise Refused(403, "AccessDenied", "Access Denied")
        if call.method == "POST" and not key:
            return self._post(bucket, visit, now)
        asked = _Asked(bucket, key, signer(call, self.find, region=self.region, at=now), visit)
        match call.method, bool(key):
            case (("GET" | "HEAD"), True):
                return self._get(asked)
            case "PUT", True:
                return self._put(asked)
            case "DELETE", True:
                version = _version(call)
                self._may("s3:DeleteObjectVersion" if version else "s3:DeleteObject", asked)
                self._call("delete_object", Bucket=bucket, Key=key, **version)
                return Answer(status=204, headers=_ids())
            case (("GET" | "HEAD"), False):
                return self._list(asked)
        raise Refused(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")

    # ---- what may be done

    def _allowed(self, action: str, asked: _Asked) -> bool:
        keys = asked.keys
        principal, identity = ANONYMOUS, None
        if keys is not None:
            name = keys.role.rpartition("/")[2]
            principal = Principal("aws", f"arn:aws:sts::{self.account}:assumed-role/{name}/rehearsal")
            identity = self.rights.of_role(keys.role)
        resource = f"arn:aws:s3:::{asked.bucket}" + (f"/{asked.key}" if action not in _OF_BUCKETS else "")
        return ask(
            action,
            resource,
            door=self.door(),
            secure=asked.visit.secure,
            source=asked.visit.call.source_ip,
            principal=principal,
            identity=identity,
            policy=document(self._ask("get_bucket_policy", asked.bucket, "Policy")),
            account=self.account,
            context={"s3:prefix": dict(parse_qsl(asked.visit.call.query)).get("prefix", "")}
            if action in _OF_BUCKETS
            else {},
        ).allowed

    def _may(self, action: str, asked: _Asked) -> None:
        if not self._allowed(action, asked):
            raise Refused(403, "AccessDenied", "Access Denied")

    # ---- objects

    def _get(self, asked: _Asked) -> Answer:
        call = asked.visit.call
        query = dict(parse_qsl(call.query, keep_blank_values=True))
        if asked.keys is None and set(OVERRIDES) & set(query):
            raise Refused(400, "InvalidRequest", "Request specific response headers cannot be used for anonymous GET "
                          "requests.")  # fmt: skip
        version = _version(call)
        self._may("s3:GetObjectVersion" if version else "s3:GetObject", asked)
        conditions = {
            argument: call.header(header)[0]
            for argument, header in (("Range", "range"), ("IfNoneMatch", "if-none-match"), ("IfMatch", "if-match"))
            if call.header(header)
        }
        checksum = {"ChecksumMode": "ENABLED"} if call.header("x-amz-checksum-mode") else {}
        try:
            found = self.client.get_object(Bucket=asked.bucket, Key=asked.key, **version, **conditions, **checksum)
        except ClientError as error:
            raise self._missing(error, asked) from error
        content = found["Body"].read()
        told = {header: str(found[name]) for name, header in KEPT.items() if found.get(name)}
        if not checksum:
            told.pop("x-amz-checksum-sha256", None)
        told |= {header: query[name] for name, header in OVERRIDES.items() if name in query}
        told |= {"Last-Modified": f"{found['LastModified']:%a, %d %b %Y %H:%M:%S} GMT", "Accept-Ranges": "bytes",
                 "Content-Length": str(len(content))}  # fmt: skip
        status = 206 if found.get("ContentRange") else 200
        return Answer(status=status, headers=(*_ids(), *told.items()), body=content)

    def _missing(self, error: ClientError, asked: _Asked) -> Refused:
        """Give S3's answer to what is not there: who may not list a bucket does not learn what is missing.

        S3 API reference, "GetObject": 404 with the right to ListBucket, 403 without.
        """
        code = error.response["Error"]["Code"]
        status = int(error.response["ResponseMetadata"]["HTTPStatusCode"])
        if code in ("NoSuchKey", "404", "NoSuchVersion") and not self._allowed("s3:ListBucket", asked):
            return Refused(403, "AccessDenied", "Access Denied")
        code = {"404": "NoSuchKey", "304": "NotModified"}.get(code, code)
        return Refused(status, code, _MESSAGES.get(code, error.response["Error"].get("Message", code)))

    def _put(self, asked: _Asked) -> Answer:
        """Keep an object; locking it needs a right of its own, and a checksum (S3 API reference, "PutObject")."""
        self._may("s3:PutObject", asked)
        call = asked.visit.call
        given = {name.lower(): value for name, value in call.headers}
        further = {argument: given[header] for argument, header in _LOCKS.items() if header in given}
        if further:
            self._may("s3:PutObjectRetention", asked)
            if not any(name.startswith("x-amz-checksum-") for name in given) and "content-md5" not in given:
                raise Refused(400, "InvalidRequest", "Content-MD5 OR x-amz-checksum- HTTP header is required for Put "
                              "Object requests with Object Lock parameters")  # fmt: skip
        if "if-none-match" in given:
            further["IfNoneMatch"] = given["if-none-match"]
        return self._keep(asked.bucket, asked.key, call.body, given, status=200, further=further)

    def _post(self, bucket: str, visit: Visit, now: dt.datetime) -> Answer:
        form = forms.read(next(iter(visit.call.header("content-type")), ""), visit.call.body)
        keys = forms.allowed(form, bucket=bucket, find=self.find, region=self.region, at=now)
        key = form.fields.get("key", "")
        self._may("s3:PutObject", _Asked(bucket, key, keys, visit))
        wanted = form.fields.get("success_action_status", "204")
        status = int(wanted) if wanted in ("200", "201") else 204
        return self._keep(bucket, key, form.file, form.fields, status=status)

    def _keep(
        self,
        bucket: str,
        key: str,
        content: bytes,
        given: Mapping[str, str],
        *,
        status: int,
        further: Mapping[str, str] = MappingProxyType({}),
    ) -> Answer:
        declared = given.get("x-amz-checksum-sha256")
        if declared is not None and declared != base64.b64encode(hashlib.sha256(content).digest()).decode():
            raise Refused(400, "BadDigest", "The SHA256 you specified did not match the calculated checksum.")
        arguments = {name: given[header.lower()] for name, header in KEPT.items()
                     if header.lower() in given and name in ("CacheControl", "ContentDisposition", "ContentEncoding",
                                                             "ContentType")}  # fmt: skip
        if declared:
            arguments |= {"ChecksumSHA256": declared, "ChecksumAlgorithm": "SHA256"}
        made = self._call("put_object", Bucket=bucket, Key=key, Body=content, **arguments, **further)
        told = [("ETag", made["ETag"])]
        if made.get("VersionId"):
            told.append(("x-amz-version-id", made["VersionId"]))
        return Answer(status=status, headers=(*_ids(), *told))

    def _list(self, asked: _Asked) -> Answer:
        """List objects, or their versions; a page at a time."""
        query = dict(parse_qsl(asked.visit.call.query, keep_blank_values=True))
        if "versions" in query:
            self._may("s3:ListBucketVersions", asked)
            names = {"Prefix": "prefix", "KeyMarker": "key-marker", "VersionIdMarker": "version-id-marker"}
        else:
            self._may("s3:ListBucket", asked)
            names = {"Prefix": "prefix", "ContinuationToken": "continuation-token"}
        page: dict[str, Any] = {argument: query[name] for argument, name in names.items() if query.get(name)}
        if query.get("max-keys", "").isdecimal():
            page["MaxKeys"] = int(query["max-keys"])
        if "versions" in query:
            body = listings.versions(asked.bucket, self._call("list_object_versions", Bucket=asked.bucket, **page))
        else:
            body = listings.objects(asked.bucket, self._call("list_objects_v2", Bucket=asked.bucket, **page))
        return Answer(status=200, headers=(*_ids(), ("Content-Type", "application/xml")), body=body)

    # ---- the cloud behind

    def _call(self, name: str, **arguments: Any) -> dict[str, Any]:
        try:
            return dict(getattr(self.client, name)(**arguments))
        except ClientError as error:
            told = error.response["Error"]
            status = int(error.response["ResponseMetadata"]["HTTPStatusCode"])
            raise Refused(status, told["Code"], told.get("Message", "")) from error
        except OSError as error:  # no room; S3 API reference, "Error responses"
            raise Refused(503, "ServiceUnavailable", "Service is unable to handle request.") from error

    def _ask(self, name: str, bucket: str, key: str) -> Any:
        """Give what a bucket was configured with; None where it was not, and where it does not exist."""
        try:
            return getattr(self.client, name)(Bucket=bucket)[key]
        except ClientError:
            return None


def _version(call: Call) -> dict[str, str]:
    """Give which version of an object is meant, as botocore takes it; none: the newest."""
    query = dict(parse_qsl(call.query))
    return {"VersionId": query["versionId"]} if "versionId" in query else {}


def _ids() -> tuple[tuple[str, str], ...]:
    return (("x-amz-request-id", secrets.token_hex(8).upper()), ("x-amz-id-2", secrets.token_urlsafe(30)))


def _error(refused: Refused, call: Call) -> Answer:
    ids = _ids()
    body = (
        f"{listings.HEAD}<Error><Code>{refused.code}</Code><Message>{escape(refused.message)}</Message>"
        f"<RequestId>{ids[0][1]}</RequestId><HostId>{ids[1][1]}</HostId></Error>"
    )
    bare = call.method == "HEAD" or refused.status == 304
    headers = (*ids, ("Content-Type", "application/xml"))
    return Answer(status=refused.status, headers=headers, body=b"" if bare else body.encode())
