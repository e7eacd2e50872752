"""A Dockerfile of four instructions, read: what the image holds, who runs it, and what is run."""

import json
from dataclasses import dataclass
from pathlib import Path

from deploy.failure import Failure
from deploy.words import Words, language

KNOWN = ("FROM", "COPY", "USER", "CMD")
OTHER = Words(
    "{path}:{line}: {word} is not used here: an image of ours is built from FROM, COPY, USER and CMD only, so that "
    "building needs no network and its tree can be run without a container engine.",
    "{path}:{line}: {word} は使えません。イメージは FROM・COPY・USER・CMD だけで作ります"
    "（ネットワークなしで作れ、コンテナエンジンなしでも動かせるようにするため）。",
)
MISSING = Words("{path}: write FROM, USER and CMD once each.", "{path}: FROM・USER・CMD をそれぞれ一つ書いてください。")
SHELL = Words(
    '{path}:{line}: write {word} as a JSON list, ["python", ...]: a shell would not pass signals on.',
    '{path}:{line}: {word} は ["python", ...] のような JSON の並びで書いてください（シェルはシグナルを伝えません）。',
)
ROOT = Words(
    "{path}:{line}: USER {user} is root, or a name that only the base image knows: write two numbers, 10001:10001.",
    "{path}:{line}: USER {user} は root か、基のイメージだけが知る名前です。10001:10001 のように数字で書いてください。",
)


@dataclass(frozen=True)
class Image:
    """What a Dockerfile says: the base, (source, target) of each copy in order, user and group, the command."""

    base: str
    copies: tuple[tuple[str, str], ...]
    user: int
    group: int
    command: tuple[str, ...]


def read(path: Path) -> Image:
    """Read a Dockerfile.

    Raises:
        Failure: it has another instruction, a shell's command, or root as user; with file, line and remedy.

    """
    held: dict[str, list[tuple[int, str]]] = {word: [] for word in KNOWN}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        word, _, rest = line.strip().partition(" ")
        if not word or word.startswith("#"):
            continue
        if word not in KNOWN:
            raise Failure(OTHER.say(language(), path=path, line=number, word=word))
        held[word].append((number, rest.strip()))
    if any(len(held[word]) != 1 for word in ("FROM", "USER", "CMD")):
        raise Failure(MISSING.say(language(), path=path))
    user, group = _user(path, *held["USER"][0])
    copies = [tuple(rest.split()) for _, rest in held["COPY"]]
    return Image(
        base=held["FROM"][0][1],
        copies=tuple((source, target) for source, target in copies),
        user=user,
        group=group,
        command=_command(path, *held["CMD"][0]),
    )


def _user(path: Path, line: int, text: str) -> tuple[int, int]:
    user, _, group = text.partition(":")
    if not (user.isdecimal() and group.isdecimal() and int(user) and int(group)):
        raise Failure(ROOT.say(language(), path=path, line=line, user=text))
    return int(user), int(group)


def _command(path: Path, line: int, text: str) -> tuple[str, ...]:
    try:
        words = json.loads(text)
    except ValueError:
        words = None
    if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
        raise Failure(SHELL.say(language(), path=path, line=line, word="CMD"))
    return tuple(words)
