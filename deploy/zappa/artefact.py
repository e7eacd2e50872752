"""Our artefact in the place of Zappa's package, and a way back to an earlier one."""

import base64
import shutil
from pathlib import Path
from typing import Any

from deploy.artefact import build
from deploy.failure import Failure


def replace_package(cli: Any) -> None:
    """Have Zappa take our artefact where it would pack this virtual environment."""

    def create_package(output: str | None = None, **_: Any) -> None:
        try:
            built = build.artefact(cli.architecture)
        except Failure as failure:
            raise _failure(str(failure)) from failure
        # A name without a folder: Zappa uploads under the last part of it and refers to the whole. It tells the
        # contents, so that the bucket keeps every artefact apart, and `rollback` finds them by Lambda's own hash.
        cli.zip_path = output or key(cli.lambda_name, built.sha256)
        shutil.copyfile(built.archive, Path(cli.zip_path))

    cli.create_package = create_package


def key(function: str, sha256: str) -> str:
    """Return the name in the bucket of the artefact with this SHA-256 (hexadecimal)."""
    return f"{function}-{sha256}.zip"


def replace_rollback(cli: Any) -> None:
    """Have `zappa rollback` take the code of an earlier version from the bucket.

    Zappa would download it by a presigned URL of AWS's own bucket, which a closed network does not reach. The
    artefacts are in the stage's bucket (`delete_s3_zip` is false), under the hash that Lambda keeps of each version.
    """

    def rollback(function: str, *, versions_back: int = 1, snap_start: str | None = None, **_: Any) -> str:
        client = cli.zappa.lambda_client
        versions = [
            version
            for page in client.get_paginator("list_versions_by_function").paginate(FunctionName=function)
            for version in page["Versions"]
            if version["Version"] != "$LATEST"
        ]
        versions.sort(key=lambda version: int(version["Version"]), reverse=True)
        hashes = _apart([version["CodeSha256"] for version in versions])
        if len(hashes) <= versions_back:
            raise _failure(
                f"{function} has {len(hashes)} retained artefacts, so that {versions_back} back is not one of them."
            )
        name = key(function, base64.b64decode(hashes[versions_back]).hex())
        if not _exists(cli, name):
            raise _failure(
                f"s3://{cli.s3_bucket_name}/{name} is no longer there. Build that release's artefact again "
                f"(python -m deploy package; the same sources give the same bytes) and run: "
                f"zappa update {cli.api_stage} --zip FILE"
            )
        answer = client.update_function_code(
            FunctionName=function, S3Bucket=cli.s3_bucket_name, S3Key=name, Publish=True
        )
        cli.zappa.wait_until_lambda_function_is_updated(function)
        if snap_start and snap_start != "None":
            cli.zappa.wait_until_lambda_function_version_is_active(function, answer["Version"])
            cli.zappa.migrate_lambda_alias(function, "snapstart", answer["Version"])
        print(f"{function} runs {name} again, as version {answer['Version']}. Its database was not touched.")
        arn: str = answer["FunctionArn"]
        return arn

    cli.zappa.rollback_lambda_function_version = rollback


def _apart(hashes: list[str]) -> list[str]:
    """Return the hashes without repetitions, newest first: one release may have been published as several versions."""
    return list(dict.fromkeys(hashes))


def _exists(cli: Any, name: str) -> bool:
    from botocore.exceptions import ClientError

    try:
        cli.zappa.s3_client.head_object(Bucket=cli.s3_bucket_name, Key=name)
    except ClientError:
        return False
    return True


def _failure(message: str) -> Exception:
    """Return the error that Zappa prints; this runs after the callback, where `Failure` would be a trace."""
    from click.exceptions import ClickException

    return ClickException(str(Failure(message)))
