"""The local cloud's tasks and services as containers that really run: each image's tree, its user, its command.

    with Databases() as databases, Containers(databases) as containers, Cloud(databases=databases) as cloud: ...

moto keeps the descriptions; what is begun, ended or replaced there is begun, ended or replaced here. What is ours and
not AWS's: no network of their own, no limits, no Session Manager, and nobody's rights are asked.
"""

import contextlib
import http.client
import io
import itertools
import json
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import boto3
from botocore.exceptions import ClientError
from moto.core.exceptions import JsonRESTError
from moto.ecs.models import EC2ContainerServiceBackend
from moto.moto_api import state_manager

from deploy.container import environment
from deploy.rehearsal.cloud import images
from deploy.rehearsal.cloud.databases import Databases
from deploy.rehearsal.container import Container

PATIENCE = 60.0
"""Seconds for a new container to answer, or to end when it is asked to (StopTimeout in fargate.yaml)."""
ENVIRONMENT_FILES = "ResourceInitializationError: failed to download env files: {file}"
_KEYS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}


@dataclass
class Running:
    """A container, what it writes, and where its log goes."""

    container: Container
    output: io.BufferedRandom
    group: str
    stream: str
    region: str
    place: "Place"
    told: bool = field(default=False)


@dataclass(frozen=True)
class Place:
    """Where a container's server listens, the words before a command that runs there, and what a network calls it."""

    address: str = "127.0.0.1"
    port: int = 0
    prefix: tuple[str, ...] = ()
    host: str = ""


class DeploymentFailed(JsonRESTError):
    """A service's new containers did not live; CloudFormation hears it as a failure."""

    def __init__(self, why: str) -> None:
        super().__init__("InvalidParameterException", f"ECS Deployment Circuit Breaker was triggered: {why}")


class Containers:
    """The containers of one local cloud; all end with the block. `endpoint` is where they find AWS, once it stands."""

    def __init__(self, databases: Databases) -> None:
        self.databases = databases
        self._tasks: dict[str, Running] = {}
        self._services: dict[str, list[Running]] = {}
        self._undo = contextlib.ExitStack()
        self._lock = threading.Lock()
        # A container listens everywhere; each is known by an address of its own, as target groups know them.
        self._addresses = (f"127.{16 + place // 250}.0.{1 + place % 250}" for place in itertools.count())
        self.endpoint = ""

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="cloister-containers-"))
        self._folder.chmod(0o755)
        self._undo.callback(shutil.rmtree, self._folder, ignore_errors=True)
        self._trees = images.Trees(self._folder)
        state_manager.set_transition("ecs::task", {"progression": "manual", "times": 10**9})
        self._undo.callback(state_manager.unset_transition, "ecs::task")
        for name, call in self._replacements().items():
            before = EC2ContainerServiceBackend.__dict__[name]
            setattr(EC2ContainerServiceBackend, name, call)
            self._undo.callback(setattr, EC2ContainerServiceBackend, name, before)
        return self

    def __exit__(self, *_: object) -> None:
        self._undo.close()

    def ask(self, service: str, path: str, host: str) -> int:
        """Ask a service's first container as the load balancer would, and return the answer's status."""
        headers = {"Host": host, "X-Forwarded-Proto": "https"}
        return self.status(self._services[service][0].place, path, headers)

    def alive(self) -> Iterator[Running]:
        """Yield every container that has not ended."""
        for held in (*self._tasks.values(), *(one for many in self._services.values() for one in many)):
            if held.container.process.poll() is None:
                yield held

    # --- where they stand; a rehearsal says otherwise --------------------------------------------------------------
    def place(self, *, serves: bool) -> Place:
        """Give a new container its place: of a service's, with a port to listen on."""
        return Place(address=next(self._addresses), port=_free_port() if serves else 0)

    def status(self, place: Place, path: str, headers: Mapping[str, str]) -> int:
        """Ask the server at a place and return its answer's status; raises `OSError`."""
        return _status(place.address, place.port, path, headers)

    def folders(self) -> tuple[Path, ...]:
        """Name folders beside the image's own that containers read from."""
        return (self._certificates(),)

    def near(self, place: Place, region: str) -> dict[str, str]:
        """Return what stands for the network that a task has to itself, and for its region's addresses."""
        there = {"CLOISTER_PORT": str(place.port)} if place.port else {}
        return {"AWS_ENDPOINT_URL_S3": self.endpoint, "AWS_REGION": region, **there}

    # --- what moto's calls mean ----------------------------------------------------------------------------------
    def _replacements(self) -> dict[str, Any]:
        backend: Any = EC2ContainerServiceBackend
        run_task, describe_tasks, stop_task = backend.run_task, backend.describe_tasks, backend.stop_task
        list_tasks, delete_cluster = backend.list_tasks, backend.delete_cluster
        create_service, update_service = backend.create_service, backend.update_service
        delete_service = backend.delete_service

        def running(self_: Any, *arguments: Any, **named: Any) -> Any:
            made = run_task(self_, *arguments, **named)
            for task in made:
                self._begin(task, self_)
            return made

        def described(self_: Any, *arguments: Any, **named: Any) -> Any:
            found = describe_tasks(self_, *arguments, **named)
            for task in found:
                self._settle(task)
            return found

        def stopped(self_: Any, *arguments: Any, **named: Any) -> Any:
            task = stop_task(self_, *arguments, **named)
            if held := self._tasks.get(task.id):
                held.container.kill()
                self._tell(held)
            return task

        def listed(self_: Any, cluster: Any = None, instance: Any = None, family: str = "", *rest: Any) -> Any:
            # "ListTasks" shows no tasks whose desired status is STOPPED unless asked for them. moto knows no family
            # of a definition that was replaced.
            found = list_tasks(self_, cluster, instance, None, *rest)
            of_family = [task for task in found if not family or f"/{family}:" in task.task_definition_arn]
            return [task for task in of_family if self._runs(task)]

        def removed(self_: Any, cluster_str: str) -> Any:
            name = cluster_str.rpartition("/")[2]
            if any(self._runs(task) for task in self_.tasks.get(name, {}).values()):
                raise JsonRESTError(
                    "ClusterContainsTasksException", "The Cluster cannot be deleted while Tasks are active."
                )
            return delete_cluster(self_, cluster_str)

        def created(self_: Any, *arguments: Any, **named: Any) -> Any:
            made = create_service(self_, *arguments, **named)
            self._deploy(made, self_)
            return made

        def updated(self_: Any, *arguments: Any, **named: Any) -> Any:
            made = update_service(self_, *arguments, **named)
            self._deploy(made, self_)
            return made

        def ended(self_: Any, *arguments: Any, **named: Any) -> Any:
            gone = delete_service(self_, *arguments, **named)
            for held in self._services.pop(gone.name, []):
                self._let_go(held)
            return gone

        def resources(_definition: Any) -> dict[str, Any]:
            # moto adds up each container's memory, which a definition for Fargate says only as a whole.
            return {"CPU": 0, "MEMORY": 0, "PORTS": [], "PORTS_UDP": []}

        return {
            "_calculate_task_resource_requirements": staticmethod(resources),
            "run_task": running,
            "describe_tasks": described,
            "stop_task": stopped,
            "list_tasks": listed,
            "delete_cluster": removed,
            "create_service": created,
            "update_service": updated,
            "delete_service": ended,
        }

    def _begin(self, task: Any, backend: Any) -> None:
        """Start a task's container; a task that cannot be started says why, and never had an exit code."""
        definition = backend.describe_task_definition(task.task_definition_arn)
        overrides = (task.overrides.get("containerOverrides") or [{}])[0]
        task.containers[0].exitCode = None
        try:
            self._tasks[task.id] = self._start(definition, overrides, f"tasks/{task.id}", backend.region_name)
        except (images.NoImage, FileNotFoundError) as error:
            _end(task, str(error))

    def _runs(self, task: Any) -> bool:
        """Say whether a task runs; one that has ended without anybody's watching is told of now."""
        held = self._tasks.get(task.id)
        if held is not None and held.container.process.poll() is not None:
            self._settle(task)
        return bool(task.desired_status == "RUNNING")

    def _settle(self, task: Any) -> None:
        """Wait for a task's end, as its caller would by asking again and again, and say what became of it."""
        held = self._tasks.get(task.id)
        if held is None or task.desired_status == "STOPPED":
            return
        task.containers[0].exitCode = held.container.wait(600)
        self._tell(held)
        _end(task, "Essential container in task exited")

    def _deploy(self, service: Any, backend: Any) -> None:
        """Start a service's new containers, have them answer, let them take the former ones' place, end those."""
        definition = backend.describe_task_definition(service.task_definition)
        balanced = (service.load_balancers or [{}])[0]
        new = []
        for _ in range(int(service.desired_count)):
            stream = f"{service.name}/{secrets.token_hex(16)}"  # as a task's id: the same definition may come again
            try:
                held = self._start(definition, {}, stream, backend.region_name, serves=True)
            except (images.NoImage, FileNotFoundError) as error:
                raise DeploymentFailed(str(error)) from error
            new.append(held)
            if not self._lives(held):
                held.container.kill()
                self._tell(held)
                raise DeploymentFailed(f"the container ended with {held.container.process.returncode}")
        former, self._services[service.name] = self._services.get(service.name, []), new
        self._register(balanced.get("targetGroupArn"), new, former, backend.region_name)
        for held in former:
            self._let_go(held)
        service.running_count, service.pending_count = len(new), 0

    def _register(self, group: str | None, new: list[Running], former: list[Running], region: str) -> None:
        if group:
            balancers = client("elbv2", region)
            for call, many in (("register_targets", new), ("deregister_targets", former)):
                targets = [{"Id": held.place.address, "Port": held.place.port} for held in many]
                if targets:
                    getattr(balancers, call)(TargetGroupArn=group, Targets=targets)

    def _let_go(self, held: Running) -> None:
        """Ask a container to end, and end it after ECS's patience."""
        held.container.terminate()
        try:
            held.container.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            held.container.kill()
        self._tell(held)

    def _lives(self, held: Running) -> bool:
        """Wait until a container answers the load balancer's question; False where it ended."""
        until = time.monotonic() + PATIENCE
        asked = {"Host": "10.20.0.9", "User-Agent": "ELB-HealthChecker/2.0"}
        while time.monotonic() < until:
            try:
                return self.status(held.place, "/health", asked) == 200
            except OSError:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    held.container.wait(0.1)
                    return False
        return False

    # --- a container ---------------------------------------------------------------------------------------------
    def _start(
        self, definition: Any, overrides: Mapping[str, Any], stream: str, region: str, *, serves: bool = False
    ) -> Running:
        declared = {**definition.container_definitions[0], **{k: v for k, v in overrides.items() if k != "environment"}}
        variables = dict(self.from_files(declared.get("environmentFiles") or [], region))
        for entry in (*(declared.get("environment") or []), *(overrides.get("environment") or [])):
            variables[entry["name"]] = entry["value"]
        options = declared["logConfiguration"]["options"]
        rest = stream.partition("/")[2]
        # No `with` here: the container writes into it long after this call, and the stack closes it afterwards. ruff
        # knows that of a stack in a local variable only.
        output = self._undo.enter_context(tempfile.TemporaryFile(dir=self._folder))  # noqa: SIM115
        place = self.place(serves=serves)
        container = Container(
            self._trees.of(declared["image"], region),
            self.around(variables, str(definition.task_role_arn)) | variables | self.here(place, region),
            folders=self.folders(),
            output=output,
            prefix=place.prefix,
        )
        self._undo.callback(container.close)
        group = options["awslogs-group"]
        name = f"{options['awslogs-stream-prefix']}/{declared['name']}/{rest}"
        return Running(container, output, group, name, region, place)

    def here(self, place: Place, region: str) -> dict[str, str]:
        certificate = f"{self._certificates()}/{self.databases.certificate.name}"
        return {**self.near(place, region), "CLOISTER_DATABASE_ROOT_CERTIFICATE": certificate}

    def around(self, variables: Mapping[str, str], role: str) -> dict[str, str]:
        event = json.loads(variables.get("CLOISTER_EVENT") or "{}")
        return self.databases.surroundings(variables, role, copy=str(event.get("database", "")))

    def _certificates(self) -> Path:
        """Return a folder with the databases' authority, which stands for the one that comes with the artefact."""
        folder = self._folder / "authority"
        if not folder.exists():
            folder.mkdir()
            shutil.copy(self.databases.certificate, folder)
        return folder

    def from_files(self, files: list[Mapping[str, str]], region: str) -> Iterator[tuple[str, str]]:
        for file in files:
            bucket, _, key = file["value"].partition(":s3:::")[2].partition("/")
            try:
                body = client("s3", region).get_object(Bucket=bucket, Key=key)["Body"].read()
            except ClientError as error:
                raise FileNotFoundError(ENVIRONMENT_FILES.format(file=file["value"])) from error
            yield from environment.read(body.decode()).items()

    def _tell(self, held: Running) -> None:
        """Put what a container wrote into its log, a line an event."""
        with self._lock:
            if held.told:
                return
            held.told = True
        held.container.process.wait()
        held.output.seek(0)
        now = int(time.time() * 1000)
        lines = [line for line in held.output.read().decode(errors="replace").splitlines() if line]
        logs = client("logs", held.region)
        logs.create_log_stream(logGroupName=held.group, logStreamName=held.stream)
        if lines:
            events = [{"timestamp": now, "message": line} for line in lines]
            logs.put_log_events(logGroupName=held.group, logStreamName=held.stream, logEvents=events)
        held.output.close()
        held.container.close()


def _end(task: Any, reason: str) -> None:
    task.desired_status = task.last_status = "STOPPED"
    task.stopped_reason = reason


def _status(address: str, port: int, path: str, headers: Mapping[str, str]) -> int:
    connection = http.client.HTTPConnection(address, port, timeout=30)
    try:
        connection.request("GET", path, headers=dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def client(service: str, region: str) -> Any:
    """Give a client of this process's own cloud."""
    make: Any = boto3.client  # its overloads take the name of a service, not a variable
    return make(service, region_name=region, **_KEYS)
