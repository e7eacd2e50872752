"""What one key of a stage file is, and the tables whose keys are free names."""

from dataclasses import dataclass
from typing import Any

from deploy.keys import kinds
from deploy.keys.kinds import Kind
from deploy.words import Words

MAX_CORPORATE_CIDRS = 8
MAX_WEB_DESTINATIONS = 4
MAX_TASKS_DESTINATIONS = 8
MAX_DOMAINS = 3
MAX_FIXED_NAMES = 4
MAX_INSIDE_ADDRESSES = 10

TAG = kinds.text(
    r"[\w .:/=+@-]{0,256}",
    Words(
        "text of at most 256 letters, digits, blanks and . : / = + - @ _",
        "256 文字以内の文字・数字・空白と . : / = + - @ _",
    ),
)
TAG_NAME = kinds.text(
    r"(?i:(?!aws:))(?!Name$)[\w .:/=+@-]{1,128}",
    Words(
        "a tag's name of at most 128 letters, digits, blanks and . : / = + - @ _, neither aws:... nor Name",
        "128 文字以内のタグ名（文字・数字・空白と . : / = + - @ _）。aws: で始まる名前と Name は使えません",
    ),
)
"""Source: AWS General Reference, tag naming limits, as the strictest of the services we tag have them."""

MAX_TAGS = 45
"""AWS allows 50 on a resource; some are ours."""

DESTINATION_NAME = kinds.text(
    r"[\w .()-]{1,40}",
    Words("a name of at most 40 letters, digits and . ( ) -", "40 文字以内の名前（文字・数字と . ( ) -）"),
)


@dataclass(frozen=True)
class Key:
    """One key: `path` is section and name, `default` the safe value that holds when it is not written."""

    path: str
    kind: Kind
    default: Any
    why: Words

    @property
    def section(self) -> str:
        """The table it stands in; empty for the top of the file."""
        return self.path.rpartition(".")[0]

    @property
    def name(self) -> str:
        """The key inside its table."""
        return self.path.rpartition(".")[2]


def role(example: str) -> Kind:
    return kinds.arn("iam", r"role/[\w+=,.@/-]+", f"arn:aws:iam::123456789012:role/{example}")


SECTIONS: dict[str, Words] = {
    "": Words("The stage", "ステージ"),
    "aws": Words("Where it runs", "どこで動かすか"),
    "names": Words("Names", "名前"),
    "roles": Words("Roles (for companies that make roles beforehand)", "ロール（事前作成が必要な会社向け）"),
    "encryption": Words("Encryption", "暗号化"),
    "logs": Words("Logs", "ログ"),
    "network": Words("The network: leave ids empty to have it made", "ネットワーク: ID を空にすると新しく作ります"),
    "endpoints": Words(
        "VPC endpoints: give the id of one that already exists",
        "VPC エンドポイント: 既存のものがあれば ID を書きます",
    ),
    "corporate": Words("The corporate side", "社内ネットワーク側"),
    "dns": Words("Names: how each side finds the other", "名前解決: 互いをどう見つけるか"),
    "database": Words("The database", "データベース"),
    "buckets": Words("Buckets", "バケット"),
    "site": Words("The page", "画面"),
    "balancer": Words(
        'The load balancer, for door = "load-balancer"', 'ロードバランサー（door = "load-balancer" の場合）'
    ),
    "containers": Words('Containers, for backend = "fargate"', 'コンテナ（backend = "fargate" の場合）'),
    "tasks": Words("Timers", "定期処理"),
    "mail": Words("Mail", "メール"),
    "alarms": Words("Alarms", "アラーム"),
}

TABLES: dict[str, Words] = {
    "tags": Words('Tags put on everything: NAME = "value".', 'すべてに付けるタグ: 名前 = "値"。'),
    "dns.fixed": Words(
        'For dns.outbound = "fixed": name = [addresses].',
        'dns.outbound = "fixed" の場合: 名前 = [アドレス]。',
    ),
    "destinations": Words(
        "What functions may reach inside: a table each.",
        "関数から接続する社内の相手。相手ごとに一つの表にします。",
    ),
    "exceptions": Words(
        "What remains open by nature and somebody answers for, a table each; prove shows them every time.",
        "性質上開いたまま残るもののうち、責任者が認めたもの。一つずつ表にします。prove が毎回表示します。",
    ),
}
"""Tables whose keys are free names."""

DESTINATION_KEYS: dict[str, tuple[Kind, Any, Words]] = {
    "addresses": (kinds.listed(kinds.ADDRESS, low=1, high=8), None, Words("Its addresses.", "アドレス。")),
    "ports": (kinds.listed(kinds.PORT, low=1, high=4), None, Words("Its TCP ports.", "TCP ポート。")),
    "from": (
        kinds.listed(kinds.choice("web", "tasks"), low=1, high=2),
        ["tasks"],
        Words("Which functions.", "接続元の関数。"),
    ),
}

_SENTENCE = kinds.text(r"[^\x00-\x1f]{10,500}", Words("a sentence of 10 to 500 characters", "10〜500 文字の文"))
_NAME = kinds.text(r"[^\x00-\x1f]{2,100}", Words("a person's name", "人の名前"))

EXCEPTION_KEYS: dict[str, tuple[Kind, Any, Words]] = {
    "rule": (
        kinds.text(r"[a-z-]+", Words("a rule of docs/closedness.md", "docs/closedness.ja.md にある規則")),
        None,
        Words("The rule.", "規則。"),
    ),
    "resource": (
        kinds.text(
            r"\*|[\w./:-]+", Words('a resource as prove names it, or "*"', 'prove が示すリソース名、または "*"')
        ),
        "*",
        Words('Which resource; "*" is every one.', '対象のリソース。"*" ならすべて。'),
    ),
    "reason": (_SENTENCE, None, Words("Why it is accepted.", "認める理由。")),
    "by": (_NAME, None, Words("Who answers for it.", "責任者の名前。")),
    "signed": (kinds.DAY, None, Words("The day it was signed.", "署名した日。")),
    "until": (kinds.DAY, None, Words("The last day it holds.", "有効な最後の日。")),
}
