"""Instances and clusters of the local cloud are PostgreSQL servers that keep RDS's rules."""

import base64
import datetime as dt
import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import boto3
import psycopg2
import pytest
from botocore.exceptions import ClientError

from deploy.artefact import build
from deploy.rehearsal.cloud import local_cloud
from deploy.rehearsal.cloud.databases import Databases
from deploy.rehearsal.cloud.front import Cloud
from deploy.rehearsal.databases import tokens
from tests.deploy.surroundings import REGION, client

ROLE = "arn:aws:iam::123456789012:role/web"
INSTANCE = {
    "DBInstanceIdentifier": "poc",
    "Engine": "postgres",
    "EngineVersion": "17.10",
    "DBInstanceClass": "db.t4g.small",
    "AllocatedStorage": 20,
    "DBName": "cloister",
    "MasterUsername": "master",
    "ManageMasterUserPassword": True,
    "EnableIAMDatabaseAuthentication": True,
}


class Instance:
    """One instance with rows 1, 2 and 3, a moment between 1 and 2, and a snapshot between 2 and 3."""

    def __init__(self, databases: Databases) -> None:
        self.databases = databases
        self.rds = client("rds")
        self.rds.create_db_instance(**INSTANCE)
        self.found = self.described("poc")
        self.host: str = self.found["Endpoint"]["Address"]
        self.first = self.secret(self.found)
        with self.session(self.host, "master", self.first) as session, session.cursor() as cursor:
            cursor.execute("CREATE SCHEMA test; CREATE TABLE test.line (number int); INSERT INTO test.line VALUES (1)")
            cursor.execute("CREATE ROLE app LOGIN; GRANT rds_iam TO app; CREATE ROLE other LOGIN")
            session.commit()
            self.moment = dt.datetime.now(dt.UTC)
            cursor.execute("INSERT INTO test.line VALUES (2)")
            session.commit()
            self.rds.create_db_snapshot(DBInstanceIdentifier="poc", DBSnapshotIdentifier="kept")
            cursor.execute("INSERT INTO test.line VALUES (3)")
            session.commit()
        client("iam").create_role(RoleName="web", AssumeRolePolicyDocument="{}")
        self.allow(self.found["DbiResourceId"])

    def described(self, identifier: str) -> dict[str, Any]:
        (found,) = self.rds.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"]
        return dict(found)

    def secret(self, found: dict[str, Any]) -> str:
        held = client("secretsmanager").get_secret_value(SecretId=found["MasterUserSecret"]["SecretArn"])
        return str(json.loads(held["SecretString"])["password"])

    def allow(self, resource_id: str) -> None:
        """Let the role `web` sign in as `app` to one resource."""
        resource = f"arn:aws:rds-db:{REGION}:123456789012:dbuser:{resource_id}/app"
        statement = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": resource}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        client("iam").put_role_policy(RoleName="web", PolicyName="connect", PolicyDocument=document)

    def session(self, host: str, user: str, password: str, *, called: str = "", **options: Any) -> Any:
        server = self.databases.server(host)
        assert server is not None
        verified = {"sslmode": "verify-full", "sslrootcert": str(self.databases.certificate)}
        reached = {"host": called or host, "hostaddr": server.place.address, "port": 5432, "dbname": "cloister"}
        return closing(psycopg2.connect(**{**reached, **verified, **options}, user=user, password=password))

    def rows(self, identifier: str, password: str) -> list[int]:
        host = self.described(identifier)["Endpoint"]["Address"]
        with self.session(host, "master", password) as session, session.cursor() as cursor:
            cursor.execute("SELECT number FROM test.line ORDER BY number")
            return [number for (number,) in cursor.fetchall()]

    def token(self, host: str, user: str = "app", *, secret_key: str = "") -> str:
        """Sign a token as botocore does."""
        keys = self.databases.keys_of(ROLE)
        make: Any = boto3.client
        signer = make(
            "rds",
            region_name=REGION,
            aws_access_key_id=keys.access_key,
            aws_secret_access_key=secret_key or keys.secret_key,
            aws_session_token=keys.token,
        )
        return str(signer.generate_db_auth_token(host, 5432, user))


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    with local_cloud(), Databases() as databases:
        yield Instance(databases)


def test_the_master_signs_in_over_verified_tls_and_not_without(instance: Instance) -> None:
    with instance.session(instance.host, "master", instance.secret(instance.described("poc"))) as session:
        assert session.info.ssl_in_use
        with session.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            assert cursor.fetchone() == (False,)

    for options, says in (
        ({"sslmode": "disable"}, "no encryption"),
        ({"sslrootcert": "project/certificates/rds.pem"}, "certificate verify failed"),
        ({"called": "another.example"}, 'does not match host name "another.example"'),
    ):
        with pytest.raises(psycopg2.OperationalError, match=says):
            instance.session(instance.host, "master", "x" * 20, **options)


@pytest.mark.parametrize(
    ("when", "lasts", "signature", "says"),
    [
        ("20269999T999999Z", "900", "0", "its time cannot be read"),
        ("20261122T000000Z", "\u00b2", "0", "its time cannot be read"),
        ("20261122T000000Z", "900", "\u7533", "its signature is wrong"),
    ],
)
def test_a_token_that_is_none_is_no_fault_of_ours(when: str, lasts: str, signature: str, says: str) -> None:
    keys = tokens.Keys(access_key="ASIAEXAMPLE", secret_key="s", role=ROLE)
    told = {"Action": "connect", "DBUser": "app", "X-Amz-Date": when, "X-Amz-Expires": lasts,
            "X-Amz-Credential": f"ASIAEXAMPLE/{when[:8]}/{REGION}/rds-db/aws4_request",
            "X-Amz-Signature": signature}  # fmt: skip
    at = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    with pytest.raises(tokens.BadToken, match=says):
        tokens.read(f"db:5432/?{urlencode(told)}", host="db", port=5432, find=lambda _key: keys, at=at)


def test_a_rotated_password_takes_the_place_of_the_old(instance: Instance) -> None:
    before = instance.secret(instance.found)
    modified = {"DBInstanceIdentifier": "poc", "RotateMasterUserPassword": True, "ApplyImmediately": True}
    rotated = {"SecretId": instance.found["MasterUserSecret"]["SecretArn"]}
    for call, arguments in (
        (instance.rds.modify_db_instance, modified),
        (client("secretsmanager").rotate_secret, rotated),
    ):
        call(**arguments)
        after = instance.secret(instance.found)
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            instance.session(instance.host, "master", before)
        with instance.session(instance.host, "master", after):
            before = after


def test_a_token_signs_in_whom_a_policy_allows_and_nobody_else(instance: Instance) -> None:
    with instance.session(instance.host, "app", instance.token(instance.host)):
        pass

    for user, token, why in (
        ("app", instance.token(instance.host, secret_key="wrong"), "its signature is wrong"),
        ("app", instance.token(instance.host, "master"), "it is for 'master', not for 'app'"),
        ("app", instance.token("another.example"), "it is for 'another.example:5432'"),
        ("app", "a password", "it is for 'a password'"),
    ):
        with pytest.raises(psycopg2.OperationalError, match="LDAP authentication failed"):
            instance.session(instance.host, user, token)
        assert why in instance.databases.refusals[-1]
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):  # who has no rds_iam
        instance.session(instance.host, "other", instance.token(instance.host, "other"))

    instance.allow("db-OFANOTHERDATABASE")
    try:
        with pytest.raises(psycopg2.OperationalError, match="LDAP authentication failed"):
            instance.session(instance.host, "app", instance.token(instance.host))
        assert "no policy of web allows rds-db:connect" in instance.databases.refusals[-1]
    finally:
        instance.allow(instance.found["DbiResourceId"])


def test_a_restored_instance_is_as_it_was_then_and_another_to_iam(instance: Instance) -> None:
    restore = instance.rds.restore_db_instance_to_point_in_time
    restore(SourceDBInstanceIdentifier="poc", TargetDBInstanceIdentifier="then", RestoreTime=instance.moment)
    restore(SourceDBInstanceIdentifier="poc", TargetDBInstanceIdentifier="now", UseLatestRestorableTime=True)
    instance.rds.restore_db_instance_from_db_snapshot(DBSnapshotIdentifier="kept", DBInstanceIdentifier="copy")

    then = instance.described("then")
    assert then["DbiResourceId"] != instance.found["DbiResourceId"]
    assert "MasterUserSecret" not in then  # as on RDS: the password stays what it was, until RDS is asked to keep it
    assert instance.rows("then", instance.first) == [1]
    assert instance.rows("copy", instance.first) == [1, 2]
    assert instance.rows("now", instance.secret(instance.found)) == [1, 2, 3]

    instance.rds.modify_db_instance(DBInstanceIdentifier="then", ManageMasterUserPassword=True, ApplyImmediately=True)
    assert instance.rows("then", instance.secret(instance.described("then"))) == [1]
    for moment in (instance.moment - dt.timedelta(hours=1), instance.moment + dt.timedelta(hours=1)):
        with pytest.raises(ClientError, match="is not in it"):
            restore(SourceDBInstanceIdentifier="poc", TargetDBInstanceIdentifier="never", RestoreTime=moment)
    names = [found["DBInstanceIdentifier"] for found in instance.rds.describe_db_instances()["DBInstances"]]
    assert "never" not in names


def test_an_instance_stops_starts_is_renamed_and_goes(instance: Instance) -> None:
    rds = instance.rds
    rds.create_db_instance(
        **{**INSTANCE, "DBInstanceIdentifier": "passing", "ManageMasterUserPassword": False},
        MasterUserPassword="as the caller wishes",
    )
    old = instance.described("passing")["Endpoint"]["Address"]
    rds.stop_db_instance(DBInstanceIdentifier="passing")
    with pytest.raises(psycopg2.OperationalError, match="Connection refused"):
        instance.session(old, "master", "as the caller wishes")

    rds.start_db_instance(DBInstanceIdentifier="passing")
    rds.modify_db_instance(DBInstanceIdentifier="passing", NewDBInstanceIdentifier="renamed", ApplyImmediately=True)
    new = instance.described("renamed")["Endpoint"]["Address"]
    with instance.session(new, "master", "as the caller wishes"):
        assert instance.databases.server(old) is None
    rds.delete_db_instance(DBInstanceIdentifier="renamed", FinalDBSnapshotIdentifier="last")
    assert instance.databases.server(new) is None
    rds.restore_db_instance_from_db_snapshot(DBSnapshotIdentifier="last", DBInstanceIdentifier="back")
    back = instance.described("back")["Endpoint"]["Address"]
    with instance.session(back, "master", "as the caller wishes"):
        pass


def test_a_cluster_has_one_server_and_a_past_too(instance: Instance) -> None:
    rds = instance.rds
    named = {"Engine": "aurora-postgresql", "DatabaseName": "cloister", "MasterUsername": "master"}
    rds.create_db_cluster(DBClusterIdentifier="many", ManageMasterUserPassword=True, **named)
    rds.create_db_instance(
        DBInstanceIdentifier="many-1",
        DBClusterIdentifier="many",
        Engine="aurora-postgresql",
        DBInstanceClass="db.serverless",
    )
    rds.restore_db_cluster_to_point_in_time(
        SourceDBClusterIdentifier="many", DBClusterIdentifier="again", UseLatestRestorableTime=True
    )

    first, again = (rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"][0] for name in ("many", "again"))
    assert first["DbClusterResourceId"] != again["DbClusterResourceId"]
    for found in (first, again):
        with instance.session(found["Endpoint"], "master", instance.secret(found)):
            pass


STANDING = """\
import sys
from deploy.rehearsal.cloud import local_cloud
from deploy.rehearsal.cloud.databases import Databases
from tests.deploy.rehearsal.test_databases import INSTANCE
from tests.deploy.surroundings import client
with local_cloud(), Databases() as databases:
    client("rds").create_db_instance(**INSTANCE)
    (found,) = client("rds").describe_db_instances()["DBInstances"]
    folder = databases.server(found["DbiResourceId"]).folder
    print((folder / "data" / "postmaster.pid").read_text().splitlines()[0], folder.parent, flush=True)
    sys.stdin.read()
"""


def test_nothing_stays_behind_a_cloud_that_was_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STANDING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as cloud:
        assert cloud.stdout is not None
        pid, folder = cloud.stdout.readline().split()
        server = os.pidfd_open(int(pid))
        assert not select.select([server], [], [], 0)[0]
        cloud.kill()
        cloud.stdout.read()  # to its end: the keeper, which inherited it, has done its work

    assert select.select([server], [], [], 0)[0]
    os.close(server)
    assert not Path(folder).exists()


@pytest.fixture(scope="module")
def stage(instance: Instance, artefact: build.Artefact) -> Iterator[Any]:
    """The tasks function of a stage in a cloud whose database has the instance's name; its invocations' answers."""
    client("iam").create_role(RoleName="tasks", AssumeRolePolicyDocument="{}")
    resource = f"arn:aws:rds-db:{REGION}:123456789012:dbuser:{instance.found['DbiResourceId']}/*"
    statement = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": resource}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client("iam").put_role_policy(RoleName="tasks", PolicyName="connect", PolicyDocument=document)
    variables = {
        "CLOISTER_STAGE": "poc",
        "CLOISTER_SECRET_KEY": "s" * 50,
        "CLOISTER_ALLOWED_HOSTS": "api.example",
        "CLOISTER_DATABASE_HOST": instance.host,
        "CLOISTER_DATABASE_USER": "app",
        "CLOISTER_DATABASE_SIGN_IN": "token",
        "CLOISTER_TASKS_FUNCTION": "poc-tasks",
    }
    client("lambda").create_function(
        FunctionName="poc-tasks",
        Runtime="python3.13",
        Role="arn:aws:iam::123456789012:role/tasks",
        Handler="project.lambda_handler.handler",
        Code={"ZipFile": artefact.archive.read_bytes()},
        Environment={"Variables": variables},
        Timeout=120,
    )
    with Cloud(databases=instance.databases) as cloud:
        make: Any = boto3.client
        functions = make(
            "lambda", endpoint_url=cloud.endpoint, region_name=REGION, aws_access_key_id="t", aws_secret_access_key="t"
        )

        def invoke(event: dict[str, Any]) -> Any:
            answer = functions.invoke(FunctionName="poc-tasks", Payload=json.dumps(event))
            log = base64.b64decode(answer["LogResult"]).decode()
            assert "FunctionError" not in answer, log
            return json.load(answer["Payload"])

        yield invoke


def test_the_shipped_function_makes_its_roles_and_works_by_tokens(instance: Instance, stage: Any) -> None:
    master = {"user": "master", "password": instance.secret(instance.found)}

    assert stage({"bootstrap": {"master": master, "owner": "", "app": ""}}) == {"bootstrap": "owner, app"}
    assert "Applying proposals" in stage({"manage": "migrate --noinput"})["output"]
    assert stage({"command": "tick"}) == {"timer": "tick"}
    with instance.session(instance.host, "app", instance.token(instance.host)) as session, session.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM proposals_proposal")
        assert cursor.fetchone() == (0,)
