"""A cluster is copied as it was, exchanged for another by name, and removed, as `restore` does it."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg2
import pytest

from deploy.rehearsal.cloud import local_cloud
from deploy.rehearsal.cloud.databases import Databases
from deploy.restore.clusters import Clusters
from tests.deploy.surroundings import client

CLUSTER = {
    "DBClusterIdentifier": "poc",
    "Engine": "aurora-postgresql",
    "DatabaseName": "cloister",
    "MasterUsername": "master",
    "ManageMasterUserPassword": True,
    "Port": 5432,
    "BackupRetentionPeriod": 7,
    "ServerlessV2ScalingConfiguration": {"MinCapacity": 0, "MaxCapacity": 2},
}


class Stage:
    """A stage's cluster with row 1, a moment, and row 2."""

    def __init__(self, databases: Databases) -> None:
        self.databases = databases
        self.said: list[str] = []
        self.clusters = Clusters(client("rds"), "en", self.said.append, lambda _seconds: None)
        self.clusters.rds.create_db_cluster(**CLUSTER)
        self.first = self.clusters.wait("poc")
        with self.session("poc") as session, session.cursor() as cursor:
            cursor.execute("CREATE TABLE public.line (number int); INSERT INTO public.line VALUES (1)")
            session.commit()
            self.moment = dt.datetime.now(dt.UTC)
            cursor.execute("INSERT INTO public.line VALUES (2)")
            session.commit()

    def session(self, name: str) -> Any:
        """Sign in to a cluster as its master, by the name it has now."""
        found = self.clusters.find(name)
        assert found is not None
        held = client("secretsmanager").get_secret_value(SecretId=found["MasterUserSecret"]["SecretArn"])
        server = self.databases.server(self.clusters.address(found))
        assert server is not None
        return closing(
            psycopg2.connect(
                host=self.clusters.address(found),
                hostaddr=server.place.address,
                port=5432,
                dbname="cloister",
                user="master",
                password=json.loads(held["SecretString"])["password"],
                sslmode="verify-full",
                sslrootcert=str(self.databases.certificate),
            )
        )

    def rows(self, name: str) -> list[int]:
        with self.session(name) as session, session.cursor() as cursor:
            cursor.execute("SELECT number FROM public.line ORDER BY number")
            return [number for (number,) in cursor.fetchall()]

    def members(self) -> list[str]:
        return sorted(
            found["DBInstanceIdentifier"] for found in self.clusters.rds.describe_db_instances()["DBInstances"]
        )


@pytest.fixture
def stage() -> Iterator[Stage]:
    with local_cloud(), Databases() as databases:
        yield Stage(databases)


def test_a_cluster_is_copied_exchanged_by_name_and_removed(stage: Stage) -> None:
    clusters = stage.clusters
    clusters.copy(stage.first, "poc-new-1", stage.moment, {"project": "cloister"})
    clusters.complete("poc-new-1", stage.first)
    assert (stage.rows("poc"), stage.rows("poc-new-1")) == ([1, 2], [1])

    # Broken off between a member's name and its cluster's, it is done again from the start.
    clusters.rds.modify_db_instance(DBInstanceIdentifier="poc-1", NewDBInstanceIdentifier="poc-before-1-1")
    clusters.rename("poc", "poc-before-1")
    clusters.rename("poc-new-1", "poc")

    assert stage.members() == ["poc-1", "poc-before-1-1"]
    assert (stage.rows("poc"), stage.rows("poc-before-1")) == ([1], [1, 2])
    now = clusters.wait("poc")
    assert clusters.identity(now) != clusters.identity(stage.first)
    assert now["BackupRetentionPeriod"] == stage.first["BackupRetentionPeriod"]

    assert clusters.begin_with("poc-before-") == ["poc-before-1"]
    clusters.delete("poc-before-1")
    assert clusters.find("poc-before-1") is None
    assert stage.members() == ["poc-1"]
