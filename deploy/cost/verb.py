"""`python -m deploy cost [STAGE]`: a stage's month by line, beside the same work done otherwise."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deploy.failure import write
from deploy.words import Language, Words, language

if TYPE_CHECKING:
    from deploy.cost.prices import Prices

DEFAULT_REQUESTS = 100_000
HEAD = Words(
    "{name} ({region}), {requests:,} requests a month, US dollars without tax",
    "{name}（{region}）、月 {requests:,} リクエスト、税抜き米ドル",
)
UNKNOWN = Words("unknown", "不明")
TOTAL = Words("total", "合計")
AT_LEAST = Words("at least", "少なくとも")
NETWORK = Words("of which network", "うちネットワーク")
BESIDE = Words(
    "The same work, database and files included:", "同じ仕事をする場合の比較（データベースとファイルを含む）:"
)
BREAK_EVEN = Words("Against each, this stage is:", "それぞれに対して、このステージは:")
CLAIM = Words(
    'The article\'s claim, "per-request billing beats a server for quiet internal systems":',
    "元記事の主張「アクセスの少ない社内システムなら従量課金の方がサーバーより安い」について:",
)
SOURCES = Words("Prices: {sources}.", "価格の出典: {sources}。")
REFRESHED = Words("{path} is rewritten: {count} prices.", "{path} を書き直しました（{count} 件）。")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("cost", help="what a stage costs a month", description=__doc__)
    parser.add_argument("stage", metavar="STAGE", nargs="?", help="without one, the default stage")
    parser.add_argument("--region", help="with prices of this region")
    parser.add_argument("--requests", type=_requests, default=DEFAULT_REQUESTS, help="a month (%(default)s)")
    parser.add_argument("--json", action="store_true", help="for a program to read")
    parser.add_argument("--chart", type=Path, metavar="F.svg", help="draw it too")
    parser.add_argument("--refresh", action="store_true", help="fetch prices from AWS's public price list first")
    parser.set_defaults(run=run)


def _requests(written: str) -> int:
    """Read a number of requests a month: 0 or more, thousands may be set apart by _ or a comma."""
    number = int(written.replace(",", ""))
    if number < 0:
        raise argparse.ArgumentTypeError(f"{written}: 0 or more")
    return number


def run(arguments: argparse.Namespace) -> int:
    """Work it out and print it."""
    from deploy import stage_file
    from deploy.cost import chart, model, prices, refresh, verdict
    from deploy.stage_file import STAGES

    if arguments.stage:
        stage = stage_file.read(arguments.stage)
    else:
        stage = stage_file.parse("", name="default", path=STAGES / "default.toml")
    region = arguments.region or stage.region
    if arguments.refresh:
        fresh = refresh.fetch(region)
        path = prices.FOLDER / f"{region}.toml"
        path.write_text(prices.text(fresh), encoding="utf-8")
        print(REFRESHED.say(language(), path=path, count=len(fresh.held)))
    held = prices.read(region)
    bill = model.stage_bill(stage, held, arguments.requests)
    others = model.alternatives(held, arguments.requests, stage)
    bills = [bill, *others]
    if arguments.chart:
        picture = chart.svg(bills, name=held.name, requests=arguments.requests, language=language())
        write(arguments.chart, picture)
    even = [verdict.break_even(bill, other, held) for other in others]
    if arguments.json:
        print(json.dumps(_document(bills, even, held, arguments.requests), indent=2))
        return 0
    for line in lines(bills, held, arguments.requests, language()):
        print(line)
    return 0


def lines(bills: list[Any], held: "Prices", requests: int, chosen: Language) -> list[str]:
    """Give the whole report in words; the first bill is the stage's."""
    from deploy.cost import prices, verdict

    bill, others = bills[0], bills[1:]
    told = [HEAD.say(chosen, name=prices.said(held.name, chosen), region=held.region, requests=requests), ""]
    for line in bill.lines:
        amount = UNKNOWN.plain(chosen) if line.usd is None else f"{line.usd:.2f}"
        told.append(
            f"  {amount:>8}  {line.words.plain(chosen)}  "
            + f"({_quantity(line.quantity)} {prices.said(line.unit, chosen)})".replace(" )", ")")
        )
    told += [f"  {_total(bill, chosen):>8}  {TOTAL.plain(chosen)}"]
    told += [f"  {bill.group('network'):>8.2f}  {NETWORK.plain(chosen)}", "", verdict.dominant(bill).plain(chosen)]
    told += ["", BESIDE.plain(chosen)]
    told += [f"  {_total(one, chosen):>18}  {one.words.plain(chosen)}" for one in bills]
    told += ["", BREAK_EVEN.plain(chosen)]
    for other in others:
        found = verdict.say(verdict.break_even(bill, other, held))
        told.append(f"  {other.words.plain(chosen)}: {found.plain(chosen)}")
    told += ["", *(words.plain(chosen) for words in verdict.savings(held))]
    told += ["", CLAIM.plain(chosen), f"  {verdict.claim(bill, {one.key: one for one in others}).plain(chosen)}", ""]
    unpriced = verdict.missing(bills)
    told += [unpriced.plain(chosen)] if unpriced else []
    return [*told, SOURCES.say(chosen, sources=_sources(held, chosen) or UNKNOWN.plain(chosen))]


def _sources(held: "Prices", chosen: Language) -> str:
    """Name each source with the dates on which it was read."""
    from deploy.cost import prices

    found: dict[str, set[str]] = {}
    for price in held.held.values():
        found.setdefault(prices.said(price.source, chosen), set()).add(prices.said(price.read, chosen))
    return ", ".join(f"{source} ({'; '.join(sorted(dates))})" for source, dates in sorted(found.items()))


def _quantity(value: float) -> str:
    return f"{value:,.0f}" if value >= 1_000_000 else f"{value:,.6g}"


def _total(bill: Any, chosen: Language) -> str:
    return f"{AT_LEAST.plain(chosen)} {bill.total:.2f}" if bill.unknown else f"{bill.total:.2f}"


def _document(bills: list[Any], even: list[Any], held: Any, requests: int) -> dict[str, Any]:
    return {
        "region": held.region,
        "requests": requests,
        "bills": [
            {
                "key": bill.key,
                "name": bill.words.en,
                "total": round(bill.total, 2),
                "at_least": bill.unknown,
                "fixed": round(bill.fixed, 2),
                "lines": [
                    {
                        "name": line.words.en,
                        "group": line.group,
                        "quantity": line.quantity,
                        "unit": line.unit,
                        "price": line.price,
                        "usd": None if line.usd is None else round(line.usd, 4),
                        "fixed": line.fixed,
                    }
                    for line in bill.lines
                ],
            }
            for bill in bills
        ],
        "break_even": {found.against: {"cheaper": found.cheaper, "up_to_requests": found.requests} for found in even},
        "prices": {
            key: {"usd": price.usd, "source": price.source, "read": price.read} for key, price in held.held.items()
        },
    }
