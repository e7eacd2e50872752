"""The bills as stacked bars, in one self-contained SVG."""

from html import escape

from deploy.cost.model import GROUPS, Bill, Group
from deploy.cost.prices import said
from deploy.words import Language, Words

COLOURS: dict[Group, str] = {
    "network": "#0017c1",
    "compute": "#3460fb",
    "database": "#9db7f9",
    "storage": "#c5d7fb",
    "other": "#767676",
}
"""Steps of the blue scale of the Digital Agency's design system, so that neighbours differ in lightness."""

TITLE = Words("US dollars a month, {name}, {requests:,} requests", "月額（米ドル）、{name}、{requests:,} リクエスト")
AT_LEAST = Words("at least ", "少なくとも ")

WIDTH, LEFT, ROW, TOP = 960, 24, 58, 64


def svg(bills: list[Bill], *, name: str, requests: int, language: Language) -> str:
    """Draw the bills; a total of which a part is unknown says so."""
    most = max((bill.total for bill in bills), default=0) or 1
    scale = (WIDTH - 2 * LEFT - 170) / most
    height = TOP + ROW * len(bills) + 48
    title = TITLE.say(language, name=said(name, language), requests=requests)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-label="{escape(title)}" font-family="Noto Sans JP, Hiragino Sans, Yu Gothic UI, Meiryo, '
        'system-ui, sans-serif" font-size="14" fill="#1a1a1a">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="34" font-size="18" font-weight="700">{escape(title)}</text>',
    ]
    for row, bill in enumerate(bills):
        parts += _bar(bill, TOP + row * ROW, scale, language)
    x = float(LEFT)
    for group, words in GROUPS.items():
        if any(bill.group(group) for bill in bills):
            label = words.plain(language)
            parts.append(f'<rect x="{x:.0f}" y="{height - 34}" width="14" height="14" fill="{COLOURS[group]}"/>')
            parts.append(f'<text x="{x + 20:.0f}" y="{height - 22}">{escape(label)}</text>')
            x += 46 + (15 if language == "ja" else 8) * len(label)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _bar(bill: Bill, y: int, scale: float, language: Language) -> list[str]:
    weight = ' font-weight="700"' if bill.key == "stage" else ""
    parts = [f'<text x="{LEFT}" y="{y + 16}"{weight}>{escape(bill.words.plain(language))}</text>']
    x = float(LEFT)
    for group in GROUPS:
        width = bill.group(group) * scale
        if width:
            parts.append(f'<rect x="{x:.1f}" y="{y + 22}" width="{width:.1f}" height="20" fill="{COLOURS[group]}"/>')
            x += width
    at_least = AT_LEAST.plain(language) if bill.unknown else ""
    parts.append(f'<text x="{x + 8:.1f}" y="{y + 38}"{weight}>{at_least}${bill.total:.2f}</text>')
    return parts
