"""Read a stage file and check every key of it: file, line, value and remedy for each problem."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

from deploy import stage_rules
from deploy.keys import BY_PATH, DESTINATION_KEYS, EXCEPTION_KEYS, KEYS, TABLES, TAG
from deploy.keys.key import DESTINATION_NAME, MAX_TAGS, TAG_NAME
from deploy.keys.kinds import HOST, ONE_ADDRESS, Kind, Refused, listed
from deploy.problems import Problem, StageError
from deploy.stage import Destination, Signature, Stage
from deploy.toml_lines import lines
from deploy.words import Words

STAGES = Path(__file__).parent / "stages"
NAME = re.compile(r"[a-z][a-z0-9]{1,15}")
"""No hyphens: what belongs to the stage `poc` is named `cloister-poc` or `cloister-poc-...`, and no other stage's is.
A stage `poc-tasks` would be named as the other's function, and `poc`'s deployer might change it."""


def read(name: str, *, folder: Path = STAGES) -> Stage:
    """Read and check `NAME.toml`.

    Raises:
        StageError: with every problem in it, each with file, line, value and remedy.

    """
    path, content = written(name, folder=folder)
    return parse(content, name=name, path=path)


def written(name: str, *, folder: Path = STAGES) -> tuple[Path, str]:
    """Give the path of `NAME.toml` and its text; raises StageError where there is none that can be read."""
    path = folder / f"{name}.toml"
    if not NAME.fullmatch(name):
        raise StageError([Problem(path, 0, "name", name, NAME_RULE)])
    try:
        held = path.read_bytes()
    except FileNotFoundError:
        raise StageError([Problem(path, 0, "", name, MISSING.fill(name=name))]) from None
    try:
        return path, held.decode("utf-8-sig")  # some editors on Windows begin a file with a byte order mark
    except UnicodeDecodeError as error:
        line = held.count(b"\n", 0, error.start) + 1
        raise StageError([Problem(path, line, "", "", NOT_UTF_8)]) from None


def parse(content: str, *, name: str, path: Path) -> Stage:
    """Check a stage file's text; `path` is only shown.

    Raises:
        StageError: with every problem in it.

    """
    try:
        document = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found.group(1)) if found else content.count("\n") + 1
        raise StageError([Problem(path, line, "", "", NOT_TOML.fill(error=error))]) from None
    reader = _Reader(document, lines(content), path)
    stage = reader.stage(name)
    if not reader.problems:
        reader.problems += stage_rules.problems(stage, reader.line, path)
    if reader.problems:
        raise StageError(sorted(reader.problems, key=lambda problem: problem.line))
    return stage


NAME_RULE = Words(
    "A stage's name is 2 to 16 small letters and digits, a letter first, without hyphens, for example poc.",
    "ステージ名は、英小文字で始まる 2〜16 文字の英小文字と数字にしてください。ハイフンは使えません（例: poc）。",
)
MISSING = Words(
    "There is no such stage file. Write one with: python -m deploy init {name}",
    "このステージファイルはありません。次のコマンドで作れます: python -m deploy init {name}",
)
NOT_TOML = Words("This is not TOML: {error}", "TOML として読めません: {error}")
NOT_UTF_8 = Words(
    "This is not UTF-8. Save the file as UTF-8 (in Notepad: Save as, Encoding).",
    "UTF-8 ではありません。UTF-8 で保存し直してください（メモ帳では「名前を付けて保存」の「文字コード」）。",
)
QUOTED = Words(
    'Put a name with dots into quotes: "erp.corp.example.co.jp" = ["10.1.2.20"]',
    'ドットを含む名前は引用符で囲んでください: "erp.corp.example.co.jp" = ["10.1.2.20"]',
)
TOO_MANY_TAGS = Words("At most {most} tags.", "タグは {most} 個までです。")
UNKNOWN = Words("There is no such key. {hint}", "このキーはありません。{hint}")
DID_YOU_MEAN = Words("Did you mean {near}?", "{near} の間違いではありませんか。")
REMOVE = Words("Remove it; docs/stage.md lists all keys.", "削除してください。使えるキーは docs/stage.md にあります。")
BAD = Words("It must be {wanted}. {why}", "{wanted}にしてください。{why}")
NOT_A_TABLE = Words("It must be a table: [{key}]", "[{key}] という表にしてください。")
MISSING_KEY = Words("Write {key}: {why}", "{key} を書いてください: {why}")


class _Reader:
    def __init__(self, document: dict[str, Any], marks: dict[tuple[str | int, ...], int], path: Path) -> None:
        self.document = document
        self.marks = marks
        self.path = path
        self.problems: list[Problem] = []

    def line(self, key: str) -> int:
        """The line of a key, or of the nearest table above it, or 0."""
        parts: tuple[str, ...] = tuple(key.split(".", 1)) if key.count(".") == 1 else tuple(key.split("."))
        while parts:
            if parts in self.marks:
                return self.marks[parts]
            parts = parts[:-1]
        return 0

    def refuse(self, mark: tuple[str, ...], value: object, words: Words) -> None:
        shown = ".".join(mark)
        known = next((mark[:end] for end in range(len(mark), 0, -1) if mark[:end] in self.marks), ())
        self.problems.append(Problem(self.path, self.marks.get(known, 0), shown, value, words))

    def stage(self, name: str) -> Stage:
        values = {key.path: key.default for key in KEYS}
        for path, value in self._leaves():
            key = BY_PATH.get(".".join(path))
            if key is None:
                self._unknown(path, value)
                continue
            values[key.path] = self._checked(key.kind, path, value, key.why, key.default)
        values = {path: tuple(value) if isinstance(value, list) else value for path, value in values.items()}
        return Stage(
            name=name,
            values=MappingProxyType(values),
            tags=MappingProxyType(self._tags()),
            destinations=self._destinations(),
            fixed_names=MappingProxyType(self._fixed_names()),
            exceptions=tuple(Signature(name, **held) for name, held in self._tables("exceptions", EXCEPTION_KEYS)),
        )

    def _leaves(self) -> list[tuple[tuple[str, ...], Any]]:
        """Every key outside the free tables, as its path and value."""
        found: list[tuple[tuple[str, ...], Any]] = []
        for key, value in self.document.items():
            if key in ("tags", "destinations", "exceptions"):
                continue
            if isinstance(value, dict) and any(known.section == key for known in KEYS):
                found += [((key, inner), held) for inner, held in value.items() if (key, inner) != ("dns", "fixed")]
            elif any(known.section == key for known in KEYS):
                self.refuse((key,), value, NOT_A_TABLE.fill(key=key))
            else:
                found.append(((key,), value))
        return found

    def _unknown(self, path: tuple[str, ...], value: object) -> None:
        near = stage_rules.nearest(".".join(path), [*BY_PATH, *TABLES])
        self.refuse(path, value, UNKNOWN.fill(hint=DID_YOU_MEAN.fill(near=near) if near else REMOVE))

    def _checked(self, kind: Kind, mark: tuple[str, ...], value: Any, why: Words, default: Any) -> Any:
        try:
            return kind.check(value)
        except Refused as refused:
            self.refuse(mark, value, BAD.fill(wanted=refused.wanted, why=why))
            return default

    def _table(self, path: tuple[str, ...]) -> dict[str, Any]:
        value: Any = self.document
        for part in path:
            value = value.get(part, {}) if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self.refuse(path, value, NOT_A_TABLE.fill(key=".".join(path)))
            return {}
        return value

    def _free_table(self, path: tuple[str, ...], kind: Kind, why: Words) -> dict[str, Any]:
        return {key: self._checked(kind, (*path, key), value, why, "") for key, value in self._table(path).items()}

    def _tags(self) -> dict[str, str]:
        found = self._free_table(("tags",), TAG, TABLES["tags"])
        for name in found:
            self._checked(TAG_NAME, ("tags", name), name, TABLES["tags"], name)
        if len(found) > MAX_TAGS:
            self.refuse(("tags",), len(found), TOO_MANY_TAGS.fill(most=MAX_TAGS))
        return found

    def _fixed_names(self) -> dict[str, tuple[str, ...]]:
        for name, value in self._table(("dns", "fixed")).items():
            if isinstance(value, dict):
                self.refuse(("dns", "fixed", name), value, QUOTED)
                return {}
        found = self._free_table(("dns", "fixed"), listed(ONE_ADDRESS, low=1, high=4), TABLES["dns.fixed"])
        for host in found:
            self._checked(HOST, ("dns", "fixed", host), host, TABLES["dns.fixed"], host)
        return found

    def _destinations(self) -> tuple[Destination, ...]:
        return tuple(
            Destination(name, held["addresses"], held["ports"], held["from"])
            for name, held in self._tables("destinations", DESTINATION_KEYS)
        )

    def _tables(self, section: str, keys: dict[str, tuple[Kind, Any, Words]]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield a free table's tables, each key checked, defaults filled in."""
        for name, table in self._table((section,)).items():
            if section == "destinations":
                self._checked(DESTINATION_NAME, (section, name), name, TABLES[section], name)
            if not isinstance(table, dict):
                self.refuse((section, name), table, NOT_A_TABLE.fill(key=f"{section}.{name}"))
                continue
            for key in table.keys() - keys.keys():
                self._unknown((section, name, key), table[key])
            held = {}
            for key, (kind, default, why) in keys.items():
                mark = (section, name, key)
                missing = key not in table and default is None
                if missing:
                    self.refuse(mark, "", MISSING_KEY.fill(key=key, why=why))
                held[key] = () if missing else self._checked(kind, mark, table.get(key, default), why, ())
            yield name, held
