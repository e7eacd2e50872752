"""Where one stage stands, as far as whoever looks at it must know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a stage stands. Origins are `https://HOST`, without a path; `files` is empty where the stage keeps none."""

    stage: str
    region: str
    page: str
    """What lies before the names of the page's files: an origin, and behind the API as door the stage's name."""
    bucket: str
    api: str
    """The API's base: its origin, and the stage's name as a path."""
    api_id: str
    files: str
    files_bucket: str
    database: str
    """`HOST:PORT`; empty where it is not known."""
    private_dns: bool
    """Whether the API's public name is served inside."""
    functions_call_endpoints: bool
    """Whether the endpoints let functions in."""
    recorded: Mapping[str, Any] = field(default_factory=dict)
    """Key -> what the release recorded of the file."""
    policy: str | None = None
    """The recorded page's Content-Security-Policy, where it is known."""
    acceptance: Sequence[Mapping[str, Any]] = ()
    journey: Sequence[Mapping[str, Any]] = ()
    door: str = "endpoints"
    bucket_origin: str = ""
    """The page's bucket by the S3 endpoint, where another door stands before it; empty without that endpoint."""
    balancer: str = ""
    """The load balancer's own name, which everybody can look up; empty where there is none."""
    relays_files: bool = False
    """Whether files travel by the API; `files` is empty then too."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """What the door says with every file of the page."""

    @property
    def api_origin(self) -> str:
        """The API's origin."""
        return _origin(self.api)

    @property
    def page_origin(self) -> str:
        """The page's origin."""
        return _origin(self.page)

    @property
    def takes_files(self) -> bool:
        """Whether the stage keeps files, by whichever way."""
        return bool(self.files) or self.relays_files

    @property
    def one_origin(self) -> bool:
        """Whether page and API are one origin."""
        return self.api_origin == self.page_origin


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
