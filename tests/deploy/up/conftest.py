"""One clone, one cloud and one database for the whole way up."""

from collections.abc import Iterator

import pytest

from deploy.artefact import build
from deploy.rehearsal.cloud import local_cloud
from deploy.rehearsal.cloud.databases import Databases
from deploy.rehearsal.cloud.front import Cloud
from tests.deploy.up.rig import Clone


@pytest.fixture(scope="module")
def clone(artefact: build.Artefact, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    """A clone whose stage has nothing yet."""
    with local_cloud(), Databases() as databases, Cloud(databases=databases) as cloud:
        yield Clone(tmp_path_factory.mktemp("clone"), cloud)
