"""One PostgreSQL server, from its beginning to its end, with all of its past.

Its folder has `data`; `base`, what `data` was at the beginning; and `archive`, the log since then (PostgreSQL,
"Continuous Archiving and Point-in-Time Recovery"). Another server can begin as this one was at any moment.
"""

import collections
import contextlib
import datetime as dt
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import psycopg2
from psycopg2 import extensions, sql

from deploy.rehearsal.databases.authority import Authority
from deploy.rehearsal.databases.programs import NoServer, Programs

ADMINISTRATOR = "rdsadmin"
"""RDS's own superuser; it signs in by the socket file alone."""
_READY = "database system is ready to accept connections"
_PATIENCE, _PAUSE = 30.0, 0.02  # seconds for a segment of the log to be archived, and between two looks

# Speed before durability: what a machine's failure would take is thrown away anyhow.
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",  # as initdb has it: a recovery refuses less than its beginning had
    "max_parallel_workers_per_gather": "0",  # containers often have 64 MB of shared memory
    "password_encryption": "scram-sha-256",
    "archive_mode": "on",
    "log_line_prefix": "",
    "ssl": "on",
    "ssl_cert_file": "../server.crt",
    "ssl_key_file": "../server.key",
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a server listens, and by which command its programs are started there (`Programs`)."""

    address: str
    port: int = 5432
    prefix: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Who may come in how. `directory` is where tokens are asked about, None where nobody signs in by them."""

    master: str
    tls_only: bool = True
    directory: tuple[str, int] | None = None


class Server:
    """A server in a folder of its own. `key` names it, for life; `names` are what clients call it."""

    def __init__(self, folder: Path, *, programs: Path, place: Place, authority: Authority) -> None:
        self.folder = folder
        self.key = folder.name
        self.place = place
        self.programs = Programs(programs, place.prefix)
        self.authority = authority
        self.began_at = dt.datetime.now(dt.UTC)
        """The earliest moment that it can be taken back to."""
        self.log: collections.deque[str] = collections.deque(maxlen=200)
        self._process: subprocess.Popen[str] | None = None
        folder.mkdir(mode=0o700)
        for part in (folder, folder / "archive"):
            part.mkdir(mode=0o700, exist_ok=True)
            self.programs.give(part)

    @property
    def running(self) -> bool:
        """Whether it answers."""
        return self._process is not None and self._process.poll() is None

    # --- beginnings ------------------------------------------------------------------------------------------
    def create(self, *, database: str, names: Sequence[str], rules: Rules, password: str) -> None:
        """Make an empty database and RDS's roles in it, and start."""
        options = ("--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--no-sync", "--wal-segsize=1")
        self.programs.run(self.folder, "initdb", "-D", "data", "-U", ADMINISTRATOR, *options)
        self._keep_base()
        self.call_it(names)
        self.admit(rules)
        self.start()
        with self.session() as session:
            session.autocommit = True
            with session.cursor() as cursor:
                for role in ("rds_superuser", "rds_iam"):
                    cursor.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
                master = sql.Identifier(rules.master)
                # Amazon RDS User Guide, "Understanding the rds_superuser role": no superuser.
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE CREATEDB IN ROLE rds_superuser").format(master))
                cursor.execute(sql.SQL("GRANT rds_iam TO {} WITH ADMIN OPTION").format(master))
                if database:
                    cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), master))
        self.set_password(rules.master, password)
        self.began_at = dt.datetime.now(dt.UTC)

    def become(self, copy: Path, *, names: Sequence[str], rules: Rules) -> None:
        """Begin as a copy that `copy_to` made, and start."""
        self.programs.run(self.folder, "cp", "-a", copy, "data")
        self._begin_anew(names, rules)

    def become_as_was(self, other: "Server", *, at: dt.datetime | None, names: Sequence[str], rules: Rules) -> None:
        """Begin as another server was at `at`, None: now, and start. Raises `NoServer` outside of its life."""
        now = dt.datetime.now(dt.UTC)
        if at is not None and not other.began_at <= at <= now:
            raise NoServer(f"its past goes from {other.began_at:%FT%TZ} to {now:%FT%TZ}; {at:%FT%TZ} is not in it")
        other.complete_archive()
        self.programs.run(self.folder, "cp", "-a", other.folder / "base", "data")
        target = [f"recovery_target_time = '{at.isoformat()}'", "recovery_target_action = 'promote'"] if at else []
        restore = f'restore_command = \'cp "{other.folder}/archive/%f" "%p"\''
        self._write("data/postgresql.auto.conf", "\n".join([restore, *target, ""]))
        self._write("data/recovery.signal", "")
        self._begin_anew(names, rules)

    def _begin_anew(self, names: Sequence[str], rules: Rules) -> None:
        """Recover, and take what comes of it as the beginning of a past of its own."""
        self.call_it(names)
        self.admit(rules)
        self.start(listening=False)  # which waits for the recovery: until then only readers are accepted
        self.stop()
        self._write("data/postgresql.auto.conf", "")
        self._keep_base()
        self.start()
        self.began_at = dt.datetime.now(dt.UTC)

    def _keep_base(self) -> None:
        self.programs.run(self.folder, "cp", "-a", "data", "base")

    # --- life ------------------------------------------------------------------------------------------------
    def start(self, *, listening: bool = True) -> None:
        """Start it, and return when it answers."""
        archived = f"{self.folder}/archive/%f"
        settings = _SETTINGS | {
            "listen_addresses": self.place.address if listening else "",
            "port": str(self.place.port),
            "unix_socket_directories": str(self.folder),
            "archive_command": f'cp "%p" "{archived}.part" && mv "{archived}.part" "{archived}"',  # whole or not there
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        process = self.programs.start(self.folder, "postgres", "-D", self.folder / "data", *options)
        output = cast("IO[str]", process.stdout)  # a pipe was asked for
        for line in output:
            self.log.append(line)
            if _READY in line:
                break
        else:
            process.wait()
            output.close()
            raise NoServer("the server ended:\n" + "".join(self.log))
        self._process = process
        # A full pipe would stop the server; and what it says of failed sign-ins is worth reading.
        self._reader = threading.Thread(target=self._read, args=[output], daemon=True)
        self._reader.start()

    def _read(self, output: IO[str]) -> None:
        with output:
            self.log.extend(output)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it in order ("fast shutdown"), or at once with SIGQUIT."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._reader.join()
            self._process = None

    def admit(self, rules: Rules) -> None:
        """Say who may come in how, from now on (PostgreSQL, "The pg_hba.conf File")."""
        network = "hostssl" if rules.tls_only else "host"
        lines = [f"local all,replication {ADMINISTRATOR} trust", f"{network} all {ADMINISTRATOR} all reject"]
        lines.append(f'{network} all "{rules.master}" all scram-sha-256')
        if rules.directory is not None:
            host, port = rules.directory
            asked = f'ldapserver={host} ldapport={port} ldapprefix="user=" ldapsuffix=",instance={self.key}"'
            # Amazon RDS User Guide: tokens only over TLS, and whoever has rds_iam signs in by nothing else.
            lines.append(f"hostssl all +rds_iam all ldap {asked}")
        lines += ["host all +rds_iam all reject", f"{network} all all all scram-sha-256"]
        self._write("data/pg_hba.conf", "\n".join([*lines, ""]))
        if self.running:
            self.ask("SELECT pg_reload_conf()")

    def call_it(self, names: Sequence[str]) -> None:
        """Give it a certificate for its names, and for its address."""
        certificate, key = self.authority.issue([*names, self.place.address])
        self._write("server.crt", certificate.decode())
        self._write("server.key", key.decode())
        if self.running:
            self.ask("SELECT pg_reload_conf()")

    def set_password(self, role: str, password: str) -> None:
        """Give a role another password, as RDS does for the master."""
        with self.session() as session, session.cursor() as cursor:
            verifier = extensions.encrypt_password(password, role, session, "scram-sha-256")
            cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD %s").format(sql.Identifier(role)), [verifier])
            session.commit()

    @contextlib.contextmanager
    def session(self, database: str = "postgres") -> Iterator[Any]:
        """Open a session of the superuser over the socket file."""
        with contextlib.closing(
            psycopg2.connect(host=str(self.folder), port=self.place.port, user=ADMINISTRATOR, dbname=database)
        ) as session:
            yield session

    def ask(self, query: str, values: Mapping[str, object] | None = None) -> Any:
        """Return the one value that a query of the superuser gives."""
        with self.session() as session:
            session.autocommit = True
            with session.cursor() as cursor:
                cursor.execute(query, values)
                row = cursor.fetchone()
        return row[0] if row else None

    # --- what is taken of it ------------------------------------------------------------------------------------
    def copy_to(self, folder: Path) -> None:
        """Copy its data as they are now, whether it runs or not, for `become`."""
        folder.parent.mkdir(mode=0o700, exist_ok=True)
        self.programs.give(folder.parent)
        if self.running:
            reached = ("-h", self.folder, "-p", str(self.place.port), "-U", ADMINISTRATOR)
            options = ("-D", folder, "-X", "stream", "-c", "fast", "--no-sync")
            self.programs.run(self.folder, "pg_basebackup", *reached, *options)
        else:
            self.programs.run(self.folder, "cp", "-a", "data", folder)

    def complete_archive(self) -> None:
        """Return when all that is committed by now is in the archive."""
        if not self.running:
            return
        # A recovery to a moment needs one transaction after it to know that the moment has passed.
        self.ask("SELECT txid_current()")
        segment = self.folder / "archive" / str(self.ask("SELECT pg_walfile_name(pg_switch_wal())"))
        # The archiver tells nobody: what it has done stands in a view, and in this folder.
        until = time.monotonic() + _PATIENCE
        while not segment.exists():
            if time.monotonic() > until:
                raise NoServer("the log is not archived:\n" + "".join(self.log))
            time.sleep(_PAUSE)

    def _write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.unlink(missing_ok=True)  # it may be another's, from a copy
        file.touch(mode=0o600)
        file.write_text(text)
        self.programs.give(file)
