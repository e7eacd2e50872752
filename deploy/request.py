"""`python -m deploy request STAGE`: what other teams must grant, in Japanese and English, ready to send."""

import argparse
import ipaddress
import json

from deploy.stage import Stage
from deploy.words import Language, Words


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("request", help="what other teams must grant", description=__doc__)
    parser.add_argument("stage", metavar="STAGE")
    parser.add_argument("--language", choices=("ja", "en"), help="one language only")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print it, Japanese first."""
    from deploy import stage_file

    stage = stage_file.read(arguments.stage)
    languages: tuple[Language, ...] = (arguments.language,) if arguments.language else ("ja", "en")
    print("\n\n".join(text(stage, chosen) for chosen in languages))
    return 0


T = {
    "title": Words("# Request: network and rights for {prefix}", "# 申請: {prefix} のためのネットワークと権限"),
    "intro": Words(
        "We put an internal web application into AWS so that nothing of it can be reached from the internet and it can "
        "reach nothing there. For this we need the following. Nothing else is needed.",
        "社内向け Web アプリケーションを AWS に置きます。インターネットからは届かず、インターネットへも出ません。"
        "そのために次のことを"
        "お願いします。これ以外は必要ありません。",
    ),
    "network": Words("## Network team", "## ネットワーク担当の方へ"),
    "range": Words(
        "- An address range for the VPC that nobody else uses: {cidr} ({count} addresses).",
        "- VPC 用の、ほかで使われていないアドレス範囲: {cidr}（{count} アドレス）",
    ),
    "existing_vpc": Words("- Use of the existing VPC {vpc}.", "- 既存 VPC {vpc} の利用"),
    "subnet": Words(
        "- {tier}: two subnets, {first} in {zone1} and {second} in {zone2} ({free} usable addresses each). {why}{held}",
        "- {tier}: サブネット二つ、{first}（{zone1}）と {second}（{zone2}）、利用可能 {free} アドレスずつ。{why}{held}",
    ),
    "held": Words(" Existing: {ids}.", " 既存のもの: {ids}。"),
    "route": Words(
        "- A route from {corporate} to {lb} ({link}), and back. No default route.",
        "- {corporate} から {lb} への経路（{link}）と、その戻り。デフォルトルートは不要です。",
    ),
    "flows": Words("## Firewall", "## ファイアウォール担当の方へ"),
    "flow_head": Words("| from | to | port | why |", "| 送信元 | 宛先 | ポート | 理由 |"),
    "users": Words("users to pages and API", "利用者が画面と API を使う"),
    "dns_in": Words("company DNS asks for names in AWS", "社内 DNS が AWS 側の名前を引く"),
    "dns_out": Words("AWS asks company DNS", "AWS 側が社内 DNS に名前を引く"),
    "system": Words("{name}: {sources} function", "{name}: {sources} 関数から"),
    "nothing_else": Words(
        "Everything else stays closed in both directions.", "これ以外の通信は、どちらの向きも閉じたままにしてください。"
    ),
    "names": Words("## DNS and proxy team", "## DNS・プロキシ担当の方へ"),
    "public_names": Words(
        "- Names under *.vpce.amazonaws.com and *.execute-api.{region}.amazonaws.com must resolve by public DNS to "
        "private addresses: please do not drop such answers (rebinding protection).",
        "- *.vpce.amazonaws.com と *.execute-api.{region}.amazonaws.com は公開 DNS でプライベートア"
        "ドレスに解決されます。"
        "そのような応答を捨てる設定（リバインディング対策）の対象から外してください。",
    ),
    "inbound": Words(
        "- Conditional forwarding of {region}.vpce.amazonaws.com to our Resolver addresses in {lb}.",
        "- {region}.vpce.amazonaws.com を {lb} にある Resolver のアドレスへ条件付き転送",
    ),
    "shared": Words("- Sharing of Resolver rule {rule} with our account.", "- Resolver ルール {rule} の共有"),
    "pac": Words(
        "- PAC and proxy exceptions, so that browsers go there directly: *.vpce.amazonaws.com, "
        "*.execute-api.{region}.amazonaws.com",
        "- ブラウザーが直接接続するための PAC・プロキシの例外: *.vpce.amazonaws.com、*.execute-api"
        ".{region}.amazonaws.com",
    ),
    "certificates": Words("## Certificates", "## 証明書担当の方へ"),
    "no_certificate": Words(
        "- None: endpoint names carry Amazon's public certificates. TLS inspection must leave them alone.",
        "- 不要です。エンドポイントの名前には Amazon の公開証明書が付きます。TLS 検査の対象から外してください。",
    ),
    "own_certificate": Words(
        "- A certificate for the company name of the load balancer, and its chain.",
        "- ロードバランサーの社内名のサーバー証明書と中間証明書",
    ),
    "inside_certificate": Words(
        "- The CA certificate that signs {names}: functions check the name.",
        "- {names} の証明書を署名した CA 証明書（関数が名前を検証します）",
    ),
    "cloud": Words("## AWS account administrators", "## AWS アカウント管理者の方へ"),
    "roles_made": Words(
        "- These rights for the three roles: existing ones need them too; the others are made by `python -m deploy "
        "stacks {name}` run once with rights on IAM, or by hand. What stands in <> is known after the network is made.",
        "- 三つのロールへの次の権限。既存のロールにも必要です。ほかは IAM 権限を持つ方が `python -m deploy "
        "stacks {name}` を"
        "一度実行するか、手作業で作成します。<> の部分はネットワーク作成後に決まります。",
    ),
    "role_given": Words("- {role}: existing, {arn}", "- {role}: 既存の {arn} を使います"),
    "boundary": Words("- Permissions boundary on each: {arn}", "- 各ロールのアクセス許可の境界: {arn}"),
    "key": Words(
        "- Use of KMS key {arn} by these roles, RDS, S3, Lambda and CloudWatch Logs (key policy).",
        "- KMS キー {arn} を、これらのロールと RDS・S3・Lambda・CloudWatch Logs が使えるようにするキーポリシー",
    ),
    "tags": Words("- Tags on everything: {tags}", "- すべてに付けるタグ: {tags}"),
}

TIERS = {
    "app": (Words("app", "app（関数）"), Words("Functions.", "関数を置きます。")),
    "lb": (
        Words("lb", "lb（入口）"),
        Words("What users reach: endpoints.", "利用者が接続するエンドポイントを置きます。"),
    ),
    "db": (
        Words("db", "db（データベース）"),
        Words("The database; no route leaves it.", "データベース用。外への経路はありません。"),
    ),
}


def text(stage: Stage, chosen: Language) -> str:
    """Give the whole request in one language, as Markdown."""
    lines = [T["title"].say(chosen, prefix=stage.prefix), "", T["intro"].plain(chosen), ""]
    lines += _network(stage, chosen)
    lines += _firewall(stage, chosen)
    lines += _names(stage, chosen)
    lines += _certificates(stage, chosen)
    lines += _account(stage, chosen)
    return "\n".join(lines)


def _usable(cidr: str) -> int:
    """Addresses of a subnet without the five that AWS keeps."""
    return ipaddress.ip_network(cidr).num_addresses - 5


def _network(stage: Stage, chosen: Language) -> list[str]:
    lines = [T["network"].plain(chosen)]
    vpc, cidr = stage.text("network.vpc"), stage.text("network.cidr")
    if vpc:
        lines.append(T["existing_vpc"].say(chosen, vpc=vpc))
    else:
        lines.append(T["range"].say(chosen, cidr=cidr, count=ipaddress.ip_network(cidr).num_addresses))
    for tier, (name, why) in TIERS.items():
        first, second = stage.ranges(tier)
        ids = stage.several(f"network.{tier}_subnets")
        lines.append(
            T["subnet"].say(
                chosen,
                tier=name,
                first=first,
                second=second,
                zone1=stage.zones[0],
                zone2=stage.zones[1],
                free=_usable(first),
                why=why,
                held=T["held"].say(chosen, ids=", ".join(ids)) if ids else "",
            )
        )
    link = stage.text("corporate.link")
    shown = {"none": "Direct Connect / Transit Gateway"}.get(link, link)
    corporate, lb = ", ".join(stage.several("corporate.cidrs")), ", ".join(stage.ranges("lb"))
    return [*lines, T["route"].say(chosen, corporate=corporate, lb=lb, link=shown), ""]


def _firewall(stage: Stage, chosen: Language) -> list[str]:
    corporate, lb = ", ".join(stage.several("corporate.cidrs")), ", ".join(stage.ranges("lb"))
    app = ", ".join(stage.ranges("app"))
    rows = [(corporate, lb, "TCP 443", T["users"].plain(chosen))]
    if stage.flag("dns.inbound"):
        rows.append((corporate, lb, "UDP/TCP 53", T["dns_in"].plain(chosen)))
    if stage.text("dns.outbound") == "own-endpoint":
        rows.append((lb, ", ".join(stage.several("dns.servers")), "UDP/TCP 53", T["dns_out"].plain(chosen)))
    for destination in stage.destinations:
        why = T["system"].say(chosen, name=destination.name, sources=", ".join(destination.sources))
        ports = "TCP " + ", ".join(str(port) for port in destination.ports)
        rows.append((app, ", ".join(destination.addresses), ports, why))
    table = [f"| {' | '.join(row)} |" for row in rows]
    head = [T["flows"].plain(chosen), "", T["flow_head"].plain(chosen), "|---|---|---|---|"]
    return [*head, *table, "", T["nothing_else"].plain(chosen), ""]


def _names(stage: Stage, chosen: Language) -> list[str]:
    lines = [T["names"].plain(chosen), T["public_names"].say(chosen, region=stage.region)]
    if stage.flag("dns.inbound"):
        lines.append(T["inbound"].say(chosen, region=stage.region, lb=", ".join(stage.ranges("lb"))))
    if stage.text("dns.outbound") == "shared-rule":
        lines.append(T["shared"].say(chosen, rule=stage.text("dns.shared_rule")))
    return [*lines, T["pac"].say(chosen, region=stage.region), ""]


def _certificates(stage: Stage, chosen: Language) -> list[str]:
    lines = [T["certificates"].plain(chosen)]
    own = stage.text("door") == "load-balancer"
    lines.append(T["own_certificate" if own else "no_certificate"].plain(chosen))
    names = [destination.name for destination in stage.destinations]
    if names:
        lines.append(T["inside_certificate"].say(chosen, names=", ".join(names)))
    return [*lines, ""]


def _account(stage: Stage, chosen: Language) -> list[str]:
    from deploy import blueprint

    lines = [T["cloud"].plain(chosen)]
    for role in ("web", "tasks", "deployer"):
        arn = stage.text(f"roles.{role}")
        if arn:
            lines.append(T["role_given"].say(chosen, role=role, arn=arn))
    if stage.text("roles.permissions_boundary"):
        lines.append(T["boundary"].say(chosen, arn=stage.text("roles.permissions_boundary")))
    if stage.text("encryption.key"):
        lines.append(T["key"].say(chosen, arn=stage.text("encryption.key")))
    if stage.tags:
        lines.append(T["tags"].say(chosen, tags=", ".join(f"{key}={value}" for key, value in stage.tags.items())))
    account = stage.text("aws.account") or "<account>"
    policies = blueprint.role_policies(stage, blueprint.Found(account=account))
    lines += [T["roles_made"].say(chosen, name=stage.name), ""]
    for title, document in policies.items():
        lines += [f"### {title}", "", "```json", json.dumps(document, indent=2, ensure_ascii=False), "```", ""]
    return lines
