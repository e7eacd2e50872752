"""The page's files into a bucket behind 20 ms of latency: ours, and `aws s3 sync`.

The figures with a limit are of the work in a process that has its libraries loaded, clients and listings included; the
others are of whole commands, in which starting Python and loading libraries weighs more than anything that is sent.
Compressing is left out: `aws s3 sync` does not do it.
"""

import asyncio
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
from urllib.parse import urlsplit

import boto3

from bench.measure import Ratio, times
from deploy.rehearsal.cloud import local_cloud
from deploy.rehearsal.cloud.front import Cloud

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
import boto3
from deploy.site.files import PAGE, File
from deploy.site.sync import Site
folder = pathlib.Path(sys.argv[1])
paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != PAGE)

def work(bucket, archive):
    files = [
        File(key=path.relative_to(folder).as_posix(), body=path.read_bytes(), type="a/b", encoding="", caching="c")
        for path in [*paths, folder / PAGE]
    ]
    client = boto3.client("s3")
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
        local_cloud(),
        Cloud() as cloud,
        far_away(urlsplit(cloud.endpoint).port or 0) as endpoint,
    ):
        return _measured(aws, endpoint, cloud.endpoint, Path(scratch))


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


def _measured(aws: Path, endpoint: str, nearby: str, scratch: Path) -> list[Ratio]:
    keys = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": REGION}
    environment = {"PATH": os.defpath, "HOME": str(scratch), "AWS_ENDPOINT_URL": endpoint, **keys}
    s3 = boto3.client("s3", region_name=REGION, endpoint_url=nearby)
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
                for bucket in buckets:
                    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
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
