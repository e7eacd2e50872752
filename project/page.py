"""Put a stage's addresses into the built page: `python -m project.page --api URL --reaches ORIGIN < index.html`.

`index.html` is the only file of the page that differs from stage to stage, in two values: where the API is, and which
origins the page's Content-Security-Policy lets it talk to. The server on a developer's machine calls `rendered`; tools
that deploy never import the application and run this with the interpreter at hand, without Django.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from urllib.parse import urlsplit

_API = '<meta name="cloister-api" content="">'
_POLICY = "connect-src 'self';"
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")


class BadPage(Exception):
    """The page or an address cannot be used; the sentence says what it is, and what it must be."""


def rendered(html: str, *, api: str = "", reaches: Sequence[str] = ()) -> str:
    """Return the page for one stage; raises `BadPage`.

    `api`: the API's address, ending in `/api/`; empty where it lies beside the page. `reaches`: origins, such as
    `https://BUCKET.ENDPOINT`, that the page sends files to.
    """
    if api and not (api.endswith("/api/") and _ORIGIN.fullmatch(_origin(api))):
        raise BadPage(f"{api!r} is no address of the API: it begins with https:// and a host, and ends in /api/.")
    for origin in reaches:
        if not _ORIGIN.fullmatch(origin):
            raise BadPage(f"{origin!r} is no origin: write https:// and a host, without a path.")
    sources = " ".join(dict.fromkeys([_origin(api) if api else "'self'", *reaches]))
    html = _replaced(html, _API, f'<meta name="cloister-api" content="{api}">')
    return _replaced(html, _POLICY, f"connect-src {sources};")


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _replaced(html: str, old: str, new: str) -> str:
    if html.count(old) != 1:
        raise BadPage(f"The page must hold {old} exactly once, as spa/index.html does. Build it anew: make setup.")
    return html.replace(old, new)


def main(arguments: Sequence[str]) -> str:
    """Return standard input, rendered as the arguments say."""
    parser = argparse.ArgumentParser(prog="python -m project.page", description="Render the page for a stage.")
    parser.add_argument("--api", default="", metavar="URL", help="the API's address, ending in /api/")
    parser.add_argument("--reaches", action="append", default=[], metavar="ORIGIN", help="where files are sent to")
    given = parser.parse_args(arguments)
    return rendered(sys.stdin.read(), api=given.api, reaches=given.reaches)


if __name__ == "__main__":
    try:
        sys.stdout.write(main(sys.argv[1:]))
    except BadPage as error:
        sys.exit(str(error))
