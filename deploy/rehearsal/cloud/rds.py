"""PostgreSQL on RDS and Aurora: subnet and parameter groups, instances, clusters."""

import datetime
from collections.abc import Callable
from typing import Any, ClassVar

from botocore.exceptions import ClientError

from deploy.rehearsal.cloud.resource import CloudError, Context, Gone, Properties, ResourceType, changed, pick

BOOLEANS = frozenset(
    {
        "AutoMinorVersionUpgrade",
        "StorageEncrypted",
        "ManageMasterUserPassword",
        "EnableIAMDatabaseAuthentication",
        "PubliclyAccessible",
        "MultiAZ",
        "CopyTagsToSnapshot",
        "DeletionProtection",
        "DeleteAutomatedBackups",
    }
)
NUMBERS = frozenset({"AllocatedStorage", "MaxAllocatedStorage", "BackupRetentionPeriod", "Port"})


def _typed(properties: Properties, names: dict[str, str]) -> dict[str, Any]:
    """Take properties that the API knows, by its names and in its types."""
    told = {}
    for ours, theirs in names.items():
        if ours not in properties:
            continue
        value = properties[ours]
        if ours in BOOLEANS:
            value = value in (True, "true")
        elif ours in NUMBERS:
            value = int(value)
        told[theirs] = value
    return told


def _differing(old: Properties, new: Properties) -> Properties:
    """Take what was changed: a modification that repeats the rest would make a new master secret, for one."""
    keys = changed(old, new)
    if "MasterUserSecret" in keys:
        raise CloudError("the local cloud does not move a master secret to another key")
    return {key: new[key] for key in keys if key in new}


def _describe(call: Callable[..., dict[str, Any]], key: str, **named: str) -> dict[str, Any]:
    try:
        return dict(call(**named)[key][0])
    except (ClientError, IndexError) as error:
        raise Gone(str(named)) from error


def _final_snapshot(properties: Properties, identifier: str) -> dict[str, Any]:
    """What a deletion is told: DeletionPolicy Snapshot keeps a copy under a name of its own."""
    if properties.get("DeletionPolicy") != "Snapshot":
        return {"SkipFinalSnapshot": True}
    moment = datetime.datetime.now(datetime.UTC).strftime("%Y%m%d%H%M%S%f")
    return {"SkipFinalSnapshot": False, "FinalDBSnapshotIdentifier": f"{identifier}-snapshot-{moment}"}


class SubnetGroup(ResourceType):
    """Subnets that a database may use."""

    name = "AWS::RDS::DBSubnetGroup"
    replace_on = frozenset({"DBSubnetGroupName"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        context.client("rds").create_db_subnet_group(
            **pick(properties, ("DBSubnetGroupName", "DBSubnetGroupDescription", "SubnetIds")),
            Tags=context.all_tags(properties),
        )
        return properties["DBSubnetGroupName"], {}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        context.client("rds").modify_db_subnet_group(
            **pick(new, ("DBSubnetGroupName", "DBSubnetGroupDescription", "SubnetIds"))
        )
        return {}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("rds").delete_db_subnet_group(DBSubnetGroupName=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        call = context.client("rds").describe_db_subnet_groups
        found = _describe(call, "DBSubnetGroups", DBSubnetGroupName=physical_id)
        told = pick(found, ("DBSubnetGroupName", "DBSubnetGroupDescription"))
        return {**told, "SubnetIds": [subnet["SubnetIdentifier"] for subnet in found["Subnets"]]}


class ParameterGroup(ResourceType):
    """Server parameters of an instance."""

    name = "AWS::RDS::DBParameterGroup"
    replace_on = frozenset({"DBParameterGroupName", "Family", "Description"})
    key: ClassVar[str] = "DBParameterGroupName"
    call: ClassVar[str] = "db_parameter_group"

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        make = getattr(context.client("rds"), f"create_{self.call}")
        named = {self.key: properties[self.key]}
        make(
            **named,
            DBParameterGroupFamily=properties["Family"],
            Description=properties["Description"],
            Tags=context.all_tags(properties),
        )
        self._set(properties, context)
        return properties[self.key], {"Name": properties[self.key]}

    def _set(self, properties: Properties, context: Context) -> None:
        entries = [
            {"ParameterName": name, "ParameterValue": str(value), "ApplyMethod": "pending-reboot"}
            for name, value in properties.get("Parameters", {}).items()
        ]
        named = {self.key: properties[self.key]}
        getattr(context.client("rds"), f"modify_{self.call}")(**named, Parameters=entries)

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        self._set(new, context)
        return {"Name": physical_id}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        getattr(context.client("rds"), f"delete_{self.call}")(**{self.key: physical_id})

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        rds = context.client("rds")
        plural = f"{self.key.removesuffix('Name')}s"
        found = _describe(getattr(rds, f"describe_{self.call}s"), plural, **{self.key: physical_id})
        held = getattr(rds, f"describe_{self.call.removesuffix('_group')}s")(**{self.key: physical_id})["Parameters"]
        values = {entry["ParameterName"]: entry["ParameterValue"] for entry in held if "ParameterValue" in entry}
        return {
            self.key: found[self.key],
            "Family": found["DBParameterGroupFamily"],
            "Description": found["Description"],
            "Parameters": {name: values.get(name) for name in properties.get("Parameters", {})},
        }


class ClusterParameterGroup(ParameterGroup):
    """Server parameters of a cluster."""

    name = "AWS::RDS::DBClusterParameterGroup"
    replace_on = frozenset({"DBClusterParameterGroupName", "Family", "Description"})
    key = "DBClusterParameterGroupName"
    call = "db_cluster_parameter_group"


class Instance(ResourceType):
    """An instance by itself, or a member of a cluster."""

    name = "AWS::RDS::DBInstance"
    unseen = frozenset({"DeleteAutomatedBackups", "DBSnapshotIdentifier"})  # a wish for the end, a source long past
    replace_on = frozenset(
        {
            "DBInstanceIdentifier",
            "DBSnapshotIdentifier",
            "DBClusterIdentifier",
            "Engine",
            "DBName",
            "MasterUsername",
            "StorageEncrypted",
            "KmsKeyId",
            "DBSubnetGroupName",
        }
    )
    names: ClassVar[dict[str, str]] = {
        **{
            name: name
            for name in (
                "DBInstanceIdentifier",
                "DBClusterIdentifier",
                "Engine",
                "EngineVersion",
                "AutoMinorVersionUpgrade",
                "DBInstanceClass",
                "AllocatedStorage",
                "MaxAllocatedStorage",
                "StorageType",
                "StorageEncrypted",
                "KmsKeyId",
                "DBName",
                "Port",
                "MasterUsername",
                "ManageMasterUserPassword",
                "EnableIAMDatabaseAuthentication",
                "DBParameterGroupName",
                "DBSubnetGroupName",
                "PubliclyAccessible",
                "MultiAZ",
                "BackupRetentionPeriod",
                "PreferredBackupWindow",
                "PreferredMaintenanceWindow",
                "CopyTagsToSnapshot",
                "DeletionProtection",
                "CACertificateIdentifier",
            )
        },
        "VPCSecurityGroups": "VpcSecurityGroupIds",
    }
    on_restore: ClassVar[frozenset[str]] = frozenset({"StorageEncrypted", "KmsKeyId", "BackupRetentionPeriod",
        "PreferredBackupWindow", "PreferredMaintenanceWindow", "EngineVersion", "AllocatedStorage",
        "MaxAllocatedStorage", "ManageMasterUserPassword"})  # fmt: skip

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        rds = context.client("rds")
        arguments = _typed(properties, self.names)
        secret_key = properties.get("MasterUserSecret", {}).get("KmsKeyId")
        secret = {"MasterUserSecretKmsKeyId": secret_key} if secret_key else {}
        if "DBSnapshotIdentifier" in properties:
            later = {key: value for key, value in arguments.items() if key in self.on_restore}
            now = {key: value for key, value in arguments.items() if key not in self.on_restore}
            rds.restore_db_instance_from_db_snapshot(
                DBSnapshotIdentifier=properties["DBSnapshotIdentifier"], **now, Tags=context.all_tags(properties)
            )
            later.pop("StorageEncrypted", None)
            later.pop("KmsKeyId", None)
            rds.modify_db_instance(
                DBInstanceIdentifier=properties["DBInstanceIdentifier"], ApplyImmediately=True, **later, **secret
            )
        else:
            rds.create_db_instance(**arguments, **secret, Tags=context.all_tags(properties))
        return properties["DBInstanceIdentifier"], self._attributes(properties["DBInstanceIdentifier"], context)

    def _found(self, identifier: str, context: Context) -> dict[str, Any]:
        call = context.client("rds").describe_db_instances
        return _describe(call, "DBInstances", DBInstanceIdentifier=identifier)

    def _attributes(self, identifier: str, context: Context) -> Properties:
        found = self._found(identifier, context)
        return {
            "Endpoint.Address": found["Endpoint"]["Address"],
            "Endpoint.Port": str(found["Endpoint"]["Port"]),
            "DbiResourceId": found["DbiResourceId"],
            "DBInstanceArn": found["DBInstanceArn"],
            "MasterUserSecret.SecretArn": found.get("MasterUserSecret", {}).get("SecretArn"),
        }

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        arguments = _typed(_differing(old, new), self.names)
        if "Port" in arguments:
            arguments["DBPortNumber"] = arguments.pop("Port")
        context.client("rds").modify_db_instance(DBInstanceIdentifier=physical_id, **arguments, ApplyImmediately=True)
        return self._attributes(physical_id, context)

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        clustered = "DBClusterIdentifier" in properties
        final = {"SkipFinalSnapshot": True} if clustered else _final_snapshot(properties, physical_id)
        kept = properties.get("DeleteAutomatedBackups", True) in (True, "true")
        context.client("rds").delete_db_instance(DBInstanceIdentifier=physical_id, DeleteAutomatedBackups=kept, **final)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        found = self._found(physical_id, context)
        told = pick(found, self.names)
        told["EnableIAMDatabaseAuthentication"] = found["IAMDatabaseAuthenticationEnabled"]
        told["Port"] = found["Endpoint"]["Port"]
        told["DBSubnetGroupName"] = found.get("DBSubnetGroup", {}).get("DBSubnetGroupName")
        told["DBParameterGroupName"] = found["DBParameterGroups"][0]["DBParameterGroupName"]
        told["VPCSecurityGroups"] = [group["VpcSecurityGroupId"] for group in found["VpcSecurityGroups"]]
        told["ManageMasterUserPassword"] = "MasterUserSecret" in found
        told["MasterUserSecret"] = pick(found.get("MasterUserSecret", {}), ("KmsKeyId",))
        return told


class Cluster(ResourceType):
    """An Aurora cluster."""

    name = "AWS::RDS::DBCluster"
    unseen = frozenset({"SnapshotIdentifier"})
    replace_on = frozenset(
        {
            "DBClusterIdentifier",
            "SnapshotIdentifier",
            "Engine",
            "DatabaseName",
            "MasterUsername",
            "StorageEncrypted",
            "KmsKeyId",
            "DBSubnetGroupName",
        }
    )
    names: ClassVar[dict[str, str]] = {
        name: name
        for name in (
            "DBClusterIdentifier",
            "Engine",
            "EngineVersion",
            "DatabaseName",
            "Port",
            "MasterUsername",
            "ManageMasterUserPassword",
            "EnableIAMDatabaseAuthentication",
            "StorageEncrypted",
            "KmsKeyId",
            "DBClusterParameterGroupName",
            "DBSubnetGroupName",
            "VpcSecurityGroupIds",
            "BackupRetentionPeriod",
            "PreferredBackupWindow",
            "PreferredMaintenanceWindow",
            "CopyTagsToSnapshot",
            "DeletionProtection",
        )
    }
    fixed: ClassVar[frozenset[str]] = frozenset(
        {"Engine", "DatabaseName", "MasterUsername", "StorageEncrypted", "KmsKeyId", "DBSubnetGroupName"}
    )

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        rds = context.client("rds")
        arguments = _typed(properties, self.names) | _scaling(properties)
        secret_key = properties.get("MasterUserSecret", {}).get("KmsKeyId")
        if secret_key:
            arguments["MasterUserSecretKmsKeyId"] = secret_key
        identifier = properties["DBClusterIdentifier"]
        if "SnapshotIdentifier" in properties:
            taken = (
                "DBClusterIdentifier",
                "Engine",
                "EngineVersion",
                "Port",
                "DBSubnetGroupName",
                "VpcSecurityGroupIds",
            )
            rds.restore_db_cluster_from_snapshot(
                SnapshotIdentifier=properties["SnapshotIdentifier"], **pick(arguments, taken)
            )
            rest = {key: value for key, value in arguments.items() if key not in (*taken, *self.fixed)}
            rds.modify_db_cluster(DBClusterIdentifier=identifier, ApplyImmediately=True, **rest)
        else:
            rds.create_db_cluster(**arguments, Tags=context.all_tags(properties))
        return identifier, self._attributes(identifier, context)

    def _found(self, identifier: str, context: Context) -> dict[str, Any]:
        return _describe(context.client("rds").describe_db_clusters, "DBClusters", DBClusterIdentifier=identifier)

    def _attributes(self, identifier: str, context: Context) -> Properties:
        found = self._found(identifier, context)
        return {
            "Endpoint.Address": found["Endpoint"],
            "Endpoint.Port": str(found["Port"]),
            "DBClusterResourceId": found["DbClusterResourceId"],
            "DBClusterArn": found["DBClusterArn"],
            "MasterUserSecret.SecretArn": found.get("MasterUserSecret", {}).get("SecretArn"),
        }

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        differing = _differing(old, new)
        arguments = _typed(differing, self.names) | _scaling(differing)
        context.client("rds").modify_db_cluster(DBClusterIdentifier=physical_id, **arguments, ApplyImmediately=True)
        return self._attributes(physical_id, context)

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("rds").delete_db_cluster(
            DBClusterIdentifier=physical_id, **_final_snapshot(properties, physical_id)
        )

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        found = self._found(physical_id, context)
        told = pick(found, self.names)
        told["EnableIAMDatabaseAuthentication"] = found["IAMDatabaseAuthenticationEnabled"]
        told["DBClusterParameterGroupName"] = found["DBClusterParameterGroup"]
        told["DBSubnetGroupName"] = found["DBSubnetGroup"]
        told["VpcSecurityGroupIds"] = [group["VpcSecurityGroupId"] for group in found["VpcSecurityGroups"]]
        told["ManageMasterUserPassword"] = "MasterUserSecret" in found
        told["MasterUserSecret"] = pick(found.get("MasterUserSecret", {}), ("KmsKeyId",))
        told["ServerlessV2ScalingConfiguration"] = found.get("ServerlessV2ScalingConfiguration")
        return told


def _scaling(properties: Properties) -> dict[str, Any]:
    wanted = properties.get("ServerlessV2ScalingConfiguration")
    if not wanted:
        return {}
    told: dict[str, Any] = {key: float(wanted[key]) for key in ("MinCapacity", "MaxCapacity")}
    if "SecondsUntilAutoPause" in wanted:
        told["SecondsUntilAutoPause"] = int(wanted["SecondsUntilAutoPause"])
    return {"ServerlessV2ScalingConfiguration": told}
