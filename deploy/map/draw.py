"""The picture as one self-contained SVG: places from left (the company) to right (AWS's services)."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from deploy.map.picture import Door, Flow, Picture, Tier
from deploy.words import Language, Words

WIDTH, HEIGHT = 1400, 900
INK, QUIET, LINE, PAPER = "#1a1a1a", "#595959", "#949494", "#ffffff"
BLUE, BLUE_PALE, GREEN, GREEN_PALE = "#0017c1", "#e8f1fe", "#197a4b", "#e6f5ec"
AMBER, AMBER_PALE, RED, GREY_PALE = "#927200", "#fbf5e0", "#ce0000", "#f2f2f2"
FONT = "Noto Sans JP, Hiragino Sans, Yu Gothic UI, Meiryo, system-ui, sans-serif"

W = {
    "title": Words("The closed network of {prefix}", "{prefix} の閉域ネットワーク"),
    "company": Words("Company network", "社内ネットワーク"),
    "users": Words("Users' browsers", "利用者のブラウザー"),
    "systems": Words("Systems inside", "社内システム"),
    "none": Words("none declared", "接続先の宣言なし"),
    "none-link": Words("Direct Connect / Transit Gateway", "Direct Connect / Transit Gateway"),
    "peering": Words("VPC peering", "VPC ピアリング"),
    "transit-gateway": Words("Transit Gateway", "Transit Gateway"),
    "vpc": Words("VPC {cidr} ({region})", "VPC {cidr}（{region}）"),
    "existing": Words("existing", "既存"),
    "zone": Words("zone {zone}", "ゾーン {zone}"),
    "lb": Words("lb subnets: the way in", "lb サブネット: 利用者の入口"),
    "app": Words("app subnets: functions", "app サブネット: 関数"),
    "db": Words("db subnets: no way out", "db サブネット: 外への経路なし"),
    "app-containers": Words("app subnets: containers", "app サブネット: コンテナ"),
    "balancer": Words("load balancer (HTTPS)", "ロードバランサー（HTTPS）"),
    "web-containers": Words("web containers", "Web コンテナ"),
    "tasks-containers": Words("tasks in containers", "定期処理のコンテナ"),
    "timers-containers-note": Words("start a container", "コンテナを起動する"),
    "lambda": Words("Lambda", "Lambda"),
    "lambda-note": Words("called by the load balancer", "ロードバランサーが呼び出す"),
    "site-api-note": Words("read by the private API only", "プライベート API だけが読む"),
    "endpoint": Words("endpoint {service}", "エンドポイント {service}"),
    "gateway": Words("S3 gateway endpoint (free)", "S3 ゲートウェイエンドポイント（無料）"),
    "web": Words("web function", "Web 関数"),
    "tasks": Words("tasks function", "定期処理関数"),
    "database": Words("{database}, TLS only", "{database}（TLS のみ）"),
    "services": Words("AWS services", "AWS のサービス"),
    "api": Words("Private API", "プライベート API"),
    "api-note": Words("answers only through our endpoint", "自エンドポイント経由のみ応答"),
    "site": Words("bucket: pages", "バケット: 画面"),
    "site-note": Words("read only through our endpoint", "自エンドポイントからの読み取りのみ"),
    "attachments": Words("bucket: attachments", "バケット: 添付ファイル"),
    "attachments-note": Words("signed URLs only", "署名付き URL のみ"),
    "audit": Words("bucket: audit", "バケット: 監査記録"),
    "audit-note": Words("locked against deletion", "削除できないようロック"),
    "timers": Words("Timers", "タイマー"),
    "timers-note": Words("call the function from outside the VPC", "VPC の外から関数を呼ぶ"),
    "internet": Words("Internet", "インターネット"),
    "wall": Words(
        "no internet gateway, no NAT, no public address, no default route",
        "インターネットゲートウェイ・NAT・公開アドレス・デフォルトルートなし",
    ),
    "wall-unknown": Words(
        "existing VPC: only its inventory can tell (python -m deploy prove --inventory)",
        "既存 VPC のため、棚卸しで確認してください（python -m deploy prove --inventory）",
    ),
    "db-existing": Words("db subnets", "db サブネット"),
    "open": Words("this template opens the internet", "このテンプレートはインターネットへ開いています"),
    "passes": Words("may pass (port)", "通れる通信（ポート）"),
    "unknown": Words("rules belong to others", "規則は他者の管理"),
    "calls": Words("called by AWS, not through the VPC", "AWS が呼び出す（VPC を通らない）"),
    "refused": Words("cannot pass", "通れない"),
    "dns-in": Words("Resolver inbound: company asks us", "Resolver インバウンド: 社内から名前を引く"),
    "dns-own-endpoint": Words("Resolver outbound: we ask the company", "Resolver アウトバウンド: 社内へ名前を引く"),
    "dns-shared-rule": Words("shared Resolver rule: the company answers", "共有 Resolver ルール: 社内 DNS が答える"),
    "dns-fixed": Words("inside names: fixed addresses", "社内の名前: 固定の対応表"),
}


@dataclass
class _Canvas:
    language: Language
    parts: list[str] = field(default_factory=list)

    def say(self, key: str, **values: object) -> str:
        return W[key].say(self.language, **values)

    def box(
        self, x: float, y: float, w: float, h: float, *, fill: str, stroke: str, dash: str = "", round_: int = 8
    ) -> None:
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<rect x="{x}" y="{y}" width="{w}" height="{h}" rx="{round_}" fill="{fill}" stroke="{stroke}" '
            f'stroke-width="1.5"{dashed}/>'
        )

    def text(
        self,
        x: float,
        y: float,
        said: str,
        *,
        size: int = 14,
        bold: bool = False,
        fill: str = INK,
        anchor: str = "start",
    ) -> None:
        weight = ' font-weight="700"' if bold else ""
        self.parts.append(
            f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}" text-anchor="{anchor}"{weight}>'
            f"{escape(said)}</text>"
        )

    def arrow(
        self,
        points: Sequence[tuple[float, float]],
        *,
        label: str = "",
        dash: str = "",
        at: tuple[float, float] | None = None,
        colour: str = GREEN,
    ) -> None:
        path = " ".join(f"{'M' if not place else 'L'}{x} {y}" for place, (x, y) in enumerate(points))
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        marker = "arrow" if colour == GREEN else "call"
        self.parts.append(
            f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2.5" stroke-linejoin="round"{dashed} '
            f'marker-end="url(#{marker})"/>'
        )
        if label and at:
            width = 7.5 * len(label) + 12
            self.parts.append(
                f'<rect x="{at[0] - width / 2}" y="{at[1] - 11}" width="{width}" height="20" rx="4" fill="{PAPER}" '
                f'stroke="{colour}"/>'
            )
            self.text(at[0], at[1] + 4, label, size=12, bold=True, fill=colour, anchor="middle")

    def cross(self, x: float, y: float) -> None:
        """A wall's mark: what comes here stops."""
        self.parts.append(
            f'<g stroke="{RED}" stroke-width="4" stroke-linecap="round">'
            f'<circle cx="{x}" cy="{y}" r="13" fill="{PAPER}" stroke-width="2"/>'
            f'<path d="M{x - 6} {y - 6} L{x + 6} {y + 6} M{x + 6} {y - 6} L{x - 6} {y + 6}"/></g>'
        )


LEFT, VPC, RIGHT = 30, 400, 1090
VPC_WIDTH, COMPANY_WIDTH, SERVICE_WIDTH = 610, 270, 280
TOP = 150
LB, APP, DB = 220, 480, 700


def svg(picture: Picture, language: Language) -> str:
    """Draw the picture."""
    canvas = _Canvas(language)
    title = canvas.say("title", prefix=picture.stage.prefix)
    canvas.text(LEFT, 44, title, size=24, bold=True)
    _internet(canvas, picture)
    _company(canvas, picture)
    _vpc(canvas, picture)
    _services(canvas, picture)
    _arrows(canvas, picture)
    _legend(canvas)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-label="{escape(title)}" font-family="{FONT}">\n'
        f"<defs>{_marker('arrow', GREEN)}{_marker('call', BLUE)}</defs>\n"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>'
    )
    return "\n".join([head, *canvas.parts, "</svg>"]) + "\n"


def _marker(name: str, colour: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
        f'orient="auto-start-reverse"><path d="M0 0 L10 5 L0 10 z" fill="{colour}"/></marker>'
    )


def _internet(canvas: _Canvas, picture: Picture) -> None:
    middle = VPC + VPC_WIDTH / 2
    canvas.box(middle - 110, 62, 220, 36, fill=GREY_PALE, stroke=LINE, round_=18)
    canvas.text(middle, 86, canvas.say("internet"), size=15, bold=True, fill=QUIET, anchor="middle")
    if picture.internet:
        canvas.text(middle + 130, 86, canvas.say("open"), size=14, bold=True, fill=RED)
        return
    if picture.stage.text("network.vpc"):
        canvas.text(middle + 126, 86, canvas.say("wall-unknown"), size=13, fill=QUIET)
        return
    canvas.parts.append(f'<path d="M{VPC} {TOP - 22} H{VPC + VPC_WIDTH}" stroke="{RED}" stroke-width="6"/>')
    canvas.parts.append(
        f'<path d="M{middle} 98 V{TOP - 36}" stroke="{LINE}" stroke-width="2.5" stroke-dasharray="3 5"/>'
    )
    canvas.cross(middle, TOP - 22)
    canvas.text(middle + 126, 86, canvas.say("wall"), size=13, fill=RED)


def _company(canvas: _Canvas, picture: Picture) -> None:
    canvas.box(LEFT, TOP, COMPANY_WIDTH, 650, fill=AMBER_PALE, stroke=AMBER)
    canvas.text(LEFT + 16, TOP + 30, canvas.say("company"), size=17, bold=True)
    canvas.box(LEFT + 16, LB, COMPANY_WIDTH - 32, 190, fill=PAPER, stroke=AMBER)
    canvas.text(LEFT + 32, LB + 30, canvas.say("users"), size=15, bold=True)
    cidrs = picture.stage.several("corporate.cidrs")
    for row, cidr in enumerate(cidrs):
        canvas.text(LEFT + 32, LB + 56 + min(24, 140 / len(cidrs)) * row, cidr, size=14, fill=QUIET)
    canvas.box(LEFT + 16, APP, COMPANY_WIDTH - 32, 190, fill=PAPER, stroke=AMBER)
    canvas.text(LEFT + 32, APP + 30, canvas.say("systems"), size=15, bold=True)
    rows = [
        f"{_short(destination.name)}: {destination.addresses[0].removesuffix('/32')}"
        + (f" +{len(destination.addresses) - 1}" if len(destination.addresses) > 1 else "")
        for destination in picture.stage.destinations
    ] or [canvas.say("none")]
    for row, said in enumerate(rows[:6]):
        canvas.text(LEFT + 32, APP + 56 + 24 * row, said, size=13, fill=QUIET)
    label = canvas.say("none-link" if picture.link == "none" else picture.link)
    canvas.text(LEFT + 16, TOP + 632, label, size=13, fill=AMBER, bold=True)


def _vpc(canvas: _Canvas, picture: Picture) -> None:
    stage = picture.stage
    canvas.box(VPC, TOP, VPC_WIDTH, 650, fill=GREEN_PALE, stroke=GREEN)
    said = canvas.say("vpc", cidr=stage.text("network.cidr"), region=stage.region)
    existing = f" {stage.text('network.vpc')}" if stage.text("network.vpc") else ""
    canvas.text(VPC + 16, TOP + 28, said + existing, size=17, bold=True)
    for place, zone in enumerate(stage.zones):
        x = VPC + 16 + place * 294
        canvas.box(x, TOP + 40, 284, 598, fill="none", stroke=LINE, dash="6 5")
        canvas.text(x + 276, TOP + 58, canvas.say("zone", zone=zone), size=12, fill=QUIET, anchor="end")
    for tier, y, height in zip(picture.tiers, (LB, APP, DB), (240, 190, 80), strict=True):
        _tier(canvas, tier, y, height, containers=stage.in_containers)
    doors = _rows(picture)
    if not stage.has_api:
        _pill(canvas, (VPC + 48, LB + 40), VPC_WIDTH - 96, canvas.say("balancer"), BLUE)
    for row, door in doors:
        _door(canvas, door, LB + 40 + row * _pitch(picture))
    kind = "-containers" if stage.in_containers else ""
    _pill(canvas, (VPC + 48, APP + 44), 300, canvas.say(f"web{kind}"), BLUE)
    _pill(canvas, (VPC + 48, APP + 92), 300, canvas.say(f"tasks{kind}"), BLUE)
    if any(door.gateway for door in picture.doors):
        held = next(door.existing for door in picture.doors if door.gateway)
        wide = 60 if held else 0
        said = canvas.say("gateway") + (f" ({canvas.say('existing')})" if held else "")
        _pill(canvas, (VPC + 250 - wide, APP + 142), 330 + wide, said, GREEN)
    _pill(canvas, (VPC + 48, DB + 36), VPC_WIDTH - 96, canvas.say("database", database=picture.database), BLUE)
    outbound = stage.text("dns.outbound")
    ways = [*(["dns-in"] if stage.flag("dns.inbound") else []), *([f"dns-{outbound}"] if outbound != "none" else [])]
    canvas.text(VPC + 48, LB + 230, " / ".join(canvas.say(key) for key in ways), size=12, fill=QUIET)


def _short(name: str, cells: int = 14) -> str:
    """Cut a name to what fits beside an address; a Japanese character takes two cells."""
    taken, kept = 0, ""
    for character in name:
        taken += 2 if unicodedata.east_asian_width(character) in "FWA" else 1
        if taken > cells:
            return f"{kept}…"
        kept += character
    return name


def _rows(picture: Picture) -> list[tuple[int, Door]]:
    """Give each interface endpoint with its row; the load balancer, where there is one, takes the first."""
    doors = (door for door in picture.doors if not door.gateway)
    return list(enumerate(doors, start=0 if picture.stage.has_api else 1))


def _pitch(picture: Picture) -> float:
    rows = _rows(picture)
    return min(62.0, 180 / max(1, rows[-1][0] + 1 if rows else 1))


def _tier(canvas: _Canvas, tier: Tier, y: float, height: float, *, containers: bool) -> None:
    canvas.box(VPC + 28, y, VPC_WIDTH - 56, height, fill=PAPER, stroke=GREEN)
    ranges = " / ".join(tier.cidrs)
    held = f" ({canvas.say('existing')})" if tier.existing else ""
    name = "db-existing" if tier.name == "db" and tier.existing else tier.name
    name = "app-containers" if name == "app" and containers else name
    canvas.text(VPC + 44, y + 24, canvas.say(name) + held, size=14, bold=True, fill=GREEN)
    canvas.text(VPC + VPC_WIDTH - 44, y + 24, ranges, size=13, fill=QUIET, anchor="end")


def _door(canvas: _Canvas, door: Door, y: float) -> None:
    held = f" ({canvas.say('existing')})" if door.existing else ""
    _pill(canvas, (VPC + 48, y), VPC_WIDTH - 96, canvas.say("endpoint", service=door.service) + held, GREEN)


def _pill(canvas: _Canvas, at: tuple[float, float], width: float, said: str, colour: str) -> None:
    (x, y), height = at, 34
    canvas.box(x, y, width, height, fill=BLUE_PALE if colour == BLUE else "#d4eedf", stroke=colour, round_=17)
    canvas.text(x + width / 2, y + 22, said, size=14, bold=True, anchor="middle", fill=colour)


def _service(canvas: _Canvas, y: float, key: str, note: str = "") -> None:
    canvas.box(RIGHT + 16, y, SERVICE_WIDTH - 32, 58, fill=PAPER, stroke=BLUE)
    canvas.text(RIGHT + 30, y + 24, canvas.say(key), size=15, bold=True)
    canvas.text(RIGHT + 30, y + 44, canvas.say(note or f"{key}-note"), size=12, fill=QUIET)


SERVICE_ROWS = {"api": LB + 28, "site": LB + 94, "attachments": LB + 166, "audit": APP + 115, "timers": APP + 26}


def _services(canvas: _Canvas, picture: Picture) -> None:
    canvas.box(RIGHT, TOP, SERVICE_WIDTH, 650, fill=BLUE_PALE, stroke=BLUE)
    canvas.text(RIGHT + 16, TOP + 30, canvas.say("services"), size=17, bold=True)
    stage = picture.stage
    if not stage.in_containers:
        _service(canvas, SERVICE_ROWS["api"], "api" if stage.has_api else "lambda")
    by_api = stage.text("door") == "api"
    for bucket in picture.buckets:
        _service(canvas, SERVICE_ROWS[bucket], bucket, "site-api-note" if by_api and bucket == "site" else "")
    _service(canvas, SERVICE_ROWS["timers"], "timers", "timers-containers-note" if stage.in_containers else "")
    extra = [door.service for door in picture.doors if door.service not in ("execute-api", "s3", "s3-gateway")]
    for row, service in enumerate(extra):
        canvas.box(RIGHT + 16, DB + 4 + 38 * row, SERVICE_WIDTH - 32, 32, fill=PAPER, stroke=BLUE)
        canvas.text(RIGHT + 30, DB + 25 + 38 * row, service, size=14, bold=True)


def _dash(flow: Flow) -> str:
    return "" if flow.known else "7 5"


def _arrows(canvas: _Canvas, picture: Picture) -> None:
    edge, inner, outer = LEFT + COMPANY_WIDTH - 16, VPC + 48, VPC + VPC_WIDTH - 48
    users, stage = picture.flow("users", "endpoints"), picture.stage
    _balancer_arrows(canvas, picture, edge)
    for row, door in _rows(picture):
        y = LB + 57 + row * _pitch(picture)
        if users and door.service in ("execute-api", "s3"):
            label = ", ".join(map(str, users.ports))
            canvas.arrow([(edge, y), (inner, y)], label=label, at=(348, y), dash=_dash(users))
        extra = [other.service for _, other in _rows(picture) if other.service not in ("execute-api", "s3")]
        if door.service in extra:
            end = DB + 20 + 38 * extra.index(door.service)
            canvas.arrow([(outer, y), (998, y), (998, end), (RIGHT + 16, end)])
        pages = () if stage.text("door") == "api" else ("site",)
        targets = {"execute-api": ("api",), "s3": (*pages, "attachments")}.get(door.service, ())
        for place, target in enumerate(name for name in targets if name == "api" or name in picture.buckets):
            end, bend = SERVICE_ROWS[target] + 29, 1038 + 14 * place
            canvas.arrow([(outer, y), (bend, y), (bend, end), (RIGHT + 16, end)])
    _function_arrows(canvas, picture, edge)
    calls = [(SERVICE_ROWS["timers"] + 40, 1060, APP + 109)]
    if not stage.in_containers:
        calls.insert(0, (SERVICE_ROWS["api"] + 46, 1074, APP + 61))
    for start, bend, end in calls:
        called = [(RIGHT + 16, start), (bend, start), (bend, end), (VPC + 348, end)]
        canvas.arrow(called, dash="2 5", colour=BLUE)
    if next(tier for tier in picture.tiers if tier.name == "db").existing:
        return
    y = DB + 53
    canvas.parts.append(
        f'<path d="M{edge + 16} {y} H{VPC - 14}" stroke="{LINE}" stroke-width="2.5" stroke-dasharray="3 5"/>'
    )
    canvas.cross(VPC, y)


def _balancer_arrows(canvas: _Canvas, picture: Picture, edge: float) -> None:
    """From users to the load balancer, and on to the S3 endpoint and to what runs the application."""
    users, stage = picture.flow("users", "balancer"), picture.stage
    if stage.has_api or users is None:
        return
    y, inner, outer = LB + 57, VPC + 48, VPC + VPC_WIDTH - 48
    canvas.arrow([(edge, y), (inner, y)], label=", ".join(map(str, users.ports)), at=(348, y), dash=_dash(users))
    pages, web = picture.flow("balancer", "endpoints"), picture.flow("balancer", "web")
    row = next((row for row, door in _rows(picture) if door.service == "s3"), 0)
    if pages and row:
        below = LB + 57 + row * _pitch(picture)
        canvas.arrow([(inner, y + 8), (inner - 14, y + 8), (inner - 14, below), (inner, below)], dash=_dash(pages))
    if web:
        down = [(outer, y), (outer + 11, y), (outer + 11, APP + 53), (VPC + 348, APP + 53)]
        canvas.arrow(down, label=str(web.ports[0]), at=(outer - 60, APP + 53), dash=_dash(web))
    if not stage.in_containers:
        end = SERVICE_ROWS["api"] + 20
        canvas.arrow([(outer, y), (1052, y), (1052, end), (RIGHT + 16, end)], dash="2 5", colour=BLUE)


def _function_arrows(canvas: _Canvas, picture: Picture, edge: float) -> None:
    for name, y in (("web", APP + 61), ("tasks", APP + 109)):
        database = picture.flow(name, "database")
        if database:
            down = [(VPC + 48, y), (VPC + 38, y), (VPC + 38, DB + 53), (VPC + 48, DB + 53)]
            label = ", ".join(map(str, database.ports))
            canvas.arrow(down, label=label, at=(VPC + 66, APP + 205), dash=_dash(database))
        gateway = picture.flow(name, "s3-gateway")
        if gateway and any(door.gateway for door in picture.doors):
            across = VPC + (390 if name == "web" else 370)
            canvas.arrow([(VPC + 348, y + 7), (across, y + 7), (across, APP + 142)], dash=_dash(gateway))
        called = [row for row, door in _rows(picture) if door.service not in ("execute-api", "s3")]
        if called and picture.flow(name, "endpoints"):
            up, top = VPC + (430 if name == "web" else 450), LB + 74 + called[-1] * _pitch(picture)
            canvas.arrow([(VPC + 348, y - 8), (up, y - 8), (up, top)])
        inside = picture.flow(name, "inside")
        if inside:
            more = len(inside.ports) - 2
            label = ", ".join(map(str, inside.ports[: 1 if more > 0 else 2])) + (f" +{more + 1}" if more > 0 else "")
            canvas.arrow([(VPC + 48, y - 8), (edge, y - 8)], label=label, at=(348, y - 8), dash=_dash(inside))
    if any(door.gateway for door in picture.doors):
        y = APP + 159
        for place, bucket in enumerate(name for name in ("attachments", "audit") if name in picture.buckets):
            end, bend = SERVICE_ROWS[bucket] + 44, 1024 + 10 * place
            canvas.arrow([(VPC + 580, y), (bend, y), (bend, end), (RIGHT + 16, end)])


def _legend(canvas: _Canvas) -> None:
    y = HEIGHT - 52
    x = float(LEFT)
    for key, colour, dash in (("passes", GREEN, ""), ("unknown", GREEN, "7 5"), ("calls", BLUE, "2 5")):
        canvas.arrow([(x, y), (x + 56, y)], dash=dash, colour=colour)
        canvas.text(x + 68, y + 5, canvas.say(key), size=14)
        x += 345
    canvas.parts.append(f'<path d="M{x} {y} H{x + 34}" stroke="{LINE}" stroke-width="2.5" stroke-dasharray="3 5"/>')
    canvas.cross(x + 46, y)
    canvas.text(x + 70, y + 5, canvas.say("refused"), size=14)
