"""The database's roles, made and used by the shipped function on a server that asks for passwords."""

import json
import secrets
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from deploy.rehearsal.events import Call, rest_event
from deploy.rehearsal.runtime_api import Lambda, Result
from tests import postgresql
from tests.deploy.conftest import Start

MASTER, OWNER, APP = (secrets.token_urlsafe(24) for _ in range(3))
TASKS = "cloister-poc-tasks"


@pytest.fixture(scope="module")
def strict() -> Iterator[postgresql.Server]:
    """A server as Amazon RDS is: whoever signs in needs a password, and the master is no superuser."""
    with postgresql.running() as server:
        with closing(psycopg2.connect(host=server.folder, user=server.user, dbname="postgres")) as session:
            session.autocommit = True
            cursor = session.cursor()
            cursor.execute("CREATE ROLE master LOGIN CREATEROLE CREATEDB PASSWORD %s", [MASTER])
            cursor.execute("ALTER DATABASE cloister OWNER TO master")
            cursor.execute("CREATE ROLE rds_iam; GRANT rds_iam TO master WITH ADMIN OPTION")
            cursor.execute("SHOW hba_file")
            (file,) = cursor.fetchone() or ("",)
            Path(file).write_text(f"local all {server.user} trust\nlocal all all scram-sha-256\n")
            cursor.execute("SELECT pg_reload_conf()")
        yield server


@pytest.fixture
def variables(variables: dict[str, str], strict: postgresql.Server) -> dict[str, str]:
    return variables | {
        **strict.environment(),
        "CLOISTER_DATABASE_USER": "app",
        "CLOISTER_DATABASE_PASSWORD": APP,
        "CLOISTER_TASKS_FUNCTION": TASKS,
    }


def invoke(start: Start, event: dict[str, Any], *, name: str = TASKS) -> Result:
    owner = {"CLOISTER_DATABASE_OWNER_PASSWORD": OWNER} if name == TASKS else {}
    return start(owner, name=name).invoke(event)


def bootstrap(start: Start, **changed: Any) -> Result:
    given = {"master": {"user": "master", "password": MASTER}, "owner": OWNER, "app": APP}
    return invoke(start, {"bootstrap": given | changed})


def signed_in(server: postgresql.Server, role: str, password: str) -> Any:
    return psycopg2.connect(host=server.folder, user=role, password=password, dbname="cloister")


def test_roles_are_made_used_and_kept_apart(start: Start, strict: postgresql.Server) -> None:
    for _ in range(2):  # an invoke may be repeated
        made = bootstrap(start)
        assert (made.function_error, made.payload) == (None, {"bootstrap": "owner, app"}), made.log
        assert not any(secret in made.log for secret in (MASTER, OWNER, APP))

    migrated = invoke(start, {"manage": "migrate --noinput"})
    assert migrated.function_error is None, migrated.log
    ticked = invoke(start, {"command": "tick"})
    assert ticked.function_error is None, ticked.log

    with closing(signed_in(strict, "app", APP)) as session, session.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM proposals_auditevent")
        for statement in (
            "TRUNCATE proposals_auditevent",
            "UPDATE proposals_auditevent SET at = now()",
            "CREATE TABLE mine (id int)",
            "DROP TABLE proposals_proposal",
        ):
            session.rollback()
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(statement)
    with closing(signed_in(strict, "owner", OWNER)) as session, session.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
        assert cursor.fetchall() == [("owner",)]
        cursor.execute("SELECT rolcreaterole, rolsuper, rolcreatedb FROM pg_roles WHERE rolname IN ('owner', 'app')")
        assert set(cursor.fetchall()) == {(False, False, False)}
    # The master does not read what people wrote.
    with (
        closing(signed_in(strict, "master", MASTER)) as session,
        session.cursor() as cursor,
        pytest.raises(psycopg2.errors.InsufficientPrivilege),
    ):
        cursor.execute("SELECT count(*) FROM proposals_proposal")


def test_a_new_password_takes_the_place_of_the_old(start: Start, strict: postgresql.Server) -> None:
    assert bootstrap(start).function_error is None
    signed_in(strict, "app", APP).close()

    another = secrets.token_urlsafe(24)
    assert bootstrap(start, app=another).function_error is None

    signed_in(strict, "app", another).close()
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        signed_in(strict, "app", APP)


def test_a_role_signs_in_by_token_or_by_password_and_there_and_back(start: Start, strict: postgresql.Server) -> None:
    for app, by_token in ((APP, False), ("", True), (APP, False)):
        assert bootstrap(start, app=app).function_error is None

        with closing(signed_in(strict, "app", APP)) as session, session.cursor() as cursor:
            cursor.execute("SELECT pg_has_role('app', 'rds_iam', 'MEMBER')")
            assert cursor.fetchone() == (by_token,)


def test_nobody_is_signed_out_while_secrets_change(start: Start, strict: postgresql.Server) -> None:
    assert bootstrap(start).function_error is None
    assert invoke(start, {"manage": "migrate --noinput"}).function_error is None
    entered = asked(start({}), "POST", "/api/invitation/password", token=invited(start), password="a-word-of-my-own")
    assert entered[0] == 201, entered
    token = entered[1]["token"]
    coming, key = secrets.token_urlsafe(24), secrets.token_urlsafe(50)
    both = {"CLOISTER_DATABASE_PASSWORD_NEXT": coming, "CLOISTER_SECRET_KEY_NEXT": key}
    after = {
        "CLOISTER_DATABASE_PASSWORD": coming,
        "CLOISTER_SECRET_KEY": key,
        "CLOISTER_SECRET_KEY_FALLBACKS": secrets.token_urlsafe(50),
    }

    told = start(both)
    assert asked(told, "GET", "/api/me", bearer=token)[0] == 200, "before the roles change"
    assert bootstrap(start, app=coming).function_error is None
    assert asked(told, "GET", "/api/me", bearer=token)[0] == 200, "an open connection stays"
    assert asked(start(both), "GET", "/api/me", bearer=token)[0] == 200, "between the two"
    assert asked(start(after), "GET", "/api/me", bearer=token)[0] == 200, "afterwards"
    assert asked(start({}), "GET", "/api/me", bearer=token)[0] != 200, "who knows neither is out: it was a change"


def invited(start: Start) -> str:
    """Return the token of a link for a first administrator."""
    made = invoke(start, {"manage": "invite_administrator --json --site https://page.example/"})
    link: str = json.loads(made.payload["output"])["link"]
    assert link not in made.log
    return link.rpartition("/")[2]


def asked(function: Lambda, method: str, path: str, *, bearer: str = "", **body: str) -> tuple[int, Any]:
    """Ask over HTTP, as the gateway would; return status and document."""
    headers = [("Content-Type", "application/json"), *([("Authorization", f"Bearer {bearer}")] if bearer else [])]
    call = Call(method=method, path=path, headers=tuple(headers), body=json.dumps(body).encode() if body else b"")
    answer = function.invoke(rest_event(call)).payload
    return answer["statusCode"], json.loads(answer["body"])


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"master": {"user": "master"}}, "bootstrap.master.password is missing"),
        ({"master": None}, "bootstrap needs"),
        ({"owner": "short"}, "The password of owner must have 20 characters or more"),
        ({"app": None}, "The password of app must have 20 characters or more"),
    ],
)
def test_what_cannot_be_is_named_without_its_value(start: Start, changed: dict[str, Any], says: str) -> None:
    result = bootstrap(start, **changed)
    assert result.function_error
    assert says in result.payload["errorMessage"]
    assert "short" not in result.payload["errorMessage"]


def test_another_function_of_the_stage_refuses_and_names_the_one(start: Start) -> None:
    events: list[dict[str, Any]] = [{"manage": "migrate --noinput"}, {"bootstrap": {}}]
    for event in events:
        result = invoke(start, event, name="cloister-poc")
        assert result.function_error
        assert f"runs in {TASKS}: send it there." in result.payload["errorMessage"]


def test_a_stage_without_a_tasks_function_has_no_bootstrap(start: Start) -> None:
    result = start({"CLOISTER_TASKS_FUNCTION": ""}).invoke({"bootstrap": {}})
    assert "for a stage with a tasks function" in result.payload["errorMessage"]


def test_a_migration_does_not_wait_for_ever(start: Start, strict: postgresql.Server) -> None:
    assert bootstrap(start).function_error is None
    assert invoke(start, {"manage": "migrate --noinput"}).function_error is None
    with closing(signed_in(strict, "app", APP)) as session, session.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM proposals_proposal")  # a reader's lock, held until its transaction ends
        result = invoke(start, {"manage": "migrate proposals zero"})

    assert result.function_error
    assert "lock timeout" in result.payload["errorMessage"]
