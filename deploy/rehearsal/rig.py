"""The whole network of a stage on one machine: the local cloud, the kernel's networks, and AWS's side of the doors.

The parts follow the cloud: whatever describe calls say when `refresh` is called is what stands afterwards. It is called
by itself before a function first runs, since functions may run while the deployment is still on its way.
"""

import contextlib
import dataclasses
import functools
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from deploy.aws import Account
from deploy.rehearsal import company, namespaces, plan, reading
from deploy.rehearsal.cloud import local_cloud
from deploy.rehearsal.cloud.databases import Databases
from deploy.rehearsal.cloud.disk import on_a_disk
from deploy.rehearsal.cloud.front import Cloud
from deploy.rehearsal.databases.server import Place
from deploy.rehearsal.dns import Resolvers
from deploy.rehearsal.doors import Doors
from deploy.rehearsal.events import Call, rest_event
from deploy.rehearsal.network import Network
from deploy.rehearsal.placed import Placed
from deploy.rehearsal.pool import Pool
from deploy.rehearsal.runtime_api import Function
from deploy.rehearsal.trust import Trust
from deploy.stage import Stage

DATABASE = "db"
"""The database's host, which stands before the network does: its server listens on every address that it gets."""


class Deployer(Account):
    """Whoever deploys: an account whose every call goes to the local cloud by HTTP, so that functions really run."""

    def __init__(self, stage: Stage, endpoint: str) -> None:
        self.endpoint = endpoint
        super().__init__(stage)


class Rig:
    """`with Rig(stage) as rig:` inside namespaces; `rig.deploy("up", ...)` then brings the stage up in it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.plan: plan.Plan | None = None
        self.pools: list[Pool] = []
        self._undo = contextlib.ExitStack()
        self._refreshing = threading.RLock()

    def __enter__(self) -> Self:
        self.store = namespaces.HOME / "store"
        self._undo.enter_context(on_a_disk(self.store))
        self._undo.enter_context(local_cloud())
        self.account = Account(self.stage)
        namespaces.make(DATABASE)
        # Its addresses come later, and only this rehearsal's hosts are in its network.
        place = Place(address="0.0.0.0", prefix=_as_nobody(DATABASE))  # noqa: S104  see above
        self.databases = Databases(lambda _name: place, resolved=True)
        with namespaces.on(DATABASE):  # where the server asks about tokens, on its own loopback
            self._undo.enter_context(self.databases)
        self.trust = Trust(self.databases.authority, namespaces.HOME / "trust")
        self.trust.tell_browsers(Path("/"))
        self.containers = self._undo.enter_context(Placed(self.databases, self.trust, self.refresh))
        self.cloud = self._undo.enter_context(Cloud(databases=self.databases, run=self._run))
        self.deployer = Deployer(self.stage, self.cloud.endpoint)
        self.network = Network()
        self.resolvers = self._undo.enter_context(Resolvers())
        self.doors = self._undo.enter_context(
            contextlib.closing(Doors(self.account, self.trust, self.databases, self.invoke))
        )
        return self

    def __exit__(self, *_: object) -> None:
        for pool in self.pools:
            pool.stop()
        self._undo.close()

    def prepare(self, text: str) -> None:
        """Have the company hand out what the stage file's text names, and go by the file as it then reads."""
        self.stage = company.hand_out(text, self.stage.name, self.account, self.databases.authority)

    # ---- the deployment

    def environment(self) -> dict[str, str]:
        """Give what a deployer's shell has: credentials of the local cloud, and its address."""
        return {
            **os.environ,
            "AWS_ENDPOINT_URL": self.cloud.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def deploy(self, *words: str, further: Mapping[str, str] | None = None, tree: Path | None = None) -> int:
        """Run `python -m deploy WORDS` in the deployer's place, from this tree or another; give its exit status."""
        command = [sys.executable, "-m", "deploy", *words]
        environment = {**self.environment(), **(further or {})}
        environment.pop(namespaces.INSIDE, None)
        return subprocess.run(command, cwd=tree, env=environment, stdin=subprocess.DEVNULL, check=False).returncode

    # ---- the network

    def refresh(self) -> plan.Plan:
        """Bring network, names and doors to what the cloud now says."""
        with self._refreshing:
            read = reading.read(self.stage, self.account, self._vpc())
            self.plan = plan.make(read, self.plan)
            new = self.network.update(self.plan)
            self.resolvers.names = self.plan.names
            self.resolvers.add(new)
            self.doors.open(self.plan, new)
            self.doors.follow(self.plan)
            return self.plan

    def _vpc(self) -> str:
        """Give the stage's VPC: the one that its stack made, or the one it names."""
        named = self.stage.text("network.vpc")
        if named:
            return named
        client = self.account.client("cloudformation")
        outputs = client.describe_stacks(StackName=f"{self.stage.prefix}-network")["Stacks"][0]["Outputs"]
        return str(next(one["OutputValue"] for one in outputs if one["OutputKey"] == "VpcId"))

    # ---- functions

    def _run(self, function: Function) -> Pool:
        """Have a function's code run on its own hosts, as the cloud has it now."""
        self.refresh()
        # S3 behind the gateway has a certificate of this authority's, in the place of Amazon's.
        around = {"AWS_CA_BUNDLE": str(self.trust.file), **function.environment}
        around.pop("AWS_ENDPOINT_URL_S3", None)  # here S3's own name leads there
        function = dataclasses.replace(function, environment=around)
        pool = Pool(function, functools.partial(self._hosts, function.name))
        self.pools.append(pool)
        return pool

    def _hosts(self, function: str) -> Sequence[str]:
        return [host.name for host in (self.plan or self.refresh()).of("function") if host.owner == function]

    def invoke(self, function: str, event: dict[str, object]) -> object:
        """Have a deployed function answer an event."""
        return self.cloud.function(function, self.stage.region).invoke(event)

    def warm_up(self) -> None:
        """Have the web function start, which on a busy machine takes longer than a check waits."""
        if not self.stage.in_containers:  # those answer before anybody is led to them
            self.invoke(self.stage.prefix, rest_event(Call(path="/health")))

    def facts(self) -> dict[str, object]:
        """Give what a program needs to come by itself: addresses, and the authority to trust."""
        from deploy.site import verb as site

        known = site.addresses(self.stage, self.account)
        environments = max((pool.environments for pool in self.pools), default=0)
        return {**known, "ca": str(self.trust.file), "environments": environments}

    def variables(self, function: str) -> dict[str, str]:
        """Give what a function finds in its environment, for a program that is to see what it sees."""
        if self.stage.in_containers:
            return self.containers.variables(function, self.stage.region)
        pool = self.cloud.function(function, self.stage.region)
        if not isinstance(pool, Pool):
            raise TypeError(f"{function} runs nowhere here")
        return {"AWS_REGION": self.stage.region, **pool.function.environment}

    # ---- hosts

    def command(self, host: str, *words: str) -> list[str]:
        """Give the words of a command that runs on a host."""
        return [*namespaces.prefix(host), *words]


def _as_nobody(host: str) -> tuple[str, ...]:
    """Give the words before a program of PostgreSQL's: on its host, and not as uid 0, which it refuses."""
    return (*namespaces.prefix(host), "unshare", "--user", "--map-user=1000", "--map-group=1000")
