"""What the second VPC says."""

from deploy.words import Words

OUTSIDE = Words(
    "--cidr {cidr}: it must lie inside a range of corporate.cidrs ({ranges}), which the stage admits, be from /28 to "
    "/24, and overlap {vpc} nowhere.",
    "--cidr {cidr}: corporate.cidrs（{ranges}）のどれかの中の /28〜/24 で、{vpc} と重ならない範囲にしてください。",
)
NO_ROOM = Words(
    "corporate.cidrs ({ranges}) has no room for it: it takes 16 addresses at least that nobody uses. Add such a range "
    "(/28 to /24) to corporate.cidrs, run `python -m deploy stacks {name}`, then give it here by --cidr.",
    "corporate.cidrs（{ranges}）に置ける広さの範囲がありません（未使用のアドレスが 16 個以上必要です）。"
    "/28〜/24 の範囲を corporate.cidrs に加えて `python -m deploy stacks {name}` を実行し、--cidr に指定してください。",
)
REFUSED = Words(
    "AWS refused or could not be reached: {error}. This takes rights that a deployer does not have: to make a VPC, its "
    "link, machines and their roles. When the cause is mended, run this again; what was begun is removed by: "
    "python -m deploy verification {name} down",
    "AWS に拒否されたか、接続できませんでした: {error}。VPC とその接続、マシンとそのロールを作る権限が必要です"
    "（デプロイ担当にはありません）。原因を解消してから、もう一度実行してください。作りかけのものは "
    "python -m deploy verification {name} down で削除できます。",
)
TAKES = Words(
    "It takes {cidr}: nobody else may have an address there for as long as this stands.",
    "{cidr} を使います。これがある間、ほかの誰もこの範囲のアドレスを使っていないことを確かめてください。",
)
NO_STAGE = Words(
    "{stack} does not stand, so there is nothing to look at. First: python -m deploy stacks {name}",
    "{stack} がないため、確認する相手がありません。先に python -m deploy stacks {name} を実行してください。",
)
NOT_UP = Words(
    "{stack} does not stand. First: python -m deploy verification {name} up",
    "{stack} がありません。先に python -m deploy verification {name} up を実行してください。",
)
NOT_PEM = Words(
    "--ca {path}: name a file of certificates in PEM form.",
    "--ca {path}: PEM 形式の証明書ファイルを指定してください。",
)
NO_FILE = Words(
    "{path} is not there. It is written by: python -m deploy verify {name} --write {path}",
    "{path} がありません。python -m deploy verify {name} --write {path} で作成してください。",
)
LATE = Words(
    "No report after {minutes} minutes. What the probe said while starting: aws ec2 get-console-output --latest "
    "--region {region} --instance-id {probe}",
    "{minutes} 分待ちましたが報告がありません。プローブの起動時の出力: aws ec2 get-console-output --latest "
    "--region {region} --instance-id {probe}",
)
THEIR_ROUTES = Words(
    "{subnets} and their routes belong to others: please have them route {cidr} to {link} for as long as this stands.",
    "{subnets} とその経路は他者の管理です。これがある間だけ、{cidr} への経路を {link} に向けてもらってください。",
)
THEIR_GATEWAY = Words(
    "{subnets} and their routes belong to others: answers to {cidr} must go to {link}, as those to the company do.",
    "{subnets} とその経路は他者の管理です。{cidr} への経路も、社内への経路と同じく {link} に向いている必要があります。",
)
THEIR_ROUTES_STAY = Words(
    "But the route to {cidr} that others made for {subnets}: please have them remove it.",
    "ただし、{subnets} のために作ってもらった {cidr} への経路は残っています。削除してもらってください。",
)
HOW = Words(
    "Look from there: python -m deploy verification {name} run",
    "そこから確認するには: python -m deploy verification {name} run",
)
_DESKTOP = """\
  aws ssm start-session --region {region} --target {host}
    net user viewer * /add
    net localgroup "Remote Desktop Users" viewer /add
    exit
  aws ssm start-session --region {region} --target {host} --document-name AWS-StartPortForwardingSession \
--parameters "portNumber=3389,localPortNumber=13389"
  mstsc /v:localhost:13389
"""
WINDOWS = Words(
    "Look with Edge (Session Manager's plugin is needed here; RDP listens on this machine only):\n"
    f"{_DESKTOP}and open there: {{page}}",
    "Edge で見るには（手元に Session Manager プラグインが必要です。RDP は手元のマシンだけで待ち受けます）:\n"
    f"{_DESKTOP}そこで開くアドレス: {{page}}",
)
NO_PAGE = Words("what `python -m deploy up {name}` tells at its end", "`python -m deploy up {name}` が最後に示すもの")
AFTERWARDS = Words(
    "Afterwards: python -m deploy verification {name} down",
    "終わったら: python -m deploy verification {name} down",
)
WAITING = Words("The probe looks; its report is waited for.", "プローブが確認しています。報告を待ちます。")
GONE = Words("Nothing of it is left.", "何も残っていません。")
