"""Where each key of a TOML file stands: `tomllib` gives values without lines.

The scan follows TOML 1.0 closely enough to walk over anything that `tomllib` has accepted before; it reads no value,
it only finds where keys begin. Source: https://toml.io/en/v1.0.0
"""

import re

Path = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def lines(text: str) -> dict[Path, int]:
    """Map the path of every key and array item to its line, counting from 1. `text` must be valid TOML."""
    return _Scan(text).run()


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n")
        self.at = 0
        self.found: dict[Path, int] = {}
        self.arrays: dict[Path, int] = {}

    def run(self) -> dict[Path, int]:
        table: Path = ()
        while self._skip(newlines=True):
            if self._peek() == "[":
                table = self._header()
            else:
                self._pair(table)
        return self.found

    def _peek(self, length: int = 1) -> str:
        return self.text[self.at : self.at + length]

    def _line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    def _skip(self, *, newlines: bool) -> bool:
        """Pass white space and comments; say whether anything is left."""
        while self.at < len(self.text):
            character = self.text[self.at]
            if character == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif character in " \t" or (newlines and character == "\n"):
                self.at += 1
            else:
                return True
        return False

    def _header(self) -> Path:
        line = self._line()
        double = self._peek(2) == "[["
        self.at += 2 if double else 1
        keys = self._keys()
        path = self._place(keys, inside=())
        for end in range(1, len(path)):
            self.found.setdefault(path[:end], line)
        self.at += 2 if double else 1
        if double:
            position = self.arrays.get(path, -1) + 1
            self.arrays[path] = position
            self.found.setdefault(path, line)
            path = (*path, position)
        self.found.setdefault(path, line)
        return path

    def _place(self, keys: list[str], *, inside: Path) -> Path:
        """Resolve keys against arrays of tables: a path through one means its latest entry."""
        path = inside
        for index, key in enumerate(keys):
            path = (*path, key)
            if index < len(keys) - 1 and path in self.arrays:
                path = (*path, self.arrays[path])
        return path

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._skip(newlines=False)
            keys.append(self._key())
            self._skip(newlines=False)
            if self._peek() != ".":
                return keys
            self.at += 1

    def _key(self) -> str:
        if self._peek() in ('"', "'"):
            return self._string()
        match = _BARE.match(self.text, self.at)
        if match is None:
            raise ValueError(f"not TOML at line {self._line()}")
        self.at = match.end()
        return match.group()

    def _pair(self, table: Path) -> None:
        line = self._line()
        keys = self._keys()
        path = table
        for key in keys:
            path = (*path, key)
            self.found.setdefault(path, line)
        self.at += 1  # the equals sign
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip(newlines=False)
        first = self._peek()
        if first in ('"', "'"):
            self._string()
        elif first == "[":
            self._list(path)
        elif first == "{":
            self._inline(path)
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}#\n":
                self.at += 1

    def _list(self, path: Path) -> None:
        self.at += 1
        position = 0
        while True:
            self._skip(newlines=True)
            if self._peek() == "]":
                self.at += 1
                return
            if self._peek() == ",":
                self.at += 1
                continue
            self.found[(*path, position)] = self._line()
            self._value((*path, position))
            position += 1

    def _inline(self, path: Path) -> None:
        self.at += 1
        while True:
            self._skip(newlines=True)
            if self._peek() == "}":
                self.at += 1
                return
            if self._peek() == ",":
                self.at += 1
                continue
            self._pair(path)

    def _string(self) -> str:
        """Pass a string and give its content, escapes of keys resolved as far as keys need them."""
        quote = self._peek()
        if self._peek(3) == quote * 3:
            return self._long_string(quote)
        start = self.at + 1
        self.at = start
        while self.text[self.at] != quote:
            self.at += 2 if quote == '"' and self.text[self.at] == "\\" else 1
        content = self.text[start : self.at]
        self.at += 1
        return _unescape(content) if quote == '"' else content

    def _long_string(self, quote: str) -> str:
        start = self.at + 3
        self.at = start
        while self._peek(3) != quote * 3:
            self.at += 2 if quote == '"' and self.text[self.at] == "\\" else 1
        content = self.text[start : self.at]
        self.at += 3
        while self._peek() == quote:  # up to two quotes may stand directly before the closing three
            self.at += 1
        return content


_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


def _unescape(content: str) -> str:
    def replace(match: re.Match[str]) -> str:
        long, short = match.group(1) or match.group(2), match.group(3)
        return chr(int(long, 16)) if long else _ESCAPES[short]

    return re.sub(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", replace, content)
