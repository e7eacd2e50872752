"""Secrets of containers: a file that ECS reads while it starts one, kept encrypted and never in a definition.

Source: Amazon ECS Developer Guide, "Pass environment variables to an Amazon ECS container": lines of NAME=VALUE, the
name of the object ends in .env, nothing is quoted, a line that begins with # is a comment.
"""

import hashlib
from collections.abc import Mapping

from deploy.aws import Account
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.words import Words, language

UNWRITABLE = Words(
    "{name}: a value of one line without blanks at its ends is needed; ECS would cut off the rest of this one.",
    "{name}: 前後に空白のない 1 行の値にしてください（ECS が残りを切り捨てるため）。",
)


def text(variables: Mapping[str, str]) -> str:
    """Write variables as such a file, sorted.

    Raises:
        Failure: a value cannot be written so; it is named, never shown.

    """
    for name, value in variables.items():
        if not value or value != value.strip() or len(value.splitlines()) != 1:
            raise Failure(UNWRITABLE.say(language(), name=name))
    return "".join(f"{name}={value}\n" for name, value in sorted(variables.items()))


def key(kind: str, content: str) -> str:
    """Name the object of a kind ("web" or "tasks") by its content: a definition names exactly what it began with."""
    return f"environment/{kind}-{hashlib.sha256(content.encode()).hexdigest()[:16]}.env"


def read(content: str) -> dict[str, str]:
    """Read such a file."""
    lines = (line.partition("=") for line in content.splitlines() if line and not line.startswith("#"))
    return {name: value for name, _, value in lines}


def upload(stage: Stage, account: Account, kind: str, variables: Mapping[str, str]) -> str:
    """Keep the file in the bucket of artefacts, encrypted by KMS; answer its key."""
    content = text(variables)
    name = key(kind, content)
    put(stage, account, name, content)
    return name


def put(stage: Stage, account: Account, name: str, content: str) -> None:
    """Keep a file under a name in the bucket of artefacts, encrypted by KMS."""
    keyed = {"SSEKMSKeyId": stage.text("encryption.key")} if stage.text("encryption.key") else {}
    account.client("s3").put_object(
        Bucket=stage.bucket("artefacts", account.number),
        Key=name,
        Body=content.encode(),
        ServerSideEncryption="aws:kms",
        **keyed,
    )
