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
        "We put an internal web application into AWS so that nothing of it can be reached from "
        "the internet and it can "
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
    "existing_vpc": Words(
        "- Use of the existing VPC {vpc}, with DNS resolution and DNS host names switched on.",
        "- 既存 VPC {vpc} の利用（DNS 解決と DNS ホスト名を有効にしてください）",
    ),
    "subnet": Words(
        "- {tier}: two subnets, {first} in {zone1} and {second} in {zone2} ({free} usable addresses each). {why}{held}",
        "- {tier}: サブネット二つ、{first}（{zone1}）と {second}（{zone2}）、利用可能 {free} アドレスずつ。{why}{held}",
    ),
    "held": Words(" Existing: {ids}.", " 既存のもの: {ids}。"),
    "route": Words(
        "- A route from {corporate} to {lb} ({link}), and back. No default route.",
        "- {corporate} から {lb} への経路（{link}）と、その戻り。デフォルトルートは不要です。",
    ),
    "route_inside": Words(
        "- A route from {sources} to {targets} ({link}), and back.",
        "- {sources} から {targets} への経路（{link}）と、その戻り",
    ),
    "routes_yours": Words(
        "- The existing subnets' route tables are yours: please add these routes there{tables}.",
        "- 既存サブネットのルートテーブルへの、上の経路の追加{tables}",
    ),
    "tables_ours": Words(
        " (for the app subnets we add them ourselves to {tables}, for which we need the right)",
        "（関数用サブネットの {tables} にはこちらで追加しますので、その権限をお願いします）",
    ),
    "gateway_shared": Words(
        "- Sharing of {gateway} with our account, acceptance of our attachment, its route table and propagation.",
        "- {gateway} の当アカウントへの共有、アタッチメントの承認、ルートテーブルの関連付けと伝播",
    ),
    "peer_accepts": Words(
        "- For peering with {peer}: its side's routes, and acceptance{role}.",
        "- {peer} とのピアリング: 相手側の経路と承認{role}",
    ),
    "existing_endpoint": Words(
        "- Endpoint {endpoint} ({service}): please let its policy allow what follows.",
        "- エンドポイント {endpoint}（{service}）のポリシーで、次を許可してください。",
    ),
    "groups": Words("### Security groups that exist already", "### 既存のセキュリティグループ"),
    "group_head": Words("| group | direction | other side | port |", "| グループ | 向き | 相手 | ポート |"),
    "in": Words("in", "受信"),
    "out": Words("out", "送信"),
    "group_note": Words("Please let these rules be in them, and nothing else.", "次の規則だけを設定してください。"),
    "flows": Words("## Firewall", "## ファイアウォール担当の方へ"),
    "flow_head": Words("| from | to | port | why |", "| 送信元 | 宛先 | ポート | 理由 |"),
    "users": Words("users to pages and API", "利用者が画面と API を使う"),
    "dns_in": Words("company DNS asks for names in AWS", "社内 DNS が AWS 側の名前を引く"),
    "dns_out": Words("AWS asks company DNS", "AWS 側が社内 DNS に名前を引く"),
    "system": Words("{name}: {sources} function", "{name}: {sources} 関数から"),
    "sent_on": Words("only told to come back by HTTPS", "HTTPS への転送だけを返す"),
    "balancer_name": Words(
        "- The name {host} in the company's DNS, as a CNAME of the load balancer's own name (`BalancerAddress`, "
        "an output of "
        "the stack {prefix}-loadbalancer).",
        "- 社内 DNS への {host} の登録。ロードバランサー自身の名前（スタック {prefix}-loadbalancer "
        "の出力 `BalancerAddress`）"
        "への CNAME にしてください。",
    ),
    "nothing_else": Words(
        "Everything else stays closed in both directions.", "これ以外の通信は、どちらの向きも閉じたままにしてください。"
    ),
    "names": Words("## DNS and proxy team", "## DNS・プロキシ担当の方へ"),
    "public_names": Words(
        "- Names under {names} must resolve by public DNS to "
        "private addresses: please do not drop such answers (rebinding protection).",
        "- {names} は公開 DNS でプライベートアドレスに解決されます。"
        "そのような応答を捨てる設定（リバインディング対策）の対象から外してください。",
    ),
    "inbound": Words(
        "- Conditional forwarding of {names} to our Resolver addresses in {lb}.",
        "- {names} を {lb} にある Resolver のアドレスへ条件付き転送",
    ),
    "shared": Words("- Sharing of Resolver rule {rule} with our account.", "- Resolver ルール {rule} の共有"),
    "answers": Words(
        "- Answers of {servers} for {domains} to questions from {lb}.",
        "- {lb} からの {domains} についての問い合わせに、{servers} が答えること",
    ),
    "pac": Words(
        "- PAC and proxy exceptions, so that browsers go there directly: {names}",
        "- ブラウザーが直接接続するための PAC・プロキシの例外: {names}",
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
        "- These rights for the roles: existing ones need them too; the others are made by `python -m deploy "
        "stacks {name}` run once with rights on IAM, or by hand. What stands in <> is known after "
        "the network is made.",
        "- 各ロールへの次の権限。既存のロールにも必要です。ほかは IAM 権限を持つ方が `python -m deploy "
        "stacks {name}` を"
        "一度実行するか、手作業で作成します。<> の部分はネットワーク作成後に決まります。",
    ),
    "role_given": Words("- {role}: existing, {arn}", "- {role}: 既存の {arn} を使います"),
    "boundary": Words("- Permissions boundary on each: {arn}", "- 各ロールのアクセス許可の境界: {arn}"),
    "key": Words(
        "- Use of KMS key {arn} (key policy) by these roles, who use it for RDS, S3, Lambda and Secrets Manager, and "
        "by {services}.",
        "- KMS キー {arn} を、これらのロール（RDS・S3・Lambda・Secrets Manager のため）と {services} が使えるように"
        "するキーポリシー",
    ),
    "tags": Words("- Tags on everything: {tags}", "- すべてに付けるタグ: {tags}"),
}

TIERS = {
    "app": (Words("app", "app（関数）"), Words("Functions or containers.", "関数またはコンテナを置きます。")),
    "lb": (
        Words("lb", "lb（入口）"),
        Words(
            "What users reach: endpoints, load balancer.",
            "利用者が接続するエンドポイントやロードバランサーを置きます。",
        ),
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
    lines.append(T["route"].say(chosen, corporate=corporate, lb=lb, link=shown))
    return [*lines, *_routes_inside(stage, chosen, shown), *_link(stage, chosen), ""]


def _routes_inside(stage: Stage, chosen: Language, link: str) -> list[str]:
    """Ways from our side into the company, and whose route tables they go into."""
    ways = []
    systems = list(dict.fromkeys(address for system in stage.destinations for address in system.addresses))
    if systems:
        ways.append((stage.ranges("app"), systems))
    if stage.text("dns.outbound") == "own-endpoint":
        ways.append((stage.ranges("lb"), list(stage.several("dns.servers"))))
    lines = [
        T["route_inside"].say(chosen, sources=", ".join(sources), targets=", ".join(targets), link=link)
        for sources, targets in ways
    ]
    yours = [tier for tier in ("lb", "app") if stage.several(f"network.{tier}_subnets")]
    if "lb" in yours or (yours and systems):
        held = ", ".join(stage.several("network.app_route_tables"))
        ours = held and systems and stage.text("corporate.link") != "none"
        tables = T["tables_ours"].say(chosen, tables=held) if ours else ""
        lines.append(T["routes_yours"].say(chosen, tables=tables))
    return lines


def _link(stage: Stage, chosen: Language) -> list[str]:
    """What the other end of a link that we make must do."""
    link, role = stage.text("corporate.link"), stage.text("corporate.peer_role")
    if link == "transit-gateway":
        return [T["gateway_shared"].say(chosen, gateway=stage.text("corporate.transit_gateway"))]
    if link == "peering":
        held = f" ({role})" if role else ""
        return [T["peer_accepts"].say(chosen, peer=stage.text("corporate.peer_vpc"), role=held)]
    return []


def _firewall(stage: Stage, chosen: Language) -> list[str]:
    corporate, lb = ", ".join(stage.several("corporate.cidrs")), ", ".join(stage.ranges("lb"))
    app = ", ".join(stage.ranges("app"))
    rows = [(corporate, lb, "TCP 443", T["users"].plain(chosen))]
    if not stage.has_api:
        rows.append((corporate, lb, "TCP 80", T["sent_on"].plain(chosen)))
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
    return [*head, *table, "", T["nothing_else"].plain(chosen), "", *_groups(stage, chosen)]


def _groups(stage: Stage, chosen: Language) -> list[str]:
    """The rules that security groups of others must hold, since our templates write none into them."""
    given = {name: stage.text(f"network.{name}_group") for name in ("web", "tasks", "endpoint", "database")}
    functions = [given[name] or f"{stage.prefix}-{name}" for name in ("web", "tasks")]
    calls, balancer = stage.calls_endpoints, stage.text("network.balancer_group") or f"{stage.prefix}-balancer"
    rows: list[tuple[str, str, str, str]] = []
    if stage.text("network.balancer_group"):
        name = f"{balancer} (balancer)"
        rows += [(name, "in", ", ".join(stage.several("corporate.cidrs")), port) for port in ("TCP 443", "TCP 80")]
        rows.append((name, "out", given["endpoint"] or ", ".join(stage.ranges("lb")), "TCP 443"))
        if stage.in_containers:
            rows.append((name, "out", given["web"] or ", ".join(stage.ranges("app")), "TCP 8000"))
    for name in ("web", "tasks"):
        if not given[name]:
            continue
        targets = [(given["database"] or ", ".join(stage.ranges("db")), "TCP 5432")]
        if name == "web" and stage.in_containers:
            rows.append((f"{given[name]} (web)", "in", balancer, "TCP 8000"))
        if name == "tasks" or stage.flag("buckets.attachments") or stage.in_containers:
            targets.append((f"com.amazonaws.{stage.region}.s3", "TCP 443"))
        if calls:
            targets.append((given["endpoint"] or ", ".join(stage.ranges("lb")), "TCP 443"))
        targets += [
            (", ".join(system.addresses), "TCP " + ", ".join(map(str, system.ports)))
            for system in stage.destinations
            if name in system.sources
        ]
        rows += [(f"{given[name]} ({name})", "out", target, port) for target, port in targets]
    if given["endpoint"]:
        users = stage.several("corporate.cidrs") if stage.has_api or stage.flag("buckets.attachments") else ()
        sources = [*users, *(() if stage.has_api else (balancer,)), *(functions if calls else [])]
        rows.append((f"{given['endpoint']} (endpoints)", "in", ", ".join(sources), "TCP 443"))
    if given["database"]:
        rows.append((f"{given['database']} (database)", "in", ", ".join(functions), "TCP 5432"))
    if not rows:
        return []
    head = [T["groups"].plain(chosen), "", T["group_note"].plain(chosen), "", T["group_head"].plain(chosen)]
    table = [f"| {group} | {T[way].plain(chosen)} | {other} | {port} |" for group, way, other, port in rows]
    return [*head, "|---|---|---|---|", *table, ""]


def _zones(stage: Stage) -> tuple[str, ...]:
    """Zones of AWS in which names lie that a browser, or the company's DNS for it, must find."""
    reached = stage.text("door") == "endpoints" or (stage.flag("buckets.attachments") and not stage.relays_files)
    return (
        *([f"{stage.region}.vpce.amazonaws.com"] if reached else []),
        f"execute-api.{stage.region}.amazonaws.com" if stage.has_api else f"{stage.region}.elb.amazonaws.com",
    )


def _names(stage: Stage, chosen: Language) -> list[str]:
    also, zones = (" and ", " と ")[chosen == "ja"], _zones(stage)
    below = [f"*.{zone}" for zone in zones]
    lines = [T["names"].plain(chosen), T["public_names"].say(chosen, names=also.join(below))]
    if not stage.has_api:
        host = stage.text("balancer.host")
        lines.append(T["balancer_name"].say(chosen, host=host, prefix=stage.prefix))
    if stage.flag("dns.inbound"):
        lines.append(T["inbound"].say(chosen, names=also.join(zones), lb=", ".join(stage.ranges("lb"))))
    if stage.text("dns.outbound") == "shared-rule":
        lines.append(T["shared"].say(chosen, rule=stage.text("dns.shared_rule")))
    if stage.text("dns.outbound") == "own-endpoint":
        servers, domains = ", ".join(stage.several("dns.servers")), ", ".join(stage.several("dns.domains"))
        lines.append(T["answers"].say(chosen, servers=servers, domains=domains, lb=", ".join(stage.ranges("lb"))))
    met = [*below[:-1], below[-1] if stage.has_api else stage.text("balancer.host")]
    return [*lines, T["pac"].say(chosen, names=(", ", "、")[chosen == "ja"].join(met)), ""]


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
    for role in stage.roles:
        arn = stage.text(f"roles.{role}")
        if arn:
            lines.append(T["role_given"].say(chosen, role=role, arn=arn))
    if stage.text("roles.permissions_boundary"):
        lines.append(T["boundary"].say(chosen, arn=stage.text("roles.permissions_boundary")))
    if stage.text("encryption.key"):
        services = [f"logs.{stage.region}.amazonaws.com"]
        services += ["cloudwatch.amazonaws.com"] if stage.text("alarms.email") else []
        lines.append(T["key"].say(chosen, arn=stage.text("encryption.key"), services=", ".join(services)))
    if stage.tags:
        lines.append(T["tags"].say(chosen, tags=", ".join(f"{key}={value}" for key, value in stage.tags.items())))
    account = stage.text("aws.account") or "<account>"
    policies = blueprint.role_policies(stage, blueprint.Found(account=account))
    lines += _endpoint_policies(stage, chosen, account)
    lines += [T["roles_made"].say(chosen, name=stage.name), ""]
    for title, document in policies.items():
        lines += [f"### {title}", "", "```json", json.dumps(document, indent=2, ensure_ascii=False), "```", ""]
    return lines


def _endpoint_policies(stage: Stage, chosen: Language, account: str) -> list[str]:
    """What the policies of endpoints that others made must allow: what those would that we make."""
    from dataclasses import replace

    from deploy import blueprint

    given = {one.parameter: one for one in stage.endpoints if stage.text(f"endpoints.{one.key}")}
    if not given:
        return []
    unmade = {f"endpoints.{one.key}": "" for one in given.values()} | {"network.vpc": ""}
    made = replace(stage, values={**stage.values, **unmade})
    lines: list[str] = []
    for found in blueprint.assembly(made, blueprint.Found(account=account)).parts["endpoints"].resources():
        if found.logical_id not in given:
            continue
        one = given[found.logical_id]
        document = blueprint.readable(found.properties["PolicyDocument"])
        lines.append(
            T["existing_endpoint"].say(chosen, endpoint=stage.text(f"endpoints.{one.key}"), service=one.service)
        )
        lines += ["", "```json", json.dumps(document, indent=2, ensure_ascii=False), "```", ""]
    return lines
