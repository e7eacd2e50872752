"""What is to be looked at behind one door and not behind another."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from deploy.verify.check import Check, check
from deploy.verify.place import Place
from deploy.words import Words

HSTS, FRAMES = "max-age=31536000", "frame-ancestors 'none'; base-uri 'self'; object-src 'none'"
"""What the doors write on every answer: the load balancer's template and the API's own methods say the same."""
SIGNED = Words(
    "The page comes with the headers that a bucket cannot send",
    "バケットでは付けられないセキュリティヘッダーが画面に付いている",
)
LED_BACK = Words(
    "An address below the name that somebody typed leads to the page", "その名前の下の任意のアドレスから画面に戻れる"
)
NAMED = Words("No other name is served here", "ほかの名前には応答しない")


def page(place: Place) -> Iterator[Check]:
    """Yield what a door adds to the page itself; an endpoint adds nothing."""
    if place.door == "endpoints":
        return
    headers: list[Mapping[str, Any]] = [
        {"name": "strict-transport-security", "is": HSTS},
        {"name": "x-frame-options", "is": "DENY"},
        {"name": "x-content-type-options", "is": "nosniff"},
    ]
    if place.balancer:
        headers.append({"name": "content-security-policy", "is": FRAMES})
    # The door's address without a file's name is what people type, and what a link leads to.
    request = {"method": "GET", "url": place.files_base}
    yield check("page.headers", "request", SIGNED, request=request, status=[200], headers=headers)
    if place.balancer:
        typed = {"method": "GET", "url": f"{place.page}/proposals/1"}
        back = [{"name": "location", "is": f"{place.page.partition(':443')[0]}:443/"}]
        yield check("page.led-back", "request", LED_BACK, request=typed, status=[302], headers=back)
        other = {"method": "GET", "url": place.files_base, "headers": {"Host": place.balancer}}
        yield check("door.name", "request", NAMED, request=other, status=[404])


def ports(place: Place) -> Mapping[str, str]:
    """Give the addresses whose ports only the company may reach: by names that every DNS knows."""
    if place.door == "endpoints":
        return {"page": place.page, "api": place.api}
    door = {"page": f"https://{place.balancer}"} if place.balancer else {"api": place.api}
    return door | ({"files": f"https://{urlsplit(place.files).hostname}"} if place.files else {})
