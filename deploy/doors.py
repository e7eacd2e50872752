"""The doors side by side, as one table for whoever chooses: price, what a browser sees, what the company supplies."""

from dataclasses import dataclass

from deploy.combinations import FACTORS, toml
from deploy.cost import model
from deploy.cost.prices import Prices, said
from deploy.stage import Stage
from deploy.stage_file import STAGES, parse
from deploy.words import Language, Words

REQUESTS = 100_000
"""Requests of a month that every door is priced for."""


@dataclass(frozen=True)
class Door:
    """One choice: the keys that make it, its name, and what is to be said of it."""

    values: dict[str, object]
    name: Words
    sees: Words
    headers: Words
    files: Words
    supplies: Words

    @property
    def stage(self) -> Stage:
        """The stage that chooses it and is otherwise the default one."""
        return parse(toml(self.values), name="poc", path=STAGES / "poc.toml")


NOTHING = Words(
    "Nothing but the way in: no certificate, no DNS entry.", "通信経路以外は不要です（証明書も DNS 登録も不要）。"
)
COMPANY_NAME = Words(
    "A host name in the company's DNS that points at the load balancer, and its certificate in ACM.",
    "ロードバランサーを指す社内 DNS のホスト名と、ACM に入れるその証明書。",
)
AWS_NAMES = Words(
    "`https://BUCKET.bucket.vpce-…amazonaws.com/index.html`; the API on another origin",
    "`https://BUCKET.bucket.vpce-…amazonaws.com/index.html`（API は別オリジン）",
)
API_NAME = Words(
    "`https://API-vpce-….execute-api.REGION.amazonaws.com/poc/`, one origin",
    "`https://API-vpce-….execute-api.REGION.amazonaws.com/poc/`（同一オリジン）",
)
OWN_NAME = Words(
    "`https://ringi.corp.example.co.jp/`, one origin", "`https://ringi.corp.example.co.jp/`（同一オリジン）"
)
PAGE_ONLY = Words(
    "the page's own policy; framing is refused by the page itself",
    "画面自身のポリシーのみ。フレーム表示は画面側で拒否します",
)
BY_DOOR = Words("HSTS, CSP with frame-ancestors, X-Frame-Options", "HSTS、frame-ancestors 付き CSP、X-Frame-Options")
NO_FILES = Words("none", "なし")
TO_BUCKET = Words("from the browser to the bucket, by signed URL", "署名付き URL でブラウザーからバケットへ直接")
BY_FUNCTION = Words(
    "through the function, at most 4 MB each: the page says so", "関数経由（1 ファイル 4 MB まで。画面にも表示します）"
)
TO_BUCKET_ENDPOINT = Words(
    "as with the endpoints: the S3 endpoint is kept for them",
    "エンドポイント方式と同じ（そのために S3 エンドポイントを残します）",
)

_BALANCER = dict(FACTORS["door"]["load-balancer"])
_CONTAINERS = {**_BALANCER, "backend": "fargate"}

DOORS: tuple[Door, ...] = (
    Door(
        {},
        Words('door = "endpoints"', 'door = "endpoints"'),
        AWS_NAMES,
        PAGE_ONLY,
        TO_BUCKET,
        NOTHING,
    ),
    Door(
        {"door": "api", "buckets.attachments": False},
        Words('door = "api", attachments off', 'door = "api"、添付なし'),
        API_NAME,
        BY_DOOR,
        NO_FILES,
        NOTHING,
    ),
    Door(
        {"door": "api", "buckets.attachments_by": "function"},
        Words('door = "api", attachments by the function', 'door = "api"、添付は関数経由'),
        API_NAME,
        BY_DOOR,
        BY_FUNCTION,
        NOTHING,
    ),
    Door(
        {"door": "api"},
        Words('door = "api", attachments on', 'door = "api"、添付あり'),
        API_NAME,
        BY_DOOR,
        TO_BUCKET_ENDPOINT,
        NOTHING,
    ),
    Door(
        _BALANCER,
        Words('door = "load-balancer"', 'door = "load-balancer"'),
        OWN_NAME,
        BY_DOOR,
        TO_BUCKET,
        COMPANY_NAME,
    ),
    Door(
        _CONTAINERS,
        Words('door = "load-balancer", backend = "fargate"', 'door = "load-balancer"、backend = "fargate"'),
        OWN_NAME,
        BY_DOOR,
        TO_BUCKET,
        COMPANY_NAME,
    ),
    Door(
        {**_CONTAINERS, "containers.wakes": "07:00", "containers.sleeps": "20:00"},
        Words("the same, awake on weekdays from 7 to 20", "同上、平日 7〜20 時のみ稼働"),
        OWN_NAME,
        BY_DOOR,
        TO_BUCKET,
        COMPANY_NAME,
    ),
)

TITLE = Words("# The doors: what a browser meets", "# 入口の選び方: ブラウザーから何が見えるか")
MADE = Words(
    "Made by `python -m deploy documents` from `deploy/doors.py` and the dated prices of "
    "{region}. US dollars a month "
    "without tax, {requests:,} requests; the database is the same for all. `network` and `compute` are what a door "
    'changes; a price without a source is left out, and the sum is then marked "at least".',
    "`deploy/doors.py` と {region} の日付つき価格から `python -m deploy documents` で作成しています。"
    "月額（米ドル、税抜）、"
    "{requests:,} リクエストの場合です。データベースはどれも同じです。"
    "入口で変わるのは「ネットワーク」と「実行環境」です。"
    "出典のない価格は含めず、合計に「以上」と付けます。",
)
HEAD = Words(
    "| door | network | compute | with the database | the address in the browser | headers "
    "| attachments | the company supplies |",
    "| 入口 | ネットワーク | 実行環境 | データベース込み | ブラウザーに表示されるアドレス | ヘッダー "
    "| 添付ファイル | 会社が用意するもの |",
)
AT_LEAST = Words("at least {usd}", "{usd} 以上")
NOTES = Words(
    "Every door is private: no address of it can be reached from the internet, and `prove` "
    "says so of each. Deep links "
    "and reloading work with all of them, since what follows `#` in an address never leaves "
    "the browser. With the API "
    "as door the closing slash of the address is needed; `buckets.attachments_by` chooses how files travel there. "
    "Nothing here has run on AWS yet "
    "([verified.md](../verified.md)).\n\n"
    "A load balancer sends to the S3 endpoint by addresses. They change when the endpoint is made anew: `python -m "
    "deploy up NAME` puts the new ones in, `python -m deploy status NAME` compares them, and the alarm "
    "`NAME-site-targets` tells when it is time.",
    "どの入口も社内からだけ届き、インターネットからは届きません（それぞれを `prove` が確かめます）。"
    "アドレスの `#` 以降はブラウザーの外に出ないため、個々の申請へのリンクも再読み込みもすべての入口で使えます。"
    "API を入口にする場合、アドレスの末尾の `/` が必要です。"
    "その場合の添付ファイルの経路は `buckets.attachments_by` で選びます。"
    "ここにあるものはまだ AWS では動かしていません（[verified.ja.md](../verified.ja.md)）。\n\n"
    "ロードバランサーは S3 エンドポイントへアドレスで送ります。エンドポイントを作り直すとアドレスが変わるため、"
    "`python -m deploy up 名前` で登録し直してください。`python -m deploy status 名前` で差を確認でき、"
    "アラーム `名前-site-targets` が知らせます。",
)


def document(language: Language, prices: Prices) -> str:
    """Give the table in one language, as Markdown."""
    lines = [
        TITLE.plain(language),
        "",
        MADE.say(language, region=said(prices.name, language), requests=REQUESTS),
        "",
        HEAD.plain(language),
        "|---|---|---|---|---|---|---|---|",
    ]
    for door in DOORS:
        bill = model.stage_bill(door.stage, prices, REQUESTS)
        total = f"{bill.total:.2f}"
        cells = [
            door.name.plain(language),
            f"{bill.group('network'):.2f}",
            f"{bill.group('compute'):.2f}",
            AT_LEAST.say(language, usd=total) if bill.unknown else total,
            *(words.plain(language) for words in (door.sees, door.headers, door.files, door.supplies)),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", NOTES.plain(language)]) + "\n"
