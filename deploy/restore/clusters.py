"""Copies of an Aurora cluster as it was at a moment, and the exchange of one cluster for another by their names.

A restore makes a cluster without a member, which answers nobody; its one member is made here, NAME-1 as the stage's
template calls it. Names are exchanged as with instances: a cluster's name is part of its endpoints' (Amazon Aurora User
Guide, "Restoring a DB cluster to a specified time", "Renaming a DB cluster").
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from deploy.failure import Failure
from deploy.restore.copies import ABSENT, SECONDS, TOO_LONG, TRIES, WAITS, Instances
from deploy.words import Language

TAKEN = ("CopyTagsToSnapshot", "ServerlessV2ScalingConfiguration")
"""What a copy has of its source by these names."""
SCALING = ("MinCapacity", "MaxCapacity", "SecondsUntilAutoPause")
"""What may be asked for of how a cluster scales; what is described has more."""
GONE = ("DBClusterNotFound", "DBClusterNotFoundFault")


@dataclass(frozen=True)
class Clusters:
    """The database clusters of a stage's account; each has one member."""

    rds: Any
    language: Language
    say: Callable[[str], None]
    pause: Callable[[float], None]

    @property
    def _members(self) -> Instances:
        return Instances(self.rds, self.language, self.say, self.pause)

    def find(self, name: str) -> dict[str, Any] | None:
        """Return what RDS says of a cluster, None where there is none."""
        from botocore.exceptions import ClientError

        try:
            return dict(self.rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0])
        except ClientError as error:
            if error.response["Error"]["Code"] not in GONE:
                raise
            return None

    def begin_with(self, start: str) -> list[str]:
        """Return the names of the clusters whose names begin like this."""
        pages = self.rds.get_paginator("describe_db_clusters").paginate()
        names = [str(found["DBClusterIdentifier"]) for page in pages for found in page["DBClusters"]]
        return [name for name in names if name.startswith(start)]

    def copy(
        self, source: Mapping[str, Any], name: str, at: dt.datetime, tags: Mapping[str, str], *, passing: bool = False
    ) -> None:
        """Ask for a copy of a cluster as it was at a moment, in the same place, as well guarded.

        Source: Amazon RDS API Reference, "RestoreDBClusterToPointInTime". `passing`: it is to be deleted soon.
        """
        taken = {key: source[key] for key in TAKEN if key in source}
        if scaling := taken.get("ServerlessV2ScalingConfiguration"):
            taken["ServerlessV2ScalingConfiguration"] = {key: scaling[key] for key in SCALING if key in scaling}
        self.rds.restore_db_cluster_to_point_in_time(
            SourceDBClusterIdentifier=source["DBClusterIdentifier"],
            DBClusterIdentifier=name,
            RestoreToTime=at,
            Port=source["Port"],
            DBSubnetGroupName=source["DBSubnetGroup"],
            VpcSecurityGroupIds=[group["VpcSecurityGroupId"] for group in source["VpcSecurityGroups"]],
            DBClusterParameterGroupName=source["DBClusterParameterGroup"],
            EnableIAMDatabaseAuthentication=bool(source.get("IAMDatabaseAuthenticationEnabled")),
            DeletionProtection=bool(source.get("DeletionProtection")) and not passing,
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
            **taken,
        )

    def wait(self, name: str) -> dict[str, Any]:
        """Return what RDS says of a cluster once it is available and has a member that is.

        Raises:
            Failure: that takes an hour.

        """
        status = ""
        for _ in range(TRIES):
            found = self.find(name)
            before, status = status, found["Status"] if found else ABSENT
            if found and status == "available":
                self._give_member(found)
                return found
            if status != before:
                self.say("  " + WAITS.say(self.language, name=name, status=status))
            self.pause(SECONDS)
        raise Failure(TOO_LONG.say(self.language, name=name, status=status))

    def complete(self, name: str, source: Mapping[str, Any]) -> None:
        """Give a copy what a restore cannot: a master's password of its own that RDS keeps, and the same backups."""
        secret = source.get("MasterUserSecret", {}).get("KmsKeyId")
        if "MasterUserSecret" not in self.wait(name):
            self.rds.modify_db_cluster(
                DBClusterIdentifier=name,
                ManageMasterUserPassword=True,
                BackupRetentionPeriod=source["BackupRetentionPeriod"],
                ApplyImmediately=True,
                **({"MasterUserSecretKmsKeyId": secret} if secret else {}),
            )
            self.wait(name)

    def rename(self, name: str, new: str) -> None:
        """Give a cluster and its member other names, the member first: whoever is cut off between finds the cluster."""
        if self._members.find(f"{name}-1") is not None:
            self._members.rename(f"{name}-1", f"{new}-1")
        self.rds.modify_db_cluster(DBClusterIdentifier=name, NewDBClusterIdentifier=new, ApplyImmediately=True)
        self.wait(new)

    def delete(self, name: str) -> None:
        """Remove a copy and keep nothing of it; a cluster goes after its member."""
        if self._members.find(f"{name}-1") is not None:
            self.rds.delete_db_instance(DBInstanceIdentifier=f"{name}-1", SkipFinalSnapshot=True)
        self.rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)

    @staticmethod
    def identity(found: Mapping[str, Any]) -> str:
        """Return the id that IAM policies name."""
        return str(found["DbClusterResourceId"])

    @staticmethod
    def address(found: Mapping[str, Any]) -> str:
        """Return the name under which it takes connections."""
        return str(found["Endpoint"])

    @staticmethod
    def removal(name: str) -> str:
        """Say how a person removes one, with a last snapshot."""
        return (
            f"aws rds modify-db-cluster --db-cluster-identifier {name} --no-deletion-protection --apply-immediately; "
            f"aws rds delete-db-instance --db-instance-identifier {name}-1; "
            f"aws rds delete-db-cluster --db-cluster-identifier {name} --final-db-snapshot-identifier {name}"
        )

    def _give_member(self, cluster: Mapping[str, Any]) -> None:
        name = f"{cluster['DBClusterIdentifier']}-1"
        if not cluster.get("DBClusterMembers"):
            self.rds.create_db_instance(
                DBInstanceIdentifier=name,
                DBClusterIdentifier=cluster["DBClusterIdentifier"],
                DBInstanceClass="db.serverless",
                Engine=cluster["Engine"],
                PubliclyAccessible=False,
                AutoMinorVersionUpgrade=True,
            )
        elif self._members.find(name) is None:
            return  # it goes by another name while names are exchanged
        self._members.wait(name)
