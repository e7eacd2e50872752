"""The built page as objects of a bucket: each with its bytes as they are sent, its type and how long it may be kept."""

import gzip
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from deploy.failure import Failure
from deploy.words import Words, language

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "spa" / "dist"
PAGE = "index.html"
"""The only file that differs from stage to stage, and the only one that is ever replaced."""

TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
"""Ending -> media type; S3 sends what it was told, and a browser refuses a script of another type."""

_COMPRESSED_ALREADY = frozenset({".ico", ".jpg", ".png", ".webp", ".woff2"})
_NAMED_BY_CONTENT = "assets/"
"""Vite puts a digest into each name below it: such a file never changes."""
FOR_EVER = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"

NOT_BUILT = Words(
    "The page is not built: {folder} has no index.html. Build it: make setup",
    "画面がビルドされていません（{folder} に index.html がありません）。make setup を実行してください。",
)
UNKNOWN_TYPE = Words(
    "{path}: nobody said of what media type a file ending in {ending!r} is; add it to TYPES in deploy/site/files.py.",
    "{path}: 拡張子 {ending!r} のメディアタイプが未定義です。deploy/site/files.py の TYPES に加えてください。",
)


@dataclass(frozen=True, kw_only=True)
class File:
    """One object: `body` as it is sent, compressed where `encoding` says so."""

    key: str
    body: bytes
    type: str
    encoding: str
    caching: str

    @property
    def md5(self) -> str:
        """S3's ETag of an object that was put in one part and is not encrypted by a KMS key (S3 API, `Object`)."""
        return hashlib.md5(self.body, usedforsecurity=False).hexdigest()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


def built(page: bytes, compression: str, folder: Path = BUILT) -> list[File]:
    """Return every file of the page, `index.html` as `page` and last; raises `Failure`.

    `compression`: `brotli` or `gzip`; a file that does not get smaller is sent as it is.
    """
    if not (folder / PAGE).is_file():
        raise Failure(NOT_BUILT.say(language(), folder=folder))
    contents = {path.relative_to(folder).as_posix(): path.read_bytes() for path in _paths(folder) if path.name != PAGE}
    contents[PAGE] = page
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # a thread that compresses does not hold the interpreter
        largest_first = sorted(contents, key=lambda key: -len(contents[key]))
        made = {key: pool.submit(_file, key, contents[key], compression) for key in largest_first}
    return [made[key].result() for key in contents]


def page(api: str, reaches: Sequence[str], folder: Path = BUILT) -> bytes:
    """Return `index.html` for one stage: `project/page.py` puts the addresses in; raises `Failure` with its words."""
    if not (folder / PAGE).is_file():
        raise Failure(NOT_BUILT.say(language(), folder=folder))
    command = [sys.executable, "-m", "project.page", "--api", api]
    command += [word for origin in reaches for word in ("--reaches", origin)]
    done = subprocess.run(command, cwd=ROOT, input=(folder / PAGE).read_bytes(), capture_output=True, check=False)
    if done.returncode:
        raise Failure(done.stderr.decode().strip())
    return done.stdout


def _paths(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        # `.vite/` holds the build's own manifest, which no browser asks for.
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            yield path


def _file(key: str, content: bytes, compression: str) -> File:
    ending = Path(key).suffix
    if ending not in TYPES:
        raise Failure(UNKNOWN_TYPE.say(language(), path=key, ending=ending))
    packed = content if ending in _COMPRESSED_ALREADY else COMPRESSIONS[compression](content)
    smaller = len(packed) < len(content)
    return File(
        key=key,
        body=packed if smaller else content,
        type=TYPES[ending],
        encoding={"brotli": "br", "gzip": "gzip"}[compression] if smaller else "",
        caching=FOR_EVER if key.startswith(_NAMED_BY_CONTENT) else ASK_EACH_TIME,
    )


def _brotli(content: bytes) -> bytes:
    import brotli

    packed: bytes = brotli.compress(content, mode=brotli.MODE_TEXT)
    return packed


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=9, mtime=0)  # without a date, so that the same file stays the same


COMPRESSIONS: Mapping[str, Callable[[bytes], bytes]] = {"brotli": _brotli, "gzip": _gzip}
