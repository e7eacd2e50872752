"""What the bills mean: break-even, savings, and the honest sentence about the article's claim."""

from dataclasses import dataclass

from deploy.cost.model import HOURS, ZONES, Bill, Ledger
from deploy.cost.prices import Prices
from deploy.words import Words


def per_request(prices: Prices) -> float | None:
    """Give what one more request costs; nothing when a price is unknown."""
    lines = Ledger(prices).requests(1_000_000)
    if any(line.usd is None for line in lines):
        return None
    return sum(line.usd for line in lines if line.usd is not None) / 1_000_000


def priced(bill: Bill) -> bool:
    """Whether the hours that decide a comparison have prices: those of endpoints, machines and the database."""
    hours = [line for line in bill.lines if line.price == "endpoint.hour" or line.group in ("compute", "database")]
    return not any(line.usd is None for line in hours if line.price.endswith("hour"))


@dataclass(frozen=True)
class BreakEven:
    """Up to how many requests a month the stage is cheaper than another architecture.

    `requests` is None when it is cheaper, or dearer, at any number: the other pays for each request as well.
    `cheaper` is None when the prices that decide are unknown.
    """

    against: str
    cheaper: bool | None
    requests: int | None


def break_even(stage: Bill, other: Bill, prices: Prices) -> BreakEven:
    """Compare fixed costs, as far as prices are known: a server's do not grow with requests, a stage's do."""
    if not (priced(stage) and priced(other)):
        return BreakEven(other.key, None, None)
    gap = other.fixed - stage.fixed
    one = per_request(prices)
    if one is None or any(line.group == "compute" and not line.fixed for line in other.lines):
        return BreakEven(other.key, gap > 0, None)
    return BreakEven(other.key, gap > 0, max(0, round(gap / one)))


UNKNOWN = Words("unknown, for want of prices", "価格が不明なため分かりません")
NEVER = Words("never cheaper", "安くなることはありません")
ALWAYS = Words("cheaper at any number of requests", "リクエスト数によらず安い")
CHEAPER_UP_TO = Words("cheaper up to {requests:,} requests a month", "月 {requests:,} リクエストまでは安い")


def say(found: BreakEven) -> Words:
    """Say a break-even in words."""
    if found.cheaper is None:
        return UNKNOWN
    if not found.cheaper:
        return NEVER
    return ALWAYS if found.requests is None else CHEAPER_UP_TO.fill(requests=found.requests)


def missing(bills: list[Bill]) -> Words | None:
    """Name what has no price in any bill."""
    lines = {line.words.en: line.words for bill in bills for line in bill.lines if line.usd is None}
    if not lines:
        return None
    return Words(
        f"Not counted, for want of a price with a source: {'; '.join(words.en for words in lines.values())}.",
        f"出典のある価格がないため含めていないもの: {'、'.join(words.ja for words in lines.values())}。",
    )


def savings(prices: Prices) -> list[Words]:
    """Say what shared endpoints and no Resolver save a month."""
    told = []
    hour, address = prices.usd("endpoint.hour"), prices.usd("resolver.address_hour")
    if hour is not None:
        each = hour * ZONES * HOURS
        told.append(
            Words(
                f"Endpoints shared by the company save ${each:.2f} a month each (${2 * each:.2f} for both).",
                f"会社で共有するエンドポイントを使うと、一つあたり月 {each:.2f} ドル（二つで {2 * each:.2f} "
                f"ドル）減ります。",
            )
        )
    if address is not None:
        each = address * 2 * HOURS
        told.append(
            Words(
                f"Using the endpoints' public names instead of a Resolver endpoint saves ${each:.2f} a month each way.",
                f"Resolver エンドポイントの代わりに公開名を使うと、片方向あたり月 {each:.2f} ドル減ります。",
            )
        )
    return told


def dominant(bill: Bill) -> Words:
    """Say which fixed hours dominate a bill."""
    if not priced(bill):
        return Words(
            "Which hours dominate cannot be said without prices.",
            "どの固定費が大きいかは、価格が不明なため分かりません。",
        )
    network, database = bill.group("network"), bill.group("database")
    share = round(100 * bill.fixed / bill.total) if bill.total else 0
    return Words(
        f"{share} % is paid without a single request: endpoint hours ${network:.2f}, database ${database:.2f}.",
        f"{share}% はリクエストがなくてもかかる固定費です（エンドポイント {network:.2f} ドル、データベース "
        f"{database:.2f} ドル）。",
    )


UNJUDGED = Words(
    "Not judged: prices that decide it are unknown here. Fetch them with --refresh, or choose a region that has them.",
    "判定できません。決め手となる価格が不明です。--refresh で取得するか、価格のあるリージョンを選んでください。",
)


def claim(stage: Bill, others: dict[str, Bill]) -> Words:
    """Judge the claim that per-request billing beats a server for quiet internal systems."""
    small, medium = others["small"], others["medium"]
    if not (priced(stage) and priced(small) and priced(medium)):
        return UNJUDGED
    beats_small = stage.total < small.total
    beats_medium = stage.total < medium.total
    if beats_small:
        return Words(
            f"True here: this stage costs ${stage.total:.2f}, one t3.small at least ${small.total:.2f} a month.",
            f"この構成では成り立ちます。月額はこのステージが {stage.total:.2f} ドル、t3.small 1 台は少なくとも "
            f"{small.total:.2f} ドルです。",
        )
    gap = stage.total - small.total
    if beats_medium:
        return Words(
            f"False against one bare t3.small (it is ${gap:.2f} a month cheaper, without a second zone), true against "
            f"two servers kept with endpoints of their own (${medium.total:.2f} or more against ${stage.total:.2f}): "
            "endpoint hours decide, not requests.",
            f"裸の t3.small 1 台に対しては成り立ちません（サーバーが月 {gap:.2f} ドル安い。ただし 1 ゾーンのみ）。"
            f"専用エンドポイントを備えた"
            f" 2 台に対しては成り立ちます（{medium.total:.2f} ドル以上に対し {stage.total:.2f} ドル"
            f"）。決め手はリクエスト数ではなく"
            "エンドポイントの時間料金です。",
        )
    return Words(
        f"False here: this stage costs ${stage.total:.2f}, even two servers only ${medium.total:.2f} or a little more.",
        f"この構成では成り立ちません。このステージは {stage.total:.2f} ドル、サーバー 2 台でも {medium.total:.2f} "
        f"ドル程度です。",
    )
