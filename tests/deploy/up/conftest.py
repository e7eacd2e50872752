"""One clone, one cloud and one database for the whole way up."""

from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest

from deploy.artefact import build
from deploy.rehearsal.cloud import local_cloud
from deploy.rehearsal.cloud.front import Cloud
from tests import postgresql
from tests.deploy.up.rig import Clone


@pytest.fixture(scope="module")
def clone(artefact: build.Artefact, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    """A clone whose stage has nothing yet."""
    with postgresql.running() as server, local_cloud():
        with closing(psycopg2.connect(host=server.folder, user=server.user, dbname="postgres")) as session:
            session.autocommit = True
            for statement in ("CREATE ROLE admin LOGIN CREATEROLE CREATEDB", "ALTER DATABASE cloister OWNER TO admin"):
                session.cursor().execute(statement)
        instead = {
            "CLOISTER_DATABASE_HOST": server.folder,
            "CLOISTER_DATABASE_ROOT_CERTIFICATE": "/nowhere/ca.pem",  # TLS is spoken on TCP only, and this is a file
        }
        with Cloud(instead) as cloud:
            yield Clone(tmp_path_factory.mktemp("clone"), cloud)
