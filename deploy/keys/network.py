"""Keys of the stage file that describe the network and the corporate side."""

from deploy.keys import kinds
from deploy.keys.key import MAX_CORPORATE_CIDRS, MAX_DOMAINS, Key, role
from deploy.words import Words

_SUBNETS = kinds.none_or_two(kinds.identifier("subnet"))
_RANGES = kinds.none_or_two(kinds.cidr(shortest=16, longest=28))
_GROUP = kinds.identifier("sg")
_ENDPOINT = kinds.identifier("vpce")

KEYS: tuple[Key, ...] = (
    Key("network.vpc", kinds.identifier("vpc"), "", Words("An existing VPC.", "既存の VPC。")),
    Key(
        "network.cidr",
        kinds.cidr(shortest=16, longest=24),
        "10.20.0.0/24",
        Words(
            "The VPC's range; ask the network team for one that nobody else uses.",
            "VPC のアドレス範囲。ネットワーク担当に未使用の範囲をもらってください。",
        ),
    ),
    Key(
        "network.app_subnets",
        _SUBNETS,
        [],
        Words("Existing subnets for functions.", "関数用の既存サブネット。"),
    ),
    Key(
        "network.lb_subnets",
        _SUBNETS,
        [],
        Words(
            "Existing subnets for endpoints and the load balancer.",
            "エンドポイントとロードバランサー用の既存サブネット。",
        ),
    ),
    Key(
        "network.db_subnets",
        _SUBNETS,
        [],
        Words("Existing subnets for the database.", "データベース用の既存サブネット。"),
    ),
    Key(
        "network.app_cidrs",
        _RANGES,
        [],
        Words("Their ranges; [] divides network.cidr.", "そのアドレス範囲。[] なら network.cidr を分割します。"),
    ),
    Key(
        "network.lb_cidrs",
        _RANGES,
        [],
        Words("Their ranges; [] divides network.cidr.", "そのアドレス範囲。[] なら network.cidr を分割します。"),
    ),
    Key(
        "network.db_cidrs",
        _RANGES,
        [],
        Words("Their ranges; [] divides network.cidr.", "そのアドレス範囲。[] なら network.cidr を分割します。"),
    ),
    Key(
        "network.app_route_tables",
        kinds.listed(kinds.identifier("rtb"), low=0, high=2),
        [],
        Words(
            "Route tables of existing app subnets, so that the S3 gateway endpoint can be added to them.",
            "既存の関数用サブネットのルートテーブル（S3 ゲートウェイエンドポイントを加えるため）。",
        ),
    ),
    Key(
        "network.web_group",
        _GROUP,
        "",
        Words("Existing security group of the web function.", "Web 関数の既存セキュリティグループ。"),
    ),
    Key(
        "network.tasks_group",
        _GROUP,
        "",
        Words("Existing security group of the tasks function.", "定期処理関数の既存セキュリティグループ。"),
    ),
    Key(
        "network.endpoint_group",
        _GROUP,
        "",
        Words("Existing security group of the endpoints.", "エンドポイントの既存セキュリティグループ。"),
    ),
    Key(
        "network.database_group",
        _GROUP,
        "",
        Words("Existing security group of the database.", "データベースの既存セキュリティグループ。"),
    ),
    Key(
        "network.balancer_group",
        _GROUP,
        "",
        Words("Existing security group of the load balancer.", "ロードバランサーの既存セキュリティグループ。"),
    ),
    Key("endpoints.execute_api", _ENDPOINT, "", Words("For the private API.", "プライベート API 用。")),
    Key(
        "endpoints.s3",
        _ENDPOINT,
        "",
        Words("S3 interface, for browsers.", "S3 インターフェイス型。ブラウザー用。"),
    ),
    Key(
        "endpoints.s3_gateway",
        _ENDPOINT,
        "",
        Words("S3 gateway (free), for functions.", "S3 ゲートウェイ型（無料）。関数用。"),
    ),
    Key("endpoints.logs", _ENDPOINT, "", Words("CloudWatch Logs.", "CloudWatch Logs。")),
    Key("endpoints.ecr_api", _ENDPOINT, "", Words("ECR, its API.", "ECR の API。")),
    Key("endpoints.ecr_dkr", _ENDPOINT, "", Words("ECR, images.", "ECR のイメージ取得。")),
    Key("endpoints.secretsmanager", _ENDPOINT, "", Words("Secrets Manager.", "Secrets Manager。")),
    Key("endpoints.ssm", _ENDPOINT, "", Words("Systems Manager.", "Systems Manager。")),
    Key(
        "endpoints.private_dns",
        kinds.BOOLEAN,
        False,
        Words(
            "Also serve https://API.execute-api... inside the VPC. Side effect: everything in the VPC (and whoever "
            "asks its resolver) can no longer call other companies' or our own public APIs in the region.",
            "VPC 内で https://API.execute-api... の名前も使えるようにします。副作用: この VPC（とその DNS "
            "を使う端末）からは、"
            "同じリージョンの公開 API を呼べなくなります。",
        ),
    ),
    Key(
        "corporate.cidrs",
        kinds.listed(kinds.cidr(shortest=9, longest=32), low=1, high=MAX_CORPORATE_CIDRS),
        ["10.1.0.0/16"],
        Words(
            "Where users sit, as exactly as the network team can say; only these reach the endpoints. All "
            "of 10.0.0.0/8 is refused.",
            "利用者のいるネットワーク。できるだけ正確に。ここからだけエンドポイントに届きます。10.0.0.0/8 "
            "全体は書けません。",
        ),
    ),
    Key(
        "corporate.link",
        kinds.choice("none", "peering", "transit-gateway"),
        "none",
        Words(
            "How the VPC is joined to the company: the network team does it (none), or we make it.",
            "社内との接続方法。none はネットワーク担当が行う場合です。",
        ),
    ),
    Key(
        "corporate.peer_vpc",
        kinds.identifier("vpc"),
        "",
        Words("For peering: the other VPC.", "ピアリングの相手の VPC。"),
    ),
    Key(
        "corporate.peer_account",
        kinds.text(
            r"\d{12}",
            Words('twelve digits, or "" for our own', '12 桁の数字、または ""（自アカウント）'),
            empty=True,
        ),
        "",
        Words("For peering: its account, if another.", "ピアリングの相手が別アカウントならその番号。"),
    ),
    Key(
        "corporate.peer_role",
        role("accept-peering"),
        "",
        Words(
            "For peering with another account: the role there that accepts.",
            "別アカウントとのピアリングを承認する相手側のロール。",
        ),
    ),
    Key(
        "corporate.transit_gateway",
        kinds.identifier("tgw"),
        "",
        Words("For transit-gateway: its id.", "Transit Gateway の ID。"),
    ),
    Key(
        "dns.inbound",
        kinds.BOOLEAN,
        False,
        Words(
            "A Resolver inbound endpoint, for companies whose DNS drops private answers of public names ($182 "
            "a month in Tokyo).",
            "Resolver インバウンドエンドポイント。公開名のプライベートな答えを捨てる社内 DNS 向け（東京で月 "
            "182 ドル）。",
        ),
    ),
    Key(
        "dns.outbound",
        kinds.choice("none", "shared-rule", "own-endpoint", "fixed"),
        "none",
        Words(
            "How functions resolve inside names: not, by a rule shared with us, by our own outbound endpoint "
            "($182 a month in Tokyo), or by fixed pairs.",
            "関数が社内の名前を引く方法。引かない、共有ルール、自前のアウトバウンド（東京で月 182 ドル）、"
            "固定の対応表から選びます。",
        ),
    ),
    Key(
        "dns.shared_rule",
        kinds.text(
            r"rslvr-rr-[0-9a-f]{8,17}",
            Words(
                'an id like "rslvr-rr-0123456789abcdef0", or ""',
                '"rslvr-rr-0123456789abcdef0" のような ID、または ""',
            ),
            empty=True,
        ),
        "",
        Words("For shared-rule: its id.", "共有ルールの ID。"),
    ),
    Key(
        "dns.domains",
        kinds.listed(kinds.HOST, low=0, high=MAX_DOMAINS),
        [],
        Words("For own-endpoint: domains asked inside.", "own-endpoint の場合、社内に問い合わせるドメイン。"),
    ),
    Key(
        "dns.servers",
        kinds.listed(kinds.ONE_ADDRESS, low=0, high=2),
        [],
        Words(
            "For own-endpoint: the company's DNS servers.",
            "own-endpoint の場合、社内 DNS サーバーのアドレス。",
        ),
    ),
)
