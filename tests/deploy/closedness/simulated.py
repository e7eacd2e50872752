"""The second opinion: one Node process that answers batches of simulations (simulator/simulate.mjs)."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from deploy.closedness.policy import Document, Request
from project import bootstrap


class Simulator:
    """Asks @cloud-copilot/iam-simulate, a batch at a time."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def answers(self, simulations: list[dict[str, Any]]) -> list[Any]:
        """Give "Allowed", "ExplicitlyDenied", "ImplicitlyDenied" or {"error": ...} for each."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(simulations) + "\n")
        self._process.stdin.flush()
        answers: list[Any] = json.loads(self._process.stdout.readline())
        return answers


@contextmanager
def simulator() -> Iterator[Simulator]:
    """Start the process, and end it."""
    command = [str(bootstrap.node()), str(bootstrap.SIMULATOR / "simulate.mjs")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Simulator(process)
        assert process.stdin is not None
        process.stdin.close()


def simulation(
    request: Request,
    account: str,
    *,
    identity: list[Document],
    resource: Document | None,
    endpoint: Document | None,
    boundary: Document | None,
) -> dict[str, Any]:
    """Write a question as the simulator takes it."""
    signed = request.principal.kind == "aws"
    principal: dict[str, Any] = {"principal": request.principal.arn} if signed else {}
    # It does not derive this key from the principal.
    derived: dict[str, Any] = {"aws:PrincipalArn": request.principal.role} if signed else {}
    held: dict[str, Any] = {
        "request": {
            **principal,
            "action": request.action,
            "resource": {"resource": request.resource, "accountId": account},
            "contextVariables": derived
            | {key: value if isinstance(value, str) else list(value) for key, value in request.context.items()},
        },
        "identityPolicies": [
            {"name": f"identity {place}", "policy": document} for place, document in enumerate(identity)
        ],
        "serviceControlPolicies": [],
        "resourceControlPolicies": [],
    }
    if resource is not None:
        held["resourcePolicy"] = resource
    if endpoint is not None:
        held["vpcEndpointPolicies"] = [{"name": "endpoint", "policy": endpoint}]
    if boundary is not None:
        held["permissionBoundaryPolicies"] = [{"name": "boundary", "policy": boundary}]
    return held
