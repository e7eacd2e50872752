"""Why each endpoint and each policy statement is there, as tables made from the code that uses them."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from deploy import blueprint
from deploy.cfn.source import walk
from deploy.stage import ENDPOINTS, OPTIONS, endpoints
from deploy.words import Language, Words


@dataclass(frozen=True)
class Reason:
    """Why one statement is there, and the call that needs it."""

    call: str
    words: Words


def reasons() -> dict[tuple[str, str], Reason]:
    """(template, statement) -> its reason."""
    document = tomllib.loads((blueprint.TEMPLATES / "reasons.toml").read_text(encoding="utf-8"))
    return {
        (noun, sid): Reason(entry["call"], Words(entry["en"], entry["ja"]))
        for noun, statements in document.items()
        for sid, entry in statements.items()
    }


def statements() -> Iterator[tuple[str, str]]:
    """Yield (template, statement id) of every policy statement; a statement without an id yields an empty one."""
    for noun in (*blueprint.ORDER, *blueprint.BESIDE):
        for resource in blueprint.template(noun).resources.values():
            for inner in walk(resource.properties):
                if isinstance(inner, dict) and "Effect" in inner and "Action" in inner:
                    yield noun, str(inner.get("Sid", ""))


TITLE = Words("# Why each endpoint and each permission is there", "# エンドポイントと権限、それぞれの理由")
MADE = Words(
    "Made by `python -m deploy documents` from the table in `deploy/stage.py` and from `deploy/templates/`.",
    "`deploy/stage.py` の表と `deploy/templates/` から `python -m deploy documents` で作成しています。",
)
ENDPOINT_HEAD = Words(
    "| door | backend | endpoint | price | why |", "| 入口 | 実行環境 | エンドポイント | 料金 | 理由 |"
)
STATEMENT_HEAD = Words(
    "| template | statement | the call that needs it | why |", "| テンプレート | 文 | 必要とする操作 | 理由 |"
)
FREE = Words("free", "無料")
HOURLY = Words("by zone and hour", "ゾーンごとの時間料金")
ADDED = Words("added by {key} = {value}", "{key} = {value} のとき追加")


def document(language: Language) -> str:
    """Give the tables in one language, as Markdown."""
    lines = [
        TITLE.plain(language),
        "",
        MADE.plain(language),
        "",
        ENDPOINT_HEAD.plain(language),
        "|---|---|---|---|---|",
    ]
    for (door, backend), needed in ENDPOINTS.items():
        for endpoint in needed:
            price = (FREE if endpoint.gateway else HOURLY).plain(language)
            lines.append(f"| {door} | {backend} | {endpoint.service} | {price} | {endpoint.why.plain(language)} |")
    files = next(one for one in endpoints("api", "lambda", {"buckets.attachments": True}) if one.service == "s3")
    added = ADDED.say(language, key="door = api, buckets.attachments", value="true")
    lines.append(f"| {added} | | {files.service} | {HOURLY.plain(language)} | {files.why.plain(language)} |")
    for (key, value), endpoint in OPTIONS.items():
        added = ADDED.say(language, key=key, value=value)
        lines.append(f"| {added} | | {endpoint.service} | {HOURLY.plain(language)} | {endpoint.why.plain(language)} |")
    lines += ["", STATEMENT_HEAD.plain(language), "|---|---|---|---|"]
    for (noun, sid), reason in reasons().items():
        lines.append(f"| {noun} | {sid} | {reason.call} | {reason.words.plain(language)} |")
    return "\n".join(lines) + "\n"
