"""Which front stands on which host and port: endpoints in their subnets, the gateway, the public side outside."""

import functools
from collections.abc import Callable, Iterable
from typing import Any

from deploy.aws import Account
from deploy.rehearsal import sending
from deploy.rehearsal.balancers import Balancers
from deploy.rehearsal.cloud.databases import Databases
from deploy.rehearsal.events import Answer
from deploy.rehearsal.fronts.api import ExecuteApi
from deploy.rehearsal.fronts.balancer import Balancer
from deploy.rehearsal.fronts.bucket import S3
from deploy.rehearsal.fronts.policies import Door
from deploy.rehearsal.fronts.secrets import CALLS, Secrets
from deploy.rehearsal.fronts.server import Front, Server, Visit
from deploy.rehearsal.fronts.signatures import Keys
from deploy.rehearsal.plan import STRANGER, STRANGERS, Host, Plan
from deploy.rehearsal.standing import Standing
from deploy.rehearsal.trust import Trust

HTTPS, HTTP, BEACON = 443, 80, 8000


class Doors:
    """The fronts of a rehearsal; each serves until `close`."""

    def __init__(
        self, account: Account, trust: Trust, databases: Databases, invoke: Callable[[str, dict[str, Any]], Any]
    ) -> None:
        self.account, self.trust, self.databases, self.invoke = account, trust, databases, invoke
        self.standing = Standing(account)
        self.balancers = Balancers(account)
        self._servers: dict[tuple[str, str, int], Server] = {}

    def open(self, plan: Plan, hosts: Iterable[Host]) -> None:
        """Put the fronts of these hosts up."""
        for host in hosts:
            match host.kind:
                case "endpoint":
                    self._endpoint(plan, host)
                case "gateway":
                    self._serve(host, host.address, self._s3(functools.partial(self.standing.door, host.owner)), _S3)
                case "outside":
                    self._outside(plan, host)
                case "neighbour":  # something that is open there, so that what is closed there means something
                    port = Server(host.name, host.address, BEACON, _beacon)
                    self._servers[host.name, host.address, BEACON] = port

    def follow(self, plan: Plan) -> None:
        """Put up what has come to listen since: listeners are made after the load balancer that they belong to."""
        for host in plan.of("balancer"):
            for port, names in self.balancers.ports(host.owner):
                if (host.name, host.address, port) not in self._servers:
                    self._listener(host, port, names)

    def close(self) -> None:
        """Take every front away."""
        while self._servers:
            self._servers.popitem()[1].stop()

    def shut(self, host: str) -> Callable[[], None]:
        """Take the fronts of one host away, and give what puts them back."""
        held = {key: server for key, server in self._servers.items() if key[0] == host}
        for key, server in held.items():
            server.stop()
            del self._servers[key]

        def back() -> None:
            for key, server in held.items():
                self._servers[key] = server.again()

        return back

    def _endpoint(self, plan: Plan, host: Host) -> None:
        door = functools.partial(self.standing.door, host.owner)
        own = [
            name.name for name in plan.names if host.address in name.addresses and ".vpce." in name.name
        ]  # the endpoint's own names
        if host.service == "execute-api":
            self._serve(host, host.address, self._api(door), [*_API, *own], plain=False)
        elif host.service == "s3":
            # "bucket" takes the star's place, and the certificate's star stands for buckets.
            below = [f"{star}bucket.{name.removeprefix('*.')}" for name in own for star in ("", "*.")]
            self._serve(host, host.address, self._s3(door), [*_S3, *below])
        elif host.service in CALLS.values():
            front = Secrets(
                host.service, self.account.client(host.service), self.standing, self._keys, door,
                region=self.account.region, account=self.account.number,
            )  # fmt: skip
            self._serve(host, host.address, front, [f"{host.service}.REGION.amazonaws.com", *own], plain=False)

    def _listener(self, host: Host, port: int, names: tuple[str, ...]) -> None:
        """Listen as a load balancer on one of its addresses, with the company's certificate where it speaks TLS."""
        send = functools.partial(sending.send, host.name)
        front = Balancer(
            functools.partial(self.balancers.listener, host.owner, port),
            functools.partial(self.balancers.group, look=send),
            self.invoke,
            send,
        )
        context = self.trust.context(*names) if names else None
        self._servers[host.name, host.address, port] = Server(host.name, host.address, port, front, context)

    def _outside(self, plan: Plan, host: Host) -> None:
        """Serve AWS's public names, whose callers come through no endpoint, and a site that anybody reaches."""
        self._serve(host, host.address, self._public(self._api(Door)), [*_API, "*.example.com"])
        theirs = Door(endpoint=STRANGER, vpc="vpc-0fffffffffffffff0")
        below = [f"{star}{name}" for name in plan.foreign for star in ("", "*.", "bucket.", "*.bucket.")]
        self._serve(host, STRANGERS["execute-api"], self._api(lambda: theirs), [*_API, *below], plain=False)
        self._serve(host, STRANGERS["s3"], self._s3(lambda: theirs), [*_S3, *below])
        for gateway in plan.of("gateway"):
            self._serve(host, gateway.address, self._s3(Door), _S3)

    def _public(self, api: Front) -> Front:
        def front(visit: Visit) -> Answer:
            return _beacon(visit) if visit.host.endswith(".example.com") else api(visit)

        return front

    def _api(self, door: Callable[[], Door]) -> Front:
        objects = self._s3(Door)

        def read(role: str, bucket: str, key: str) -> Answer | None:
            return objects.read(role, bucket, key) if self.standing.trusts(role, "apigateway.amazonaws.com") else None

        return ExecuteApi(
            self.standing.apis, self.invoke, door, region=self.account.region, account=self.account.number, read=read
        )

    def _s3(self, door: Callable[[], Door]) -> S3:
        return S3(
            self.account.client("s3"),
            self.standing,
            self._keys,
            door,
            region=self.account.region,
            account=self.account.number,
        )

    def _keys(self, access_key: str) -> Keys | None:
        held = self.databases.find(access_key)
        if held is None:
            return None
        return Keys(access_key=held.access_key, secret_key=held.secret_key, token=held.token, role=held.role)

    def _serve(self, host: Host, address: str, front: Front, names: list[str], *, plain: bool = True) -> None:
        """Serve on both ports; API Gateway has no plain one ("REST APIs": HTTPS endpoints only)."""
        told = [name.replace("REGION", self.account.region) for name in names]
        self._servers[host.name, address, HTTPS] = Server(
            host.name, address, HTTPS, front, self.trust.context(*dict.fromkeys(told))
        )
        if plain:
            self._servers[host.name, address, HTTP] = Server(host.name, address, HTTP, front)


_API = ["*.execute-api.REGION.amazonaws.com"]
_S3 = ["s3.REGION.amazonaws.com", "*.s3.REGION.amazonaws.com"]


def _beacon(_visit: Visit) -> Answer:
    return Answer(status=200, headers=(("Content-Type", "text/plain"),), body=b"anybody who is here reaches this\n")
