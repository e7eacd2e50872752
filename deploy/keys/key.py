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

TAG = kinds.text(r"[^\x00-\x1f]{0,256}", Words("text of at most 256 characters", "256 文字以内の文字列"))


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
    "tasks": Words("Timers", "定期処理"),
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
