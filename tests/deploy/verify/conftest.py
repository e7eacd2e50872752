"""One stage on this machine, for every test that looks at it."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto.server import ThreadedMotoServer

from tests.deploy.verify.world import API_HOST, OWN_NAME, World, standing


@pytest.fixture(scope="package")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The servers, started once."""
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    try:
        with standing(tmp_path_factory.mktemp("verify"), moto.get_host_and_port()) as world:
            yield world
    finally:
        moto.stop()


@pytest.fixture
def world(servers: World, settings: Any) -> World:
    """The stage as it should be."""
    servers.reset()
    settings.ALLOWED_HOSTS = [API_HOST, OWN_NAME]
    settings.CORS_ALLOWED_ORIGINS = [servers.page]
    return servers
