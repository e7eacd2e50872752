"""moto's calls about databases, each followed by what it means for the server (`databases.py`)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from moto.rds.models import RDSBackend, rds_backends
from moto.secretsmanager.models import SecretsManagerBackend

from deploy.rehearsal.cloud import rds_corrections

if TYPE_CHECKING:
    from deploy.rehearsal.cloud.databases import Databases

Call = Callable[..., Any]
INSTANCE, CLUSTER = "instance snapshot", "cluster snapshot"


def replacements(databases: "Databases") -> list[tuple[object, str, object]]:
    """Return (class, name, call) of everything that is replaced while servers stand behind descriptions."""
    return [
        *_beginnings(databases),
        *_lives(databases),
        *_snapshots(databases),
        (SecretsManagerBackend, "rotate_secret", _rotating(databases)),
    ]


def _beginnings(databases: "Databases") -> list[tuple[object, str, object]]:
    create_instance, create_cluster = RDSBackend.create_db_instance, RDSBackend.create_db_cluster
    from_snapshot = rds_corrections.restore_db_instance_from_db_snapshot
    cluster_from_snapshot = RDSBackend.restore_db_cluster_from_snapshot
    to_moment, cluster_to_moment = (
        rds_corrections.restore_db_instance_to_point_in_time,
        RDSBackend.restore_db_cluster_to_point_in_time,
    )

    def create_db_instance(self: Any, db_kwargs: dict[str, Any]) -> Any:
        made = create_instance(self, db_kwargs)
        if made.db_cluster_identifier is None:
            _or_not_at_all(lambda: databases.begin(made, self), lambda: self.databases.pop(made.db_instance_identifier))
        return made

    def create_db_cluster(self: Any, kwargs: dict[str, Any]) -> Any:
        made = create_cluster(self, kwargs)
        _or_not_at_all(lambda: databases.begin(made, self), lambda: self.clusters.pop(made.db_cluster_identifier))
        return made

    def restore_db_instance_from_db_snapshot(self: Any, from_snapshot_id: str, overrides: dict[str, Any]) -> Any:
        source = databases.from_snapshot(INSTANCE, from_snapshot_id.rpartition(":")[2])
        made = databases.beginning_as(source, lambda: from_snapshot(self, from_snapshot_id, overrides))
        databases.settle(made, self)
        return made

    def restore_db_cluster_from_snapshot(self: Any, from_snapshot_id: str, overrides: dict[str, Any]) -> Any:
        source = databases.from_snapshot(CLUSTER, from_snapshot_id.rpartition(":")[2])
        made = databases.beginning_as(source, lambda: cluster_from_snapshot(self, from_snapshot_id, overrides))
        databases.settle(made, self)
        return made

    def restore_db_instance_to_point_in_time(
        self: Any, source_db_identifier: str, target_db_identifier: str, overrides: dict[str, Any]
    ) -> Any:
        (origin,) = self.describe_db_instances(db_instance_identifier=source_db_identifier)
        source = databases.at(origin, overrides.get("restore_time"))
        made = databases.beginning_as(
            source, lambda: to_moment(self, source_db_identifier, target_db_identifier, overrides)
        )
        databases.settle(made, self)
        return made

    def restore_db_cluster_to_point_in_time(self: Any, *arguments: Any, **named: Any) -> Any:
        (origin,) = self.describe_db_clusters(db_cluster_identifier=named["source_db_cluster_identifier"])
        source = databases.at(origin, named.get("restore_to_time"))
        made = databases.beginning_as(source, lambda: cluster_to_moment(self, *arguments, **named))
        databases.settle(made, self)
        return made

    made = (
        create_db_instance,
        create_db_cluster,
        restore_db_instance_from_db_snapshot,
        restore_db_cluster_from_snapshot,
        restore_db_instance_to_point_in_time,
        restore_db_cluster_to_point_in_time,
    )
    return [(RDSBackend, call.__name__, call) for call in made]


def _lives(databases: "Databases") -> list[tuple[object, str, object]]:
    modify, modify_cluster = RDSBackend.modify_db_instance, RDSBackend.modify_db_cluster
    delete, delete_cluster = RDSBackend.delete_db_instance, RDSBackend.delete_db_cluster
    reboot = RDSBackend.reboot_db_instance
    stop, start = RDSBackend.stop_db_instance, RDSBackend.start_db_instance
    stop_cluster, start_cluster = RDSBackend.stop_db_cluster, RDSBackend.start_db_cluster
    parameters, cluster_parameters = RDSBackend.modify_db_parameter_group, RDSBackend.modify_db_cluster_parameter_group

    def settling(call: Call) -> Call:
        def called(self: Any, *arguments: Any, **named: Any) -> Any:
            answer = call(self, *arguments, **named)
            databases.settle_all(self)
            return answer

        return called

    def ending(call: Call) -> Call:
        def called(self: Any, *arguments: Any, **named: Any) -> Any:
            gone = call(self, *arguments, **named)
            databases.end(gone)
            return gone

        return called

    def pausing(call: Call) -> Call:
        def called(self: Any, identifier: str, *arguments: Any, **named: Any) -> Any:
            answer = call(self, identifier, *arguments, **named)
            databases.pause(self.databases.get(identifier) or self.clusters[identifier])
            return answer

        return called

    def resuming(call: Call) -> Call:
        def called(self: Any, identifier: str) -> Any:
            answer = call(self, identifier)
            databases.resume(self.databases.get(identifier) or self.clusters[identifier], self)
            return answer

        return called

    def rebooting(self: Any, db_instance_identifier: str) -> Any:
        answer = reboot(self, db_instance_identifier)
        databases.pause(answer)
        databases.resume(answer, self)
        return answer

    return [
        (RDSBackend, "modify_db_instance", settling(modify)),
        (RDSBackend, "modify_db_cluster", settling(modify_cluster)),
        (RDSBackend, "modify_db_parameter_group", settling(parameters)),
        (RDSBackend, "modify_db_cluster_parameter_group", settling(cluster_parameters)),
        (RDSBackend, "delete_db_instance", ending(delete)),
        (RDSBackend, "delete_db_cluster", ending(delete_cluster)),
        (RDSBackend, "stop_db_instance", pausing(stop)),
        (RDSBackend, "start_db_instance", resuming(start)),
        (RDSBackend, "stop_db_cluster", pausing(stop_cluster)),
        (RDSBackend, "start_db_cluster", resuming(start_cluster)),
        (RDSBackend, "reboot_db_instance", rebooting),
    ]


def _snapshots(databases: "Databases") -> list[tuple[object, str, object]]:
    create, create_cluster = RDSBackend.create_db_snapshot, RDSBackend.create_db_cluster_snapshot
    copy, copy_cluster = RDSBackend.copy_db_snapshot, RDSBackend.copy_db_cluster_snapshot

    def create_db_snapshot(
        self: Any, db_instance_identifier: str, db_snapshot_identifier: str, *a: Any, **n: Any
    ) -> Any:
        made = create(self, db_instance_identifier, db_snapshot_identifier, *a, **n)
        databases.keep(INSTANCE, db_snapshot_identifier, self.databases[db_instance_identifier])
        return made

    def create_db_cluster_snapshot(
        self: Any, db_cluster_identifier: str, db_cluster_snapshot_identifier: str, *a: Any, **n: Any
    ) -> Any:
        made = create_cluster(self, db_cluster_identifier, db_cluster_snapshot_identifier, *a, **n)
        databases.keep(CLUSTER, db_cluster_snapshot_identifier, self.clusters[db_cluster_identifier])
        return made

    def copy_db_snapshot(
        self: Any, source_db_snapshot_identifier: str, target_db_snapshot_identifier: str, *a: Any, **n: Any
    ) -> Any:
        made = copy(self, source_db_snapshot_identifier, target_db_snapshot_identifier, *a, **n)
        databases.keep_also(INSTANCE, source_db_snapshot_identifier.rpartition(":")[2], target_db_snapshot_identifier)
        return made

    def copy_db_cluster_snapshot(
        self: Any,
        source_db_cluster_snapshot_identifier: str,
        target_db_cluster_snapshot_identifier: str,
        *a: Any,
        **n: Any,
    ) -> Any:
        source, target = source_db_cluster_snapshot_identifier, target_db_cluster_snapshot_identifier
        made = copy_cluster(self, source, target, *a, **n)
        databases.keep_also(CLUSTER, source.rpartition(":")[2], target)
        return made

    made = (create_db_snapshot, create_db_cluster_snapshot, copy_db_snapshot, copy_db_cluster_snapshot)
    return [(RDSBackend, call.__name__, call) for call in made]


def _rotating(databases: "Databases") -> Call:
    def rotate_secret(self: Any, *arguments: Any, **named: Any) -> Any:
        answer = rds_corrections.rotate_secret(self, *arguments, **named)
        databases.settle_all(rds_backends[self.account_id][self.region_name])
        return answer

    return rotate_secret


def _or_not_at_all(begin: Callable[[], None], undo: Callable[[], Any]) -> None:
    """Take back what moto made where no server could begin."""
    try:
        begin()
    except BaseException:
        undo()
        raise
