"""The page's files into a bucket behind 20 ms of latency: ours, and `aws s3 sync`.

The figures with a limit are of the work in a process that has its libraries loaded, clients and listings included; the
others are of whole commands, in which starting Python and loading libraries weighs more than anything that is sent.
Compressing is left out: `aws s3 sync` does not do it.
"""

import asyncio
import hashlib
import http.server
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from bench.measure import Ratio, times

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / ".local" / "awscli"
LATENCY = 0.020
"""Seconds that a request and its answer take longer."""
ROUNDS = 5
REGION = "ap-northeast-1"
DIST = ROOT / "spa" / "dist"
FIRST, UNCHANGED = 0.5, 0.3

OURS = """
import pathlib, sys, time
from deploy.aws import session
from deploy.site.files import PAGE, File
from deploy.site.sync import Site
aws = session("ap-northeast-1")
folder = pathlib.Path(sys.argv[1])
paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != PAGE)

def work(bucket, archive):
    files = [
        File(key=path.relative_to(folder).as_posix(), body=path.read_bytes(), type="a/b", encoding="", caching="c")
        for path in [*paths, folder / PAGE]
    ]
    client = aws.client("s3")
    site = Site(pages=client, records=client, bucket=bucket, archive=archive, language="en", say=lambda _: None)
    site.send(files)
"""
THEIRS = """
import sys, time
from awscli.clidriver import create_clidriver
from awscli.customizations.s3 import s3handler, subcommands

def work(bucket, archive):
    assert create_clidriver().main(["s3", "sync", sys.argv[1], "s3://" + bucket, "--only-show-errors"]) == 0
"""
SERVE = """
for line in sys.stdin:
    begin = time.perf_counter()
    work(*line.split())
    print(time.perf_counter() - begin, flush=True)
"""
ONCE = """
work(*sys.argv[2:])
"""


class Buckets(http.server.ThreadingHTTPServer):
    """As much of S3 as both need, and hardly any time of its own: objects are put, got and listed."""

    daemon_threads = True

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        super().__init__(("127.0.0.1", 0), _Object)


class _Object(http.server.BaseHTTPRequestHandler):
    server: Buckets
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.objects[unquote(urlsplit(self.path).path)] = body
        self._answer(b"", {"ETag": f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'})

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        if "list-type" not in query:
            self._answer(self.server.objects[unquote(parts.path)])
            return
        start = f"{parts.path}/{query.get('prefix', '')}"
        found = [(key, body) for key, body in sorted(self.server.objects.items()) if key.startswith(start)]
        rows = "".join(
            f"<Contents><Key>{key[len(parts.path) + 1 :]}</Key><LastModified>2100-01-01T00:00:00.000Z</LastModified>"
            f"<ETag>&quot;{hashlib.md5(body, usedforsecurity=False).hexdigest()}&quot;</ETag><Size>{len(body)}</Size>"
            "<StorageClass>STANDARD</StorageClass></Contents>"
            for key, body in found
        )
        named = f"<KeyCount>{len(found)}</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>"
        self._answer(
            f'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{named}{rows}'
            "</ListBucketResult>".encode()
        )

    def _answer(self, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(200)
        for name, value in {
            "Content-Length": str(len(body)),
            "Content-Type": "application/xml",
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing of single requests."""


@contextmanager
def far_away(port: int) -> Iterator[str]:
    """Lead to a port of loopback over a line of `LATENCY`, half of it each way; yield its address."""
    loop = asyncio.new_event_loop()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def arrive() -> None:
            while True:
                due, data = await under_way.get()
                await asyncio.sleep(max(0.0, due - loop.time()))
                if not data:
                    break
                writer.write(data)
                await writer.drain()
            writer.close()

        arriving = asyncio.ensure_future(arrive())
        try:
            while data := await reader.read(65_536):
                under_way.put_nowait((loop.time() + LATENCY / 2, data))
        except ConnectionError:
            pass
        under_way.put_nowait((loop.time() + LATENCY / 2, b""))
        await asyncio.wait([arriving])

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(LATENCY)  # the connection's own round trip
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pump(reader, there_writer), pump(there_reader, writer))

    server = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def _peer() -> Path:
    """Install the AWS command line, apart from everything else, and return the Python that has it."""
    uv = ROOT / ".venv" / "bin" / "uv"
    python = PEER / "bin" / "python"
    subprocess.run([uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, PEER], check=True)
    lock = ("--require-hashes", "-r", ROOT / "requirements-awscli.txt")
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *lock], check=True)
    return python


def run() -> list[Ratio]:
    aws = _peer()
    with (
        tempfile.TemporaryDirectory() as scratch,
        Buckets() as buckets,
        far_away(buckets.server_address[1]) as endpoint,
    ):
        threading.Thread(target=buckets.serve_forever, daemon=True).start()
        try:
            return _measured(aws, endpoint, Path(scratch))
        finally:
            buckets.shutdown()


class Worker:
    """A process with its libraries loaded, which does the work when it is told to and says how long that took."""

    def __init__(self, python: Path, program: str, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [python, "-c", program + SERVE, DIST],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def seconds(self, *words: str) -> float:
        told, said = cast("IO[str]", self.process.stdin), cast("IO[str]", self.process.stdout)  # pipes were asked for
        told.write(" ".join(words) + "\n")
        told.flush()
        return float(said.readline())

    def end(self) -> None:
        self.process.communicate()


def _measured(aws: Path, endpoint: str, scratch: Path) -> list[Ratio]:
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": REGION}
    environment = {"PATH": os.defpath, "HOME": str(scratch), "AWS_ENDPOINT_URL": endpoint, **keys}
    programs = {"ours": (Path(sys.executable), OURS), "theirs": (aws, THEIRS)}
    workers = {name: Worker(*program, environment) for name, program in programs.items()}

    def command(name: str, *words: str) -> float:
        python, program = programs[name]
        begin = time.perf_counter()
        subprocess.run([python, "-c", program + ONCE, DIST, *words], cwd=ROOT, env=environment, check=True)
        return time.perf_counter() - begin

    took: dict[tuple[str, str], list[float]] = {}
    for number in range(ROUNDS + 1):
        for kind in ("work", "command"):
            for name in programs:
                buckets = [f"{kind}-{name}-{number}", f"{kind}-{name}-{number}-archive"]
                for state in ("first", "unchanged"):
                    spent = workers[name].seconds(*buckets) if kind == "work" else command(name, *buckets)
                    if number:  # what is loaded late counts for nobody
                        took.setdefault((f"{kind}, {state}", name), []).append(spent)
    for worker in workers.values():
        worker.end()
    limits = {"work, first": FIRST, "work, unchanged": UNCHANGED}
    return [
        Ratio(
            bench="site",
            name=f"the page's sync: {what}",
            than="`aws s3 sync`",
            value=times(took[what, "ours"], took[what, "theirs"]),
            limit=limits.get(what),
        )
        for what in ("work, first", "work, unchanged", "command, first", "command, unchanged")
    ]
