"""The line of every key of a TOML file, checked against the standard parser's idea of what keys there are."""

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from deploy import combinations
from deploy.toml_lines import lines

EXAMPLE = '''\
# a comment with [brackets] and = signs
top = "a # not a comment"
[network]  # table
cidr = "10.0.0.0/24"
app_cidrs = [
  "10.0.0.0/26",  # first
  "10.0.0.64/26",
]
text = """
not = a key
[not.a.table]
""" # end
[dns.fixed]
"erp.corp.example.co.jp" = ["10.1.2.20"]
'single' = {a = 1, b = {c = [2, 3]}}
a.b."c d" = true
[[list]]
x = 1
[[list]]
x = 2
[list.inner]
y = 1979-05-27T07:32:00Z
'''


def paths(value: Any, above: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    found: set[tuple[str | int, ...]] = {above} if above else set()
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    for key, inner in items:
        found |= paths(inner, (*above, key))
    return found


def test_each_key_stands_where_it_is_written() -> None:
    found = lines(EXAMPLE)

    assert found["top",] == 2
    assert found["network", "cidr"] == 4
    assert found["network", "app_cidrs", 1] == 7
    assert found["network", "text"] == 9
    assert found["dns", "fixed", "erp.corp.example.co.jp"] == 14
    assert found["dns", "fixed", "single", "b", "c", 1] == 15
    assert found["dns", "fixed", "a", "b", "c d"] == 16
    assert found["list", 1, "x"] == 20
    assert found["list", 1, "inner", "y"] == 22


def test_the_scan_finds_exactly_the_keys_of_the_parser() -> None:
    for text in [EXAMPLE, *(made.text for made in combinations.singles())]:
        known = paths(tomllib.loads(text))

        assert {path for path in known if not isinstance(path[-1], int)} <= set(lines(text))
        assert all(path in known or any(path == other[: len(path)] for other in known) for path in lines(text))


KEYS = st.text(alphabet="abc.\"'\\#=[]{} é", min_size=1, max_size=4)
VALUES = st.recursive(
    st.one_of(st.integers(0, 99), st.booleans(), st.text(alphabet="a#\"'=[]{},\\n é", max_size=6)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=6,
)


def written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(written(inner) for inner in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(key)} = {written(inner)}" for key, inner in value.items()) + "}"
    return str(value)


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=5), st.integers(0, 2))
def test_any_document_has_its_keys_found_on_their_lines(document: dict[str, Any], gap: int) -> None:
    rows = [f"{written(key)} = {written(value)}" for key, value in document.items()]
    text = ("\n" * (gap + 1)).join(rows) + "\n"
    assert tomllib.loads(text) == document

    found = lines(text)

    for row, key in enumerate(document):
        assert found[key,] == 1 + row * (gap + 1)
    assert paths(document) <= set(found)
