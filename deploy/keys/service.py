"""Keys of the stage file that describe what runs in the network."""

from deploy.keys import kinds
from deploy.keys.key import Key, role
from deploy.words import Words

_TIME = kinds.text(
    r"([01]\d|2[0-3]):[0-5]\d", Words('a time like "07:00", or ""', '"07:00" のような時刻、または ""'), empty=True
)

KEYS: tuple[Key, ...] = (
    Key(
        "door",
        kinds.choice("endpoints", "load-balancer", "api"),
        "endpoints",
        Words(
            "What a browser meets: the endpoints' own names, a load balancer, or the API alone.",
            "ブラウザーの入口。エンドポイントの名前そのまま、ロードバランサー、API のみから選びます。",
        ),
    ),
    Key(
        "backend",
        kinds.choice("lambda", "fargate"),
        "lambda",
        Words("What runs the application.", "アプリケーションを動かすもの。"),
    ),
    Key(
        "secrets",
        kinds.choice("deployer", "secretsmanager", "ssm"),
        "deployer",
        Words(
            "Where functions get secrets: put into their encrypted environment when deploying (no endpoint needed), "
            "or read at run time (about $20 a month for the endpoint).",
            "秘密情報の渡し方。デプロイ時に暗号化された環境変数へ入れる（エンドポイント不要）か、実行時に読む"
            "（エンドポイントに月 20 ドルほどかかります）。",
        ),
    ),
    Key(
        "aws.region",
        kinds.text(
            r"[a-z]{2}(-[a-z]+)+-\d",
            Words('a region like "ap-northeast-1"', '"ap-northeast-1" のようなリージョン'),
        ),
        "ap-northeast-1",
        Words("The region.", "リージョン。"),
    ),
    Key(
        "aws.account",
        kinds.text(
            r"\d{12}",
            Words(
                'twelve digits, or "" for the account of the credentials',
                '12 桁の数字、または ""（認証情報のアカウント）',
            ),
            empty=True,
        ),
        "",
        Words(
            "The account; when given, any other is refused. Bucket names end with it.",
            "アカウント。書いた場合、ほかのアカウントでは実行を拒みます。バケット名の末尾にも使います。",
        ),
    ),
    Key(
        "aws.zones",
        kinds.none_or_two(
            kinds.text(r"[a-z]{2}(-[a-z]+)+-\d[a-z]", Words("zones of the region", "リージョンのゾーン名"))
        ),
        [],
        Words(
            "Two zones; [] takes the usual ones of Tokyo, Osaka and N. Virginia.",
            "二つのゾーン。[] なら東京・大阪・バージニア北部の標準的な組を使います。",
        ),
    ),
    Key(
        "names.prefix",
        kinds.text(
            r"[a-z][a-z0-9]{1,19}",
            Words(
                "2 to 20 small letters and digits, a letter first (no dots: they break TLS names of buckets)",
                "英小文字で始まる 2〜20 文字の英小文字と数字（ドットはバケットの TLS 名を壊すため不可）",
            ),
        ),
        "cloister",
        Words("Every name begins with it.", "すべての名前の先頭に付きます。"),
    ),
    Key(
        "roles.permissions_boundary",
        kinds.arn("iam", r"policy/[\w+=,.@/-]+", "arn:aws:iam::123456789012:policy/boundary"),
        "",
        Words(
            "Permissions boundary put on every role that we make.",
            "作成するすべてのロールに付けるアクセス許可の境界。",
        ),
    ),
    Key(
        "roles.web",
        role("web"),
        "",
        Words('Existing role of the web function; "" makes one.', 'Web 関数の既存ロール。"" なら作ります。'),
    ),
    Key(
        "roles.tasks",
        role("tasks"),
        "",
        Words(
            'Existing role of the tasks function; "" makes one.',
            '定期処理関数の既存ロール。"" なら作ります。',
        ),
    ),
    Key(
        "roles.deployer",
        role("deployer"),
        "",
        Words('Existing role that deploys; "" makes one.', 'デプロイに使う既存ロール。"" なら作ります。'),
    ),
    Key(
        "roles.execution",
        role("execution"),
        "",
        Words(
            'For fargate: existing role by which AWS starts containers; "" makes one.',
            'fargate の場合、コンテナの起動に使う既存ロール。"" なら作ります。',
        ),
    ),
    Key(
        "roles.scheduler",
        role("scheduler"),
        "",
        Words(
            'For fargate: existing role by which the timer starts a task; "" makes one.',
            'fargate の場合、定期処理の起動に使う既存ロール。"" なら作ります。',
        ),
    ),
    Key(
        "roles.flow_logs",
        role("flow-logs"),
        "",
        Words('Existing role for flow logs; "" makes one.', 'フローログ用の既存ロール。"" なら作ります。'),
    ),
    Key(
        "encryption.key",
        kinds.arn("kms", r"key/(mrk-[0-9a-f]{32}|[0-9a-f-]{36})", "arn:aws:kms:ap-northeast-1:123456789012:key/..."),
        "",
        Words(
            'Customer KMS key for database, buckets, logs and function environments; "" uses AWS\'s own keys.',
            'データベース・バケット・ログ・関数環境変数に使う自社管理の KMS キー。"" なら AWS 管理のキーを使います。',
        ),
    ),
    Key(
        "logs.retention_days",
        kinds.one_of_numbers(7, 14, 30, 60, 90, 180, 365, 731, 1827, 3653),
        90,
        Words("How long logs are kept.", "ログを保存する日数。"),
    ),
    Key(
        "logs.flow_logs",
        kinds.BOOLEAN,
        False,
        Words(
            "Record every connection of the VPC (only for a VPC that we make).",
            "VPC の通信を記録します（新しく作る VPC のみ）。",
        ),
    ),
    Key(
        "database.kind",
        kinds.choice("rds", "aurora"),
        "rds",
        Words(
            "RDS for PostgreSQL, or Aurora Serverless v2, which may sleep at 0 (waking takes 15 to 30 s).",
            "RDS for PostgreSQL、または 0 まで休止できる Aurora Serverless v2（復帰に 15〜30 秒）。",
        ),
    ),
    Key(
        "database.size",
        kinds.choice("db.t4g.micro", "db.t4g.small", "db.t4g.medium", "db.t4g.large", "db.m7g.large"),
        "db.t4g.micro",
        Words(
            "For rds. IAM sign-in needs 2 GiB or more (small and up); smaller ones sign in by a rotated password.",
            "rds の大きさ。IAM 認証は 2 GiB 以上（small 以上）で使い、それ未満は定期更新するパスワードを使います。",
        ),
    ),
    Key(
        "database.storage_gb",
        kinds.whole(20, 1000),
        20,
        Words("For rds, in GiB; grows by itself up to twice this.", "rds の容量 (GiB)。2 倍まで自動で増えます。"),
    ),
    Key(
        "database.standby",
        kinds.BOOLEAN,
        False,
        Words(
            "For rds: a standby in the second zone (doubles its price).",
            "rds の待機系を別ゾーンに置きます（料金は 2 倍）。",
        ),
    ),
    Key(
        "database.minimum",
        kinds.capacity(0, 8),
        0,
        Words(
            "For aurora: least capacity units; 0 sleeps after 5 idle minutes.",
            "aurora の最小 ACU。0 なら 5 分の無通信で休止します。",
        ),
    ),
    Key(
        "database.maximum",
        kinds.capacity(1, 16),
        2,
        Words("For aurora: most capacity units.", "aurora の最大 ACU。"),
    ),
    Key(
        "database.backup_days",
        kinds.whole(1, 35),
        14,
        Words("Days of point-in-time recovery.", "任意時点へ戻せる日数。"),
    ),
    Key(
        "database.deletion_protection",
        kinds.BOOLEAN,
        True,
        Words("Refuse deletion until switched off.", "解除するまで削除を拒みます。"),
    ),
    Key(
        "buckets.attachments",
        kinds.BOOLEAN,
        True,
        Words("Whether files can be attached.", "添付ファイルを使うか。"),
    ),
    Key(
        "buckets.attachments_by",
        kinds.choice("endpoint", "function"),
        "endpoint",
        Words(
            'With door = "api": files travel through an S3 endpoint (about $20 a month in Tokyo, any size), or through '
            "the function (at most 4 MB each).",
            'door = "api" の場合の添付ファイルの経路。endpoint は S3 エンドポイント（東京で月 20 ドル程度、'
            "サイズ自由）、function は関数経由（1 ファイル 4 MB まで）です。",
        ),
    ),
    Key(
        "buckets.old_version_days",
        kinds.whole(1, 3650),
        30,
        Words("How long replaced and deleted objects stay.", "上書き・削除された版を残す日数。"),
    ),
    Key(
        "buckets.audit_lock_days",
        kinds.whole(1, 3650),
        365,
        Words(
            "How long an audit record cannot be deleted by anyone without a special right.",
            "監査記録を特別な権限なしには誰も消せない日数。",
        ),
    ),
    Key(
        "site.compression",
        kinds.choice("brotli", "gzip"),
        "brotli",
        Words(
            "How the page is compressed. gzip is about an eighth larger, for proxies that do not let brotli through.",
            "画面の圧縮方式。gzip は 1 割あまり大きくなりますが、brotli を通さないプロキシがある場合に使います。",
        ),
    ),
    Key(
        "balancer.host",
        kinds.empty_or(kinds.HOST),
        "",
        Words(
            "The company's name for the application; the company's DNS points it at the load balancer.",
            "アプリケーションの社内名。社内 DNS でロードバランサーを指すように登録してもらいます。",
        ),
    ),
    Key(
        "balancer.certificate",
        kinds.arn("acm", r"certificate/[0-9a-f-]{36}", "arn:aws:acm:ap-northeast-1:123456789012:certificate/..."),
        "",
        Words(
            "The certificate for that name, imported into ACM or issued by the company's private CA there.",
            "その名前の証明書。ACM にインポートしたもの、または社内のプライベート CA が発行したもの。",
        ),
    ),
    Key(
        "containers.size",
        kinds.choice("256/512", "256/1024", "512/1024", "1024/2048", "2048/4096"),
        "256/512",
        Words(
            "Processor units (1024 are one vCPU) and MiB of each container.",
            "コンテナ一つの CPU ユニット（1024 で 1 vCPU）とメモリ (MiB)。",
        ),
    ),
    Key(
        "containers.minimum",
        kinds.whole(1, 20),
        1,
        Words("How many run at least while awake; 2 survive a zone.", "稼働中の最小数。2 ならゾーン障害に耐えます。"),
    ),
    Key("containers.maximum", kinds.whole(1, 20), 4, Words("How many run at most.", "最大数。")),
    Key(
        "containers.wakes",
        _TIME,
        "",
        Words(
            'When they start on weekdays, in Japan\'s time, for example "07:00"; "" never stops them.',
            '平日に起動する時刻（日本時間、例 "07:00"）。"" なら止めません。',
        ),
    ),
    Key(
        "containers.sleeps",
        _TIME,
        "",
        Words(
            "When all of them stop; until they wake the page says that the server does not answer.",
            "すべて止める時刻。起動するまで、画面にはサーバーが応答しないと表示されます。",
        ),
    ),
    Key(
        "containers.base",
        kinds.text(
            r"[^\x00-\x1f]+",
            Words('the path of a file, or ""', 'ファイルのパス、または ""'),
            empty=True,
        ),
        "",
        Words(
            "The base image as a file (docker save, or skopeo copy docker://python:3.13-slim docker-archive:FILE): "
            'with it `up` needs no container engine. "" builds with the engine of this machine.',
            "基のイメージのファイル（docker save、または skopeo copy docker://python:3.13-slim docker-archive:FILE）。"
            "あればコンテナエンジンは不要です。空ならこのマシンのエンジンで作ります。",
        ),
    ),
    Key(
        "containers.image",
        kinds.text(
            r"sha256:[0-9a-f]{64}",
            Words('a digest like "sha256:" and 64 digits, or ""', '"sha256:" と 64 桁のダイジェスト、または ""'),
            empty=True,
        ),
        "",
        Words(
            "An image that the company builds and pushes into the stage's repository itself, by its digest; empty "
            "lets `up` make it.",
            "会社側で作り、ステージのリポジトリに登録したイメージ。空なら `up` が作ります。",
        ),
    ),
    Key(
        "tasks.minutes",
        kinds.one_of_numbers(1, 2, 5, 10, 15, 30, 60),
        5,
        Words("How often the timers run.", "定期処理の間隔（分）。"),
    ),
    Key(
        "mail.host",
        kinds.empty_or(kinds.HOST),
        "",
        Words(
            'The SMTP relay inside that people are told by; "" tells nobody. Name it under destinations too.',
            '通知メールを送る社内の SMTP リレー。"" なら送りません。destinations にも書いてください。',
        ),
    ),
    Key("mail.port", kinds.PORT, 587, Words("Its port.", "そのポート。")),
    Key(
        "mail.security",
        kinds.choice("starttls", "tls", "none"),
        "starttls",
        Words(
            "How the relay is spoken to; none is for relays inside that know no TLS.",
            "リレーとの通信方式。none は TLS に対応しない社内リレー向けです。",
        ),
    ),
    Key(
        "mail.sender",
        kinds.EMAIL,
        "",
        Words("Who mail comes from; needed with mail.host.", "メールの差出人。mail.host を書く場合に必要です。"),
    ),
    Key(
        "mail.user",
        kinds.text(r"[!-~]{1,200}", Words('a name without spaces, or ""', '空白を含まない名前、または ""'), empty=True),
        "",
        Words(
            "Who we are at a relay that asks. `up` takes the password from CLOISTER_SMTP_PASSWORD once and keeps it.",
            "リレーが認証を求める場合のユーザー名。パスワードは最初の `up` のとき CLOISTER_SMTP_PASSWORD で渡します。",
        ),
    ),
    Key(
        "alarms.enabled",
        kinds.BOOLEAN,
        True,
        Words("Alarms and a dashboard.", "アラームとダッシュボードを作ります。"),
    ),
    Key(
        "alarms.email",
        kinds.EMAIL,
        "",
        Words('Who is told, by SNS; "" tells nobody.', 'SNS による通知先。"" なら通知しません。'),
    ),
    Key(
        "alarms.p95_ms",
        kinds.whole(100, 29000),
        3000,
        Words(
            "Slow when 95 of 100 requests take longer than this many ms.",
            "95% 応答時間がこの値 (ミリ秒) を超えると知らせます。",
        ),
    ),
    Key(
        "alarms.outbox_minutes",
        kinds.whole(1, 1440),
        30,
        Words("Late when something has waited longer to be sent.", "連携待ちがこの分数を超えると知らせます。"),
    ),
    Key(
        "alarms.certificate_days",
        kinds.whole(1, 365),
        45,
        Words("Warn when a certificate has fewer days left.", "証明書の残り日数がこれを下回ると知らせます。"),
    ),
)
