"""The local cloud's database instances and clusters as PostgreSQL servers that really run.

    with Databases() as databases, Cloud(databases=databases) as cloud: ...

A server belongs to an instance, or to a cluster whatever its members are. moto keeps the descriptions; each call that
changes one is followed here by what it means for the server.
"""

import contextlib
import datetime as dt
import ipaddress
import json
import secrets
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from moto.iam.models import iam_backends
from moto.rds.exceptions import RDSClientError
from moto.rds.models import DBCluster, DBInstance

from deploy.closedness.policy import Principal, Request, decide
from deploy.rehearsal.cloud import database_calls, rds_corrections
from deploy.rehearsal.databases import keeper, programs, tokens
from deploy.rehearsal.databases.authority import Authority
from deploy.rehearsal.databases.programs import NoServer
from deploy.rehearsal.databases.server import Place, Rules, Server

Resource = DBInstance | DBCluster


def on_loopback(_name: str) -> Place:
    """A loopback address that nothing listens on, at PostgreSQL's own port, which is all that our templates know."""
    for _ in range(100):
        address = str(ipaddress.ip_address("127.16.0.1") + secrets.randbelow(2**20))
        with socket.socket() as tried, contextlib.suppress(OSError):
            tried.bind((address, 5432))
            return Place(address=address)
    raise NoServer("No address of 127.0.0.0/8 could be listened on at port 5432; is this Linux?")


@dataclass(frozen=True)
class Source:
    """What a server that is about to be made begins as: a copy of data, or a server as it was `at` (None: now)."""

    copy: Path | None = None
    server: Server | None = None
    at: dt.datetime | None = None


@dataclass
class Held:
    """A resource's server and what it was last told."""

    server: Server
    names: list[str]
    rules: Rules
    password: str = ""


@dataclass
class _Made:
    """What came of taking a snapshot: data, or None for one that was taken before there were any."""

    path: Path | None
    key: str


_source: ContextVar[Source | None] = ContextVar("source", default=None)


class Databases:
    """The servers of one local cloud; they and all their data end with the block.

    `place` says where the server of an endpoint's name listens; by default an address of loopback, which functions
    find by libpq's own variable. Where names are resolved, pass a place and `resolved=True`.
    """

    def __init__(self, place: Callable[[str], Place] = on_loopback, *, resolved: bool = False) -> None:
        self._place = place
        self._resolved = resolved
        self._held: dict[str, Held] = {}
        self._snapshots: dict[tuple[str, str], _Made] = {}
        self._keys: dict[str, tokens.Keys] = {}
        self._signing_in = threading.Lock()
        self._undo = contextlib.ExitStack()
        self.authority = Authority("Rehearsal database authority")
        self.refusals: list[str] = []
        """Why tokens were refused, for whoever looks."""

    def __enter__(self) -> Self:
        self._programs = programs.find()
        self._folder = Path(tempfile.mkdtemp(prefix="cloister-db-"))
        self._folder.chmod(0o711)  # programs run as another user go through it to folders of their own
        self._undo.enter_context(keeper.keeping(self._folder))
        self._directory = self._undo.enter_context(tokens.Directory(self._may))
        self.certificate = self._folder / "authority.pem"
        self.certificate.write_bytes(self.authority.certificate)
        self.certificate.chmod(0o644)
        for owner, name, corrected in (*rds_corrections.ALL, *database_calls.replacements(self)):
            before = owner.__dict__[name]
            setattr(owner, name, corrected)
            self._undo.callback(setattr, owner, name, before)
        return self

    def __exit__(self, *_: object) -> None:
        for held in self._held.values():
            held.server.stop(signal.SIGQUIT)  # nothing is to be kept
        self._undo.close()

    # --- for functions and for networks --------------------------------------------------------------------------
    def server(self, name: str) -> Server | None:
        """Return the server that an endpoint's name means, or a resource's id."""
        return next((held.server for held in self._held.values() if name in (*held.names, held.server.key)), None)

    def surroundings(self, variables: Mapping[str, str], role: str, *, copy: str = "") -> dict[str, str]:
        """Return what a function finds around it on AWS: its role's keys; and here, the way to its database.

        `copy` names a database that the function is to reach in the place of its own. The authority that its
        database's certificate is verified by takes the place of Amazon's.
        """
        keys = self.keys_of(role)
        around = {
            "AWS_ACCESS_KEY_ID": keys.access_key,
            "AWS_SECRET_ACCESS_KEY": keys.secret_key,
            "AWS_SESSION_TOKEN": keys.token,
        }
        server = self.server(copy or variables.get("CLOISTER_DATABASE_HOST", ""))
        if server is not None:
            around["CLOISTER_DATABASE_ROOT_CERTIFICATE"] = str(self.certificate)
            if not self._resolved:
                around["PGHOSTADDR"] = server.place.address  # PostgreSQL, "Environment Variables": instead of a look-up
        return around

    def keys_of(self, role: str) -> tokens.Keys:
        """Return the keys of a role's session, the same ones each time."""
        with self._signing_in:  # several fronts may call a function for the first time at the same moment
            for keys in self._keys.values():
                if keys.role == role:
                    return keys
            access_key = f"ASIA{secrets.token_hex(8).upper()}"
            made = tokens.Keys(
                access_key=access_key, secret_key=secrets.token_urlsafe(30), token=secrets.token_urlsafe(300), role=role
            )
            self._keys[access_key] = made
            return made

    def find(self, access_key: str) -> tokens.Keys | None:
        """Return the keys that an access key names."""
        return self._keys.get(access_key)

    def _may(self, key: str, user: str, token: str) -> bool:
        """Say whether a token lets its role sign in as `user` to the server `key`: signature, then policies."""
        try:
            self._check(key, user, token)
        except tokens.BadToken as error:
            self.refusals.append(f"{user}: {error}")
            return False
        return True

    def _check(self, key: str, user: str, token: str) -> None:
        held = self._held.get(key)
        if held is None:
            raise tokens.BadToken("there is no such database")
        host, port = held.names[0], held.server.place.port
        claim = tokens.read(token, host=host, port=port, find=self._keys.get, at=dt.datetime.now(dt.UTC))
        if claim.user != user:
            raise tokens.BadToken(f"it is for {claim.user!r}, not for {user!r}")
        self._ask_policies(claim, key)

    def _ask_policies(self, claim: tokens.Claim, key: str) -> None:
        account, name = claim.keys.role.split(":")[4], claim.keys.role.rpartition("/")[2]
        role = next((r for r in iam_backends[account]["aws"].roles.values() if r.name == name), None)
        if role is None:
            raise tokens.BadToken(f"there is no role {claim.keys.role}")
        managed: list[Any] = list(role.managed_policies.values())
        chosen = [version.document for policy in managed for version in policy.versions if version.is_default]
        resource = f"arn:aws:rds-db:{claim.region}:{account}:dbuser:{key}/{claim.user}"
        session = Principal("aws", f"arn:aws:sts::{account}:assumed-role/{name}/rehearsal")
        asked = Request("rds-db:connect", resource, session)
        read = [json.loads(document) for document in (*role.policies.values(), *chosen)]
        if not decide(asked, identity=read, account=account).allowed:
            raise tokens.BadToken(f"no policy of {name} allows rds-db:connect to {resource}")

    # --- what moto's calls mean --------------------------------------------------------------------------------------
    def beginning_as(self, source: Source, call: Callable[[], Any]) -> Any:
        """Make a call during which servers begin as `source`."""
        token = _source.set(source)
        try:
            return call()
        finally:
            _source.reset(token)

    def begin(self, resource: Resource, backend: Any) -> None:
        """Make and start the server of a new instance or cluster; the call fails where that cannot be."""
        source = _source.get()
        names = _names(resource)
        folder = self._folder / key_of(resource)
        try:
            server = Server(folder, programs=self._programs, place=self._place(names[0]), authority=self.authority)
            rules = self._rules(resource, backend, server)
            if source is None:
                password = _password(resource) or secrets.token_urlsafe(24)
                database = resource.database_name if isinstance(resource, DBCluster) else resource.db_name
                server.create(database=database or "", names=names, rules=rules, password=password)
            elif source.copy is not None:
                server.become(source.copy, names=names, rules=rules)
            elif source.server is not None:
                server.become_as_was(source.server, at=source.at, names=names, rules=rules)
        except NoServer as error:
            raise RDSClientError("InvalidRestoreFault" if source else "InvalidParameterValue", str(error)) from error
        held = self._held[server.key] = Held(server, names, rules)
        if source is None:
            self.settle(resource, backend)
        elif not getattr(resource, "manage_master_user_password", False):
            held.password = _password(resource)  # until another is asked for, it is what it was then

    def settle(self, resource: Resource, backend: Any) -> None:
        """Bring the server to what its resource says: names, who may come in, the master's password."""
        held = self._held.get(key_of(resource))
        if held is None or not held.server.running:
            return
        names, rules = _names(resource), self._rules(resource, backend, held.server)
        if names != held.names:
            held.server.call_it(names)
            held.names = names
        if rules != held.rules:
            held.server.admit(rules)
            held.rules = rules
        password = _password(resource)
        if password and password != held.password:
            held.server.set_password(rules.master, password)
            held.password = password

    def settle_all(self, backend: Any) -> None:
        """Bring every server of a region to what its resource says."""
        for resource in (*backend.databases.values(), *backend.clusters.values()):
            self.settle(resource, backend)

    def end(self, resource: Resource) -> None:
        """Stop a server for good."""
        held = self._held.pop(key_of(resource), None)
        if held is not None:
            held.server.stop()

    def pause(self, resource: Resource) -> None:
        """Stop a server for a while."""
        if held := self._held.get(key_of(resource)):
            held.server.stop()

    def resume(self, resource: Resource, backend: Any) -> None:
        """Start a server that was stopped."""
        held = self._held.get(key_of(resource))
        if held is not None and not held.server.running:
            held.server.start()
            self.settle(resource, backend)

    def keep(self, kind: str, name: str, resource: Resource) -> None:
        """Copy a server's data under a snapshot's name; one that is taken with the instance is its beginning."""
        held = self._held.get(key_of(resource))
        path = None
        if held is not None:
            path = self._folder / f"snapshot-{secrets.token_hex(6)}" / "data"
            held.server.copy_to(path)
        self._snapshots[kind, name] = _Made(path, key_of(resource))

    def keep_also(self, kind: str, source: str, target: str) -> None:
        """Let a copied snapshot be the same data."""
        self._snapshots[kind, target] = self._snapshots[kind, source]

    def from_snapshot(self, kind: str, name: str) -> Source:
        """Return what a server begins as that is restored from a snapshot; raises AWS's error where nothing is kept."""
        made = self._snapshots.get((kind, name))
        if made is None:
            raise RDSClientError("DBSnapshotNotFound", f"{kind} {name} was not taken of a server that runs")
        if made.path is not None:
            return Source(copy=made.path)
        if made.key in self._held:
            return Source(copy=self._held[made.key].server.folder / "base")
        raise RDSClientError(
            "InvalidDBSnapshotState", f"{name} was taken of an instance that is gone, before it had data"
        )

    def at(self, resource: Resource, moment: Any) -> Source:
        """Return what a server begins as that is restored to a moment, None: the latest."""
        held = self._held.get(key_of(resource))
        if held is None:
            raise RDSClientError("InvalidRestoreFault", f"{resource.resource_id} has no server")
        if isinstance(moment, str):
            moment = dt.datetime.fromisoformat(moment)
        if moment is not None and moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)
        return Source(server=held.server, at=moment)

    def _rules(self, resource: Resource, backend: Any, server: Server) -> Rules:
        by_token = bool(resource.iam_database_authentication_enabled)
        if by_token and not server.programs.speaks_ldap:
            raise NoServer(
                "This machine's PostgreSQL is built without LDAP, by which tokens are checked here. "
                "Install Debian's or PostgreSQL's own packages, or leave EnableIAMDatabaseAuthentication off."
            )
        return Rules(
            master=resource.master_username or "master",
            tls_only=_parameter(resource, backend, "rds.force_ssl", "1") == "1",
            directory=self._directory.address if by_token else None,
        )


def key_of(resource: Resource) -> str:
    """Return the id that IAM policies name, which no two servers share."""
    return str(resource.db_cluster_resource_id if isinstance(resource, DBCluster) else resource.dbi_resource_id)


def _names(resource: Resource) -> list[str]:
    if isinstance(resource, DBCluster):
        return [resource.endpoint, resource.reader_endpoint]
    return [resource.address]


def _password(resource: Resource) -> str:
    """Return what the master signs in with now, empty where it stays as it is."""
    if getattr(resource, "manage_master_user_password", False):
        secret = resource.master_user_secret.secret
        current = next(v for v in secret.versions.values() if "AWSCURRENT" in v["version_stages"])
        return str(json.loads(current["secret_string"])["password"])
    return str(resource.__dict__.get("_master_user_password") or "")  # reading it by its name is refused


def _parameter(resource: Resource, backend: Any, name: str, default: str) -> str:
    if isinstance(resource, DBCluster):
        group = backend.db_cluster_parameter_groups.get(resource.parameter_group)
    else:
        group = backend.db_parameter_groups.get(resource.db_parameter_group_name or "")
    return str((group.parameters.get(name) or {}).get("ParameterValue", default) if group else default)
