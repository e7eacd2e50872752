"""Copies of a database instance as it was at a moment, and the exchange of one instance for another by their names.

RDS makes a new instance, with an id of its own that IAM policies name. An instance's name is part of its endpoint's
(Amazon RDS User Guide, "Renaming a DB instance"): what takes the name takes the address that functions know.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from deploy.failure import Failure
from deploy.words import Language, Words

WAITS = Words("{name} is {status}; waiting ...", "{name} の状態: {status}。待機しています...")
TOO_LONG = Words(
    "{name} is still {status} after an hour. See the RDS console; then run this again, which goes on from here.",
    "{name} が 1 時間たっても {status} のままです。RDS コンソールで確認し、もう一度実行すると続きから再開します。",
)
TRIES, SECONDS = 240, 15.0
ABSENT = "not there yet"
TAKEN = (
    "DBInstanceClass",
    "MultiAZ",
    "PubliclyAccessible",
    "AutoMinorVersionUpgrade",
    "CopyTagsToSnapshot",
    "StorageType",
)
"""What a copy has of its source by these names."""


@dataclass(frozen=True)
class Instances:
    """The database instances of a stage's account."""

    rds: Any
    language: Language
    say: Callable[[str], None]
    pause: Callable[[float], None]

    def find(self, name: str) -> dict[str, Any] | None:
        """Return what RDS says of an instance, None where there is none."""
        from botocore.exceptions import ClientError

        try:
            return dict(self.rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0])
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("DBInstanceNotFound", "DBInstanceNotFoundFault"):
                raise
            return None

    def copy(
        self, source: Mapping[str, Any], name: str, at: dt.datetime, tags: Mapping[str, str], *, passing: bool = False
    ) -> None:
        """Ask for a copy of an instance as it was at a moment, in the same place, as well guarded.

        Source: Amazon RDS API Reference, "RestoreDBInstanceToPointInTime". `passing`: it is to be deleted soon.
        """
        self.rds.restore_db_instance_to_point_in_time(
            SourceDBInstanceIdentifier=source["DBInstanceIdentifier"],
            TargetDBInstanceIdentifier=name,
            RestoreTime=at,
            Port=source["Endpoint"]["Port"],
            DBSubnetGroupName=source["DBSubnetGroup"]["DBSubnetGroupName"],
            VpcSecurityGroupIds=[group["VpcSecurityGroupId"] for group in source["VpcSecurityGroups"]],
            DBParameterGroupName=source["DBParameterGroups"][0]["DBParameterGroupName"],
            EnableIAMDatabaseAuthentication=source["IAMDatabaseAuthenticationEnabled"],
            DeletionProtection=source["DeletionProtection"] and not passing,
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
            **{key: source[key] for key in TAKEN if key in source and not (passing and key == "MultiAZ")},
        )

    def wait(self, name: str) -> dict[str, Any]:
        """Return what RDS says of an instance once it is available; raises `Failure` when that takes an hour."""
        status = ""
        for _ in range(TRIES):
            found = self.find(name)
            before, status = status, found["DBInstanceStatus"] if found else ABSENT
            if found and status == "available":
                return found
            if status != before:
                self.say("  " + WAITS.say(self.language, name=name, status=status))
            self.pause(SECONDS)
        raise Failure(TOO_LONG.say(self.language, name=name, status=status))

    def complete(self, name: str, source: Mapping[str, Any]) -> None:
        """Give a copy what a restore cannot: a master's password of its own that RDS keeps, and the same backups."""
        secret = source.get("MasterUserSecret", {}).get("KmsKeyId")
        if "MasterUserSecret" not in self.wait(name):
            self.rds.modify_db_instance(
                DBInstanceIdentifier=name,
                ManageMasterUserPassword=True,
                BackupRetentionPeriod=source["BackupRetentionPeriod"],
                ApplyImmediately=True,
                **({"MasterUserSecretKmsKeyId": secret} if secret else {}),
            )
            self.wait(name)

    def rename(self, name: str, new: str) -> None:
        """Give an instance another name, and wait until it answers to it."""
        self.rds.modify_db_instance(DBInstanceIdentifier=name, NewDBInstanceIdentifier=new, ApplyImmediately=True)
        self.wait(new)

    def begin_with(self, start: str) -> list[str]:
        """Return the names of the instances whose names begin like this."""
        pages = self.rds.get_paginator("describe_db_instances").paginate()
        names = [str(found["DBInstanceIdentifier"]) for page in pages for found in page["DBInstances"]]
        return [name for name in names if name.startswith(start)]

    @staticmethod
    def identity(found: Mapping[str, Any]) -> str:
        """Return the id that IAM policies name."""
        return str(found["DbiResourceId"])

    @staticmethod
    def address(found: Mapping[str, Any]) -> str:
        """Return the name under which it takes connections."""
        return str(found["Endpoint"]["Address"])

    @staticmethod
    def removal(name: str) -> str:
        """Say how a person removes one, with a last snapshot."""
        return (
            f"aws rds modify-db-instance --db-instance-identifier {name} --no-deletion-protection --apply-immediately; "
            f"aws rds delete-db-instance --db-instance-identifier {name} --final-db-snapshot-identifier {name}"
        )

    def delete(self, name: str) -> None:
        """Remove a copy and keep nothing of it."""
        self.rds.delete_db_instance(DBInstanceIdentifier=name, SkipFinalSnapshot=True, DeleteAutomatedBackups=True)
