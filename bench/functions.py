"""Functions to measure: the shipped artefact, and its peers, each built here and unpacked as Lambda would.

Everything lies in .local/bench/, where Zappa looks for no code, and is made once; its name carries a digest of what it
is made from.
"""

import hashlib
import importlib.metadata
import importlib.util
import json
import os
import py_compile
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.artefact import archive, build, requirements
from deploy.rehearsal import runtime
from deploy.rehearsal.events import REST_HOST, Call, Event, rest_event
from deploy.rehearsal.runtime_api import Function

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".local" / "bench"
PEERS = Path(__file__).resolve().parent / "peers"


def variables(database: str) -> dict[str, str]:
    """Return a deployed stage's variables for a database on the bench's server."""
    return {
        **{name: value for name, value in os.environ.items() if name.startswith("CLOISTER_DATABASE_")},
        "CLOISTER_STAGE": "bench",
        "CLOISTER_SECRET_KEY": "a key for measuring only, which signs nothing that anybody trusts",
        "CLOISTER_ALLOWED_HOSTS": REST_HOST,
        "CLOISTER_DATABASE_NAME": database,
        "CLOISTER_DATABASE_PASSWORD": "a local socket asks for none",
        "CLOISTER_DATABASE_ROOT_CERTIFICATE": "/nowhere/ca.pem",  # libpq speaks TLS on TCP only
    }


def inbox(token: str) -> Event:
    """Return the event that asks for a signed-in person's inbox of 20."""
    headers = (("Authorization", f"Bearer {token}"), ("Accept-Language", "ja"))
    return rest_event(Call(path="/api/inbox", query="limit=20", headers=headers))


def busiest_token(alias: str) -> str:
    """Return a token of whoever has most proposals waiting in the company `alias`."""
    from django.db.models import Count
    from django.utils import timezone

    from api.organization.models import Person
    from api.proposals.models import Assignment
    from api.rest.authentication import issue_token
    from bench.companies import measured

    with measured(alias):
        waiting = Assignment.objects.filter(state="pending").values("person").annotate(many=Count("id"))
        person = Person.objects.get(pk=waiting.order_by("-many")[0]["person"])
        token, _expires_at = issue_token(person=person, at=timezone.now())
    return token


def shipped(database: str) -> Function:
    """Return the shipped artefact's function."""
    return Function(task_root=_shipped_tree(), environment=variables(database))


def bare() -> Function:
    """Return the least function."""
    return _function(_tree("bare", ["bare.py"], _nothing), "bare")


def django_hello(database: str) -> Function:
    """Return Django's hello: the shipped artefact's own Django and psycopg2, compiled and trimmed as ours."""

    def fill(tree: Path) -> None:
        archive.unpack(build.artefact("x86_64").archive, tree, read_only=False)

    tree = _tree("django", ["django_hello.py"], fill, build.artefact("x86_64").sha256)
    return _function(tree, "django_hello", variables(database) | {"HELLO_ASKS_DATABASE": "1"})


def flask_hello() -> Function:
    """Return Flask's hello."""
    return _function(_peers_tree(), "flask_hello")


def fastapi_hello() -> Function:
    """Return FastAPI's hello."""
    return _function(_peers_tree(), "fastapi_hello")


def zappa(database: str, *, fresh_bytecode: bool) -> Function:
    """Return the same application in Zappa's own package with its own handler.

    Its archive dates every file 1980, which makes all its bytecode stale; `fresh_bytecode` mends only that.
    """

    def fill(tree: Path) -> None:
        archive.unpack(_zappas_archive(database), tree, read_only=False)
        if fresh_bytecode:
            _compile(tree)

    tree = _tree(f"zappa-{'fresh' if fresh_bytecode else 'as-is'}", [], fill, build.artefact("x86_64").sha256)
    own = {
        "PYTHONPATH": f"{runtime.folder()}:{_boto3()}",  # AWS's runtime has boto3, which Zappa's handler needs
        "PYTHONDONTWRITEBYTECODE": "1",  # below /var/task nothing can be written; here it could
    }
    return Function(task_root=tree, environment=variables(database) | own, handler="handler.lambda_handler")


def _boto3() -> Path:
    """Return a folder with boto3, compiled, as AWS's runtime has it."""

    def fill(tree: Path) -> None:
        for name in ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six"):
            spec = importlib.util.find_spec(name)
            if spec is None or spec.origin is None:
                raise SystemExit(f"{name} is not installed here: run `make setup`.")
            source = Path(spec.origin)
            if source.name == "__init__.py":
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source.parent, tree / name, ignore=ignored)
            else:
                shutil.copy(source, tree)
        _compile(tree)

    return _tree("boto3", [], fill, importlib.metadata.version("boto3"))


def _function(tree: Path, module: str, environment: dict[str, str] | None = None) -> Function:
    return Function(task_root=tree, environment=environment or {}, handler=f"{module}.handler")


def _nothing(_tree: Path) -> None:
    """Add nothing."""


def _shipped_tree() -> Path:
    artefact = build.artefact("x86_64")
    return _tree("shipped", [], lambda tree: archive.unpack(artefact.archive, tree), artefact.sha256)


def _peers_tree() -> Path:
    lock = ROOT / "requirements-peers.txt"

    def fill(tree: Path) -> None:
        requirements.install(lock, tree, "x86_64")
        _compile(tree)

    return _tree("peers", ["flask_hello.py", "fastapi_hello.py"], fill, lock.read_text())


def _tree(name: str, handlers: list[str], fill: Callable[[Path], None], made_from: str = "") -> Path:
    """Return a folder with the handlers, filled by `fill` once for all that it is made from."""
    texts = "".join((PEERS / handler).read_text() for handler in handlers)
    tree = FOLDER / f"{name}-{hashlib.sha256((made_from + texts).encode()).hexdigest()[:12]}"
    if not tree.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        with _in_the_making(tree) as work:
            fill(work)
            for handler in handlers:
                work.chmod(0o755)
                shutil.copy(PEERS / handler, work)
                _compile_one(work / handler)
    return tree


@contextmanager
def _in_the_making(tree: Path) -> Iterator[Path]:
    """Give another name to what is being made, so that a half-made one is never taken for whole."""
    work = tree.with_name(f"{tree.name}.part")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    yield work
    work.rename(tree)


def _compile(tree: Path) -> None:
    for file in tree.rglob("*.py"):
        _compile_one(file)


def _compile_one(file: Path) -> None:
    py_compile.compile(str(file), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH, doraise=False)


def _zappas_archive(database: str) -> Path:
    """Have Zappa package the application from a virtual environment of its own, as its users do."""
    made = FOLDER / f"zappa-{build.artefact('x86_64').sha256[:12]}.zip"
    if made.exists():
        return made
    clone = FOLDER / "zappa-clone"
    shutil.rmtree(clone, ignore_errors=True)
    for part in ("api", "project"):
        shutil.copytree(ROOT / part, clone / part, ignore=shutil.ignore_patterns("__pycache__"))
    environment = clone.with_name("zappa-venv")
    if not environment.exists():
        venv.create(environment, with_pip=True)
    locks = ["-r", str(ROOT / "requirements.txt"), "-r", str(ROOT / "requirements-deploy.txt")]
    pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes", *locks]
    subprocess.run(pip, check=True, stdout=sys.stderr)
    settings = {
        "bench": {
            "project_name": "cloister",
            "django_settings": "project.settings",
            "runtime": "python3.13",
            "aws_region": "ap-northeast-1",
            "keep_warm": False,
            "debug": False,
            "log_level": "INFO",
            "use_precompiled_packages": False,
        }
    }
    (clone / "zappa_settings.json").write_text(json.dumps(settings))
    subprocess.run(
        [str(environment / "bin" / "zappa"), "package", "bench", "--output", "out.zip"],
        cwd=clone,
        env={
            "PATH": f"{environment / 'bin'}:{os.defpath}",
            "VIRTUAL_ENV": str(environment),
            "HOME": str(clone),
            **variables(database),
        },
        check=True,
        stdout=sys.stderr,
    )
    with zipfile.ZipFile(clone / "out.zip") as opened:
        assert "handler.py" in opened.namelist()  # noqa: S101  else Zappa has made something else than its package
    shutil.move(clone / "out.zip", made)
    shutil.rmtree(clone)
    return made
