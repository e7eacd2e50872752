"""Copies of an Aurora cluster as it was at a moment, and the exchange of one cluster for another by their names.

A restore makes a cluster without a member, which answers nobody; its one member is made here, NAME-1 as the stage's
template calls it. Names are exchanged as with instances: a cluster's name is part of its endpoints' (Amazon Aurora User
Guide, "Restoring a DB cluster to a specified time", "Renaming a DB cluster").
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from deploy.restore.copies import Instances
from deploy.restore.databases import Databases

TAKEN = ("CopyTagsToSnapshot", "ServerlessV2ScalingConfiguration")
"""What a copy has of its source by these names."""
SCALING = ("MinCapacity", "MaxCapacity", "SecondsUntilAutoPause")
"""What may be asked for of how a cluster scales; what is described has more."""


class Clusters(Databases):
    """The database clusters of a stage's account; each has one member."""

    KIND, CALLS, STATUS, ID = "DBCluster", "db_cluster", "Status", "DbClusterResourceId"

    @property
    def _members(self) -> Instances:
        return Instances(self.rds, self.language, self.say, self.pause)

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
        """Return what RDS says of a cluster once it is available and has a member that is; raises `Failure`."""
        found = super().wait(name)
        self._give_member(found)
        return found

    def rename(self, name: str, new: str) -> None:
        """Give a cluster and its member other names, the member first: whoever is cut off between finds the cluster."""
        if self._members.find(f"{name}-1") is not None:
            self._members.rename(f"{name}-1", f"{new}-1")
        super().rename(name, new)

    def delete(self, name: str) -> None:
        """Remove a copy and keep nothing of it; a cluster goes after its member."""
        if self._members.find(f"{name}-1") is not None:
            self.rds.delete_db_instance(DBInstanceIdentifier=f"{name}-1", SkipFinalSnapshot=True)
        self.rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)

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
