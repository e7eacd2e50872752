"""Put the local cloud's CloudFormation and its corrections into moto, and take them out again."""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

from moto import mock_aws
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.models import botocore_stubber

from deploy.rehearsal.cloud import (
    apigateway,
    awslambda,
    balancing,
    cloudwatch,
    containers,
    corrections,
    ec2_links,
    ec2_network,
    ec2_traffic,
    events,
    iam,
    logs,
    machines,
    rds,
    route53,
    s3,
    service,
    sns,
)

MODULES = (
    apigateway,
    awslambda,
    balancing,
    cloudwatch,
    containers,
    ec2_links,
    ec2_network,
    ec2_traffic,
    events,
    iam,
    logs,
    machines,
    rds,
    route53,
    s3,
    sns,
)
"""Importing a module registers its types."""

REGION = "ap-northeast-1"


@contextlib.contextmanager
def extend() -> Iterator[None]:
    """Replace moto's CloudFormation while the context lasts.

    Raises:
        RuntimeError: boto3 is not intercepted; calls would leave this machine.

    """
    if not botocore_stubber.enabled:
        raise RuntimeError("start moto.mock_aws() first: otherwise the local cloud's own calls would reach AWS")
    with contextlib.ExitStack() as undo:
        for name, call in service.CALLS.items():
            _replace(undo, CloudFormationResponse, name, call)
        for owner, name, corrected in corrections.ALL:
            _replace(undo, owner, name, corrected)
        yield


_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",  # a second for each empty cloud, for images that nobody starts
}


def _set(undo: contextlib.ExitStack, name: str, value: str) -> None:
    before = os.environ.get(name)
    os.environ[name] = value
    if before is None:
        undo.callback(os.environ.pop, name, None)
    else:
        undo.callback(os.environ.__setitem__, name, before)


_ABSENT = object()


def _replace(undo: contextlib.ExitStack, owner: Any, name: str, value: object) -> None:
    before = owner.__dict__.get(name, _ABSENT)
    setattr(owner, name, value)
    if before is _ABSENT:
        undo.callback(delattr, owner, name)
    else:
        undo.callback(setattr, owner, name, before)


@contextlib.contextmanager
def local_cloud() -> Iterator[None]:
    """Give this process an empty cloud; every boto3 call stays inside it until the context ends."""
    with contextlib.ExitStack() as undo:
        for name, value in _ENVIRONMENT.items():
            _set(undo, name, value)
        undo.enter_context(mock_aws())
        undo.enter_context(extend())
        yield
