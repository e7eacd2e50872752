"""Dated prices of one region; a price that has no source is absent, never guessed."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from deploy.failure import Failure
from deploy.words import Language, Words, language

FOLDER = Path(__file__).parent / "prices"
NO_REGION = Words(
    "There are no prices for {region}; there are for: {known}. `python -m deploy cost --region {region} --refresh` "
    "fetches them where the price list can be reached.",
    "{region} の価格がありません（あるのは {known}）。価格表に届く環境では "
    "`python -m deploy cost --region {region} --refresh` で取得できます。",
)


_JAPANESE = {
    "Tokyo": "東京",
    "Osaka": "大阪",
    "N. Virginia": "バージニア北部",
    "hour": "時間",
    "zone-hour": "ゾーン時間",
    "address-hour": "アドレス時間",
    "vCPU-hour": "vCPU 時間",
    "GB-hour": "GB 時間",
    "LCU-hour": "LCU 時間",
    "ACU-hour": "ACU 時間",
    "GB-second": "GB 秒",
    "GB-month": "GB 月",
    "GB ingested": "GB 取り込み",
    "secret-month": "件",
    "million requests": "百万リクエスト",
    "third-party reading of the AWS price list": "AWS 価格表の第三者による転記",
    "AWS public price list": "AWS の公開価格表",
    "undated": "日付不明",
    "undated, weak": "日付不明・根拠弱",
}


def said(term: str, chosen: Language) -> str:
    """Say a region's name, a unit, a source or a date of a price file; one that is not known stands as it is."""
    return _JAPANESE.get(term, term) if chosen == "ja" else term


@dataclass(frozen=True)
class Price:
    """One price in US dollars without tax, what it is for, and where and when it was read."""

    key: str
    unit: str
    usd: float
    source: str
    read: str


@dataclass(frozen=True)
class Prices:
    """The prices of a region."""

    region: str
    name: str
    held: dict[str, Price]

    def usd(self, key: str) -> float | None:
        """Give a price, or nothing when it is unknown."""
        price = self.held.get(key)
        return price.usd if price else None


def regions() -> list[str]:
    """Name the regions that have a price file."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def read(region: str, *, folder: Path = FOLDER) -> Prices:
    """Read a region's price file.

    Raises:
        Failure: there is none.

    """
    path = folder / f"{region}.toml"
    if not path.exists():
        raise Failure(NO_REGION.say(language(), region=region, known=", ".join(regions())))
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    held = {
        key: Price(key, str(entry["unit"]), float(entry["usd"]), str(entry["source"]), str(entry["read"]))
        for key, entry in document["prices"].items()
    }
    return Prices(document["region"], document["name"], held)


def text(prices: Prices) -> str:
    """Write a price file."""
    lines = [
        "# US dollars, tax excluded. Each price has its source and the date it was read. A price without a source is",
        '# left out and counts as unknown: totals are then "at least". `python -m deploy cost --refresh` rewrites this',
        "# file from AWS's public price list where it can be reached.",
        f'region = "{prices.region}"',
        f'name = "{prices.name}"',
        "",
        "[prices]",
    ]
    for price in prices.held.values():
        lines += [
            "",
            f'[prices."{price.key}"]',
            f'unit = "{price.unit}"',
            f"usd = {f'{price.usd:.10f}'.rstrip('0').rstrip('.')}",
            f'source = "{price.source}"',
            f'read = "{price.read}"',
        ]
    return "\n".join(lines) + "\n"
