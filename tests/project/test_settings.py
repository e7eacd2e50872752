"""Django's settings, as a deployed stage reads them: in a process of its own."""

import json
import os
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from project.bootstrap import ROOT
from project.environment import STAGE, VARIABLES

KEY = "k" * 50
DEPLOYED = {
    "CLOISTER_STAGE": "poc",
    "CLOISTER_SECRET_KEY": KEY,
    "CLOISTER_ALLOWED_HOSTS": "api.internal",
    "CLOISTER_SPA_ORIGINS": "https://site.internal",
    "CLOISTER_DATABASE_HOST": "db.internal",
    "CLOISTER_DATABASE_USER": "app",
    "CLOISTER_DATABASE_PASSWORD": "not a real one",
    "CLOISTER_DATABASE_ROOT_CERTIFICATE": "/var/task/ca.pem",
}


def run(code: str, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run Python code in a process with these of our variables and no others."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("CLOISTER_")}
    environment = others | {"DJANGO_SETTINGS_MODULE": "project.settings"} | variables
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )


def settings(*names: str, **variables: str) -> dict[str, Any]:
    """Return some settings of a deployed stage."""
    code = f"import json; from project import settings as s; print(json.dumps({{n: getattr(s, n) for n in {names}}}))"
    ended = run(code, DEPLOYED | variables)
    assert ended.returncode == 0, ended.stderr
    values: dict[str, Any] = json.loads(ended.stdout)
    return values


class TestADeployedStage:
    def test_shows_nothing_of_itself_and_serves_no_page(self) -> None:
        assert settings("DEBUG", "SPA_DIST") == {"DEBUG": False, "SPA_DIST": None}

    def test_verifies_the_databases_certificate_and_name(self) -> None:
        database = settings("DATABASES")["DATABASES"]["default"]

        assert database["ENGINE"] == "django.db.backends.postgresql"
        assert database["OPTIONS"].items() >= {"sslmode": "verify-full", "sslrootcert": "/var/task/ca.pem"}.items()

    def test_knows_the_authorities_of_amazon_rds(self) -> None:
        database = settings("DATABASES", CLOISTER_DATABASE_ROOT_CERTIFICATE="")["DATABASES"]["default"]

        file = Path(database["OPTIONS"]["sslrootcert"])
        assert file == ROOT / "project" / "certificates" / "rds.pem"
        assert len(ssl.create_default_context(cafile=file).get_ca_certs()) == 9

    def test_signs_in_by_token_where_it_is_told_to(self) -> None:
        code = (
            "import django; django.setup(); from django.db import connection as c; p = c.get_connection_params(); "
            "print(p['user'], p['password'])"
        )
        by_token = {"CLOISTER_DATABASE_SIGN_IN": "token", "CLOISTER_DATABASE_PASSWORD": "", "AWS_REGION": "us-east-1"}
        keys = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": ""}
        ended = run(code, DEPLOYED | by_token | keys)

        user, password = ended.stdout.split()
        assert user == "app"
        assert password.startswith("db.internal:5432/?Action=connect&DBUser=app&X-Amz-Algorithm=AWS4-HMAC-SHA256&")

    @pytest.mark.parametrize(
        ("variables", "says"),
        [
            ({"CLOISTER_DATABASE_SIGN_IN": "iam"}, "password or token"),
            ({"CLOISTER_DATABASE_PASSWORD": ""}, "CLOISTER_DATABASE_PASSWORD is not set"),
            ({"CLOISTER_DATABASE_SIGN_IN": "token", "AWS_REGION": ""}, "AWS_REGION is not set"),
        ],
    )
    def test_does_not_start_without_a_way_to_sign_in(self, variables: dict[str, str], says: str) -> None:
        assert says in run("from project import settings", DEPLOYED | variables).stderr

    def test_admits_only_the_named_hosts_and_origins(self) -> None:
        assert settings("ALLOWED_HOSTS", "CORS_ALLOWED_ORIGINS", "CORS_ALLOW_CREDENTIALS") == {
            "ALLOWED_HOSTS": ["api.internal"],
            "CORS_ALLOWED_ORIGINS": ["https://site.internal"],
            "CORS_ALLOW_CREDENTIALS": False,
        }

    @pytest.mark.parametrize("name", [v.name for v in VARIABLES.values() if v.deployed is None or v is STAGE])
    def test_does_not_start_without_what_it_needs(self, name: str) -> None:
        ended = run("import project.settings", {k: v for k, v in DEPLOYED.items() if k != name})

        assert ended.returncode != 0
        assert f"{name} is not set." in ended.stderr

    @pytest.mark.parametrize(
        ("name", "value", "remedy"),
        [
            ("CLOISTER_SECRET_KEY", "short", "50 random characters or more"),
            ("CLOISTER_ALLOWED_HOSTS", "*", "the host names in use, not *"),
            ("CLOISTER_TIME_ZONE", "Tokyo", "a name of the IANA time zone database"),
            ("CLOISTER_TIME_ZONE", "../etc/passwd", "a name of the IANA time zone database"),
            ("CLOISTER_DATABASE_PORT", "tcp://5432", "a whole number from 1 to 65535"),
            ("CLOISTER_FISCAL_YEAR_START_MONTH", "13", "a whole number from 1 to 12"),
        ],
    )
    def test_does_not_start_with_what_it_cannot_use(self, name: str, value: str, remedy: str) -> None:
        ended = run("import project.settings", DEPLOYED | {name: value})

        assert ended.returncode != 0
        assert name in ended.stderr
        assert remedy in ended.stderr

    def test_never_prints_a_secret(self) -> None:
        ended = run("import project.settings", DEPLOYED | {"CLOISTER_SECRET_KEY": "too short a secret"})

        assert "too short a secret" not in ended.stderr

    def test_passes_djangos_own_checks_for_deployment(self) -> None:
        # Transport security, sessions and cookies are not its: TLS ends before the function, and there are none.
        code = (
            "import django; django.setup(); from django.core import checks;"
            "print(*sorted(m.id for m in checks.run_checks(include_deployment_checks=True) if m.is_serious()))"
        )
        ended = run(code, DEPLOYED)

        assert ended.returncode == 0, ended.stderr
        assert set(ended.stdout.split()) <= {"security.W004", "security.W008"}


class TestTheRunningApplication:
    def test_imports_nothing_that_only_development_installs(self) -> None:
        code = (
            "import sys, django; django.setup();"
            "from django.urls import get_resolver; get_resolver().url_patterns;"
            "print(*{name.partition('.')[0] for name in sys.modules})"
        )
        ended = run(code, DEPLOYED)

        assert ended.returncode == 0, ended.stderr
        unwanted = {"drf_spectacular", "babel", "pytest", "hypothesis", "playwright", "boto3", "jsonschema"}
        assert unwanted & set(ended.stdout.split()) == set()


class TestADevelopersMachine:
    def test_uses_a_file_of_sqlite_that_waits_for_other_writers(self) -> None:
        code = "import json; from project import settings as s; print(json.dumps(s.DATABASES['default']))"
        ended = run(code, {"CLOISTER_STAGE": "local", "CLOISTER_SECRET_KEY": KEY})

        database = json.loads(ended.stdout)
        assert database["ENGINE"] == "django.db.backends.sqlite3"
        assert database["NAME"] == str(ROOT / ".local" / "cloister.sqlite3")
        assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
