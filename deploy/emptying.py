"""Remove what stands in the way of removing a bucket, and snapshots, once a person has said so."""

from typing import Any

from deploy.aws import Account
from deploy.stage import Stage
from deploy.words import Words

LOCKED = Words(
    "{bucket}: {count} locked records stay, and {stack} with them. When their lock has ended, run this again.",
    "{bucket}: ロック中の {count} 件は残し、{stack} も残します。期限が過ぎたら、もう一度実行してください。",
)
GONE = Words("{bucket}: deleted", "{bucket}: 削除しました")


def empty(account: Account, bucket: str) -> int:
    """Delete every version of every object; answer how many could not be deleted."""
    from botocore.exceptions import ClientError

    s3 = account.client("s3")
    left = 0
    try:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            held: list[dict[str, Any]] = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            objects = [{"Key": entry["Key"], "VersionId": entry["VersionId"]} for entry in held]
            if objects:
                left += len(s3.delete_objects(Bucket=bucket, Delete={"Objects": objects}).get("Errors", []))
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise
    return left


def remove(account: Account, bucket: str) -> bool:
    """Delete an emptied bucket that its stack has left behind; answer whether there was one."""
    from botocore.exceptions import ClientError

    try:
        account.client("s3").delete_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise
        return False
    return True


def snapshots(account: Account, stage: Stage) -> None:
    """Delete the snapshots that deletions of this stage's database have left."""
    rds = account.client("rds")
    for entry in rds.describe_db_snapshots(DBInstanceIdentifier=stage.prefix, SnapshotType="manual")["DBSnapshots"]:
        rds.delete_db_snapshot(DBSnapshotIdentifier=entry["DBSnapshotIdentifier"])
    clusters = rds.describe_db_cluster_snapshots(DBClusterIdentifier=stage.prefix, SnapshotType="manual")
    for entry in clusters["DBClusterSnapshots"]:
        rds.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier=entry["DBClusterSnapshotIdentifier"])
