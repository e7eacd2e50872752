"""Containers on the network's own hosts: each has an address of the app subnets to itself, and no way out but theirs.

As with awsvpc (Amazon ECS Developer Guide, "Fargate task networking") every task has an interface of its own; here the
interfaces are made beforehand, so many that a service can be replaced while the former containers still answer.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from deploy.rehearsal import namespaces, sending
from deploy.rehearsal.cloud.databases import Databases
from deploy.rehearsal.cloud.running import Containers, Place, client
from deploy.rehearsal.events import Call
from deploy.rehearsal.plan import Plan
from deploy.rehearsal.trust import Trust
from deploy.stage import Stage

PORT, BALANCER = 8000, "balancer-1"
PATIENCE = 30.0  # seconds for an answer to whoever asks whether a container lives


class Placed(Containers):
    """The containers of a rehearsal; `refresh` brings the network to what the cloud now has, and gives it."""

    def __init__(self, databases: Databases, trust: Trust, refresh: Callable[[], Plan]) -> None:
        super().__init__(databases)
        self.trust, self.refresh = trust, refresh

    def place(self, *, serves: bool) -> Place:
        """Take a host that nobody has; the web containers' where it is to answer, else the tasks'."""
        taken = {held.place.host for held in self.alive()}
        wanted = "web-" if serves else "tasks-"
        host = next(
            host for host in self.refresh().of("function") if host.name.startswith(wanted) and host.name not in taken
        )
        return Place(host.address, PORT if serves else 0, namespaces.prefix(host.name), host.name)

    def status(self, place: Place, path: str, headers: Mapping[str, str]) -> int:
        """Ask from where the load balancer stands, over its groups and the container's."""
        call = Call(path=path, headers=tuple(headers.items()))
        return sending.send(BALANCER, "HTTP", (place.address, place.port), call, PATIENCE).status

    def folders(self) -> tuple[Path, ...]:
        """Name the rehearsal's authority too."""
        return (*super().folders(), self.trust.folder)

    def near(self, place: Place, region: str) -> dict[str, str]:
        """S3's own name leads to the gateway here; its certificate is of this authority, in the place of Amazon's."""
        there = {"CLOISTER_PORT": str(place.port)} if place.port else {}
        return {"AWS_REGION": region, "AWS_CA_BUNDLE": str(self.trust.file), **there}

    def replace(self, stage: Stage) -> None:
        """Have ECS put new web containers into the former ones' place ("UpdateService", forceNewDeployment)."""
        client("ecs", stage.region).update_service(cluster=stage.prefix, service="web", forceNewDeployment=True)

    def variables(self, name: str, region: str) -> dict[str, str]:
        """Give what the web containers, or for a name that ends in -tasks the tasks, find in their environment."""
        family = name if name.endswith("-tasks") else f"{name}-web"
        found = client("ecs", region).describe_task_definition(taskDefinition=family)["taskDefinition"]
        declared = found["containerDefinitions"][0]
        variables = dict(self.from_files(declared["environmentFiles"], region))
        variables |= {entry["name"]: entry["value"] for entry in declared["environment"]}
        return self.around(variables, found["taskRoleArn"]) | variables | self.here(Place(), region)
