"""Copies of a database instance as it was at a moment, and the exchange of one instance for another by their names.

RDS makes a new instance, with an id of its own that IAM policies name. An instance's name is part of its endpoint's
(Amazon RDS User Guide, "Renaming a DB instance"): what takes the name takes the address that functions know.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from deploy.restore.databases import Databases

TAKEN = (
    "DBInstanceClass",
    "MultiAZ",
    "PubliclyAccessible",
    "AutoMinorVersionUpgrade",
    "CopyTagsToSnapshot",
    "StorageType",
    "MaxAllocatedStorage",
    "PreferredBackupWindow",
    "CACertificateIdentifier",
)
"""What a copy has of its source by these names."""


class Instances(Databases):
    """The database instances of a stage's account."""

    KIND, CALLS, STATUS, ID = "DBInstance", "db_instance", "DBInstanceStatus", "DbiResourceId"

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
