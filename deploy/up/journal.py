"""What earlier runs of `up` have finished and AWS does not tell: a note for each step, in the artefacts' bucket.

A note says what the step was done with (ids and digests, never a secret); a step whose note says what it would do now
has nothing to do.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

FOLDER = "journal/"


def digest(document: Any) -> str:
    """Return a short digest of a document."""
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:20]


class Journal:
    """The notes of one stage."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def read(self, step: str) -> dict[str, Any]:
        """Return a step's note; empty when it was never finished."""
        from botocore.exceptions import ClientError

        try:
            body = self._client.get_object(Bucket=self._bucket, Key=f"{FOLDER}{step}.json")["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("NoSuchKey", "NoSuchBucket", "404"):
                raise
            return {}
        return dict(json.loads(body))

    def write(self, step: str, note: Mapping[str, Any]) -> None:
        """Note that a step is finished."""
        text = json.dumps(note, indent=1, sort_keys=True)
        self._client.put_object(Bucket=self._bucket, Key=f"{FOLDER}{step}.json", Body=text.encode())
