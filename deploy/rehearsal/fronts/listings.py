"""What S3 says of what a bucket holds (S3 API reference, "ListObjectsV2", "ListObjectVersions"): a page of it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_OBJECT = ("Key", "VersionId", "IsLatest", "LastModified", "ETag", "Size")
"""What is told of an object, as far as botocore has it of one."""


def objects(bucket: str, found: Mapping[str, Any]) -> bytes:
    """Write what botocore has of a list of objects."""
    page = _members(found, ("Prefix", "KeyCount", "MaxKeys", "IsTruncated", "NextContinuationToken"))
    return _document("ListBucketResult", bucket, page + _each("Contents", found.get("Contents", [])))


def versions(bucket: str, found: Mapping[str, Any]) -> bytes:
    """Write what botocore has of a list of versions, and of the marks that stand for removals."""
    page = _members(found, ("Prefix", "MaxKeys", "IsTruncated", "NextKeyMarker", "NextVersionIdMarker"))
    entries = _each("Version", found.get("Versions", [])) + _each("DeleteMarker", found.get("DeleteMarkers", []))
    return _document("ListVersionsResult", bucket, page + entries)


def _document(name: str, bucket: str, content: str) -> bytes:
    return f'{HEAD}<{name} xmlns="{_SPACE}"><Name>{bucket}</Name>{content}</{name}>'.encode()


def _each(name: str, entries: Sequence[Mapping[str, Any]]) -> str:
    return "".join(f"<{name}>{_members(entry, _OBJECT)}</{name}>" for entry in entries)


def _members(held: Mapping[str, Any], names: Sequence[str]) -> str:
    return "".join(f"<{name}>{escape(_text(held[name]))}</{name}>" for name in names if name in held)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03d}Z"
    return str(value)
