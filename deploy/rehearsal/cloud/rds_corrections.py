"""What moto answers of databases that RDS would not: ids, master secrets, and what a restored instance has not."""

import json
import secrets
from typing import Any

from moto.rds.models import DBCluster, DBInstance, MasterUserSecret, RDSBackend
from moto.secretsmanager.models import SecretsManagerBackend

MANAGED = "rds!"
"""How the names of secrets begin that RDS keeps (Amazon RDS User Guide, "Password management")."""

_init = DBInstance.__init__


def instance(self: Any, *arguments: Any, **named: Any) -> None:
    """Give each instance an id of its own; moto gives all the same, and IAM policies name it."""
    _init(self, *arguments, **named)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    self.dbi_resource_id = "db-" + "".join(secrets.choice(letters) for _ in range(26))


_init_cluster = DBCluster.__init__


def cluster(self: Any, *arguments: Any, **named: Any) -> None:
    """Give clusters endpoints of one account and region, as instances have; moto gives each a part of its own.

    Source: Amazon Aurora User Guide, "Aurora endpoint connections": a cluster keeps the rest of its name when renamed.
    """
    _init_cluster(self, *arguments, **named)
    self.url_identifier = "aaaaaaaaaa"


def secret_string(self: Any) -> str:
    """Make a password, for the master by its name; moto's are all one."""
    return json.dumps({"username": self.resource.master_username, "password": secrets.token_urlsafe(24)})


_rotate_secret = SecretsManagerBackend.rotate_secret


def rotate_secret(self: Any, secret_id: str, *arguments: Any, **named: Any) -> str:
    """Give a secret that RDS keeps another password at once; moto waits for a function that it does not have."""
    secret = self.secrets[secret_id]
    if not secret.name.startswith(MANAGED):
        return str(_rotate_secret(self, secret_id, *arguments, **named))
    value = json.loads(
        next(v for v in secret.versions.values() if "AWSCURRENT" in v["version_stages"])["secret_string"]
    )
    value["password"] = secrets.token_urlsafe(24)
    return str(
        self.put_secret_value(
            secret_id=secret_id,
            secret_string=json.dumps(value),
            secret_binary="",
            client_request_token=None,
            version_stages=["AWSCURRENT"],
        )
    )


_to_moment = RDSBackend.restore_db_instance_to_point_in_time
_from_snapshot = RDSBackend.restore_db_instance_from_db_snapshot


def restore_db_instance_to_point_in_time(
    self: Any, source_db_identifier: str, target_db_identifier: str, overrides: dict[str, Any]
) -> Any:
    """Take nothing from the source that is to be asked for, and be no replica of it."""
    return _bare(_to_moment(self, source_db_identifier, target_db_identifier, overrides), overrides)


def restore_db_instance_from_db_snapshot(self: Any, from_snapshot_id: str, overrides: dict[str, Any]) -> Any:
    """Take nothing from the source that is to be asked for."""
    return _bare(_from_snapshot(self, from_snapshot_id, overrides), overrides)


def _bare(made: Any, overrides: dict[str, Any]) -> Any:
    """Take off what a restored instance has only where it is asked for.

    Source: Amazon RDS API Reference, "RestoreDBInstanceToPointInTime", "RestoreDBInstanceFromDBSnapshot".
    """
    made.source_db_instance_identifier = None
    made.deletion_protection = bool(overrides.get("deletion_protection"))
    if not overrides.get("manage_master_user_password") and made.manage_master_user_password:
        made.update(manage_master_user_password=False)
    return made


_modify_cluster = RDSBackend.modify_db_cluster


def modify_db_cluster(self: Any, kwargs: dict[str, Any]) -> Any:
    """Let members follow their cluster to another name; moto leaves them with a cluster that is gone."""
    before = kwargs["db_cluster_identifier"]
    changed = _modify_cluster(self, kwargs)
    for member in self.databases.values():
        if member.db_cluster_identifier == before:
            member.db_cluster_identifier = changed.db_cluster_identifier
    return changed


ALL: tuple[tuple[object, str, object], ...] = (
    (DBInstance, "__init__", instance),
    (DBCluster, "__init__", cluster),
    (MasterUserSecret, "_generate_secret_string", secret_string),
    (SecretsManagerBackend, "rotate_secret", rotate_secret),
    (RDSBackend, "modify_db_cluster", modify_db_cluster),
    (RDSBackend, "restore_db_instance_from_db_snapshot", restore_db_instance_from_db_snapshot),
    (RDSBackend, "restore_db_instance_to_point_in_time", restore_db_instance_to_point_in_time),
)
