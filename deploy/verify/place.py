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
    door: str = "endpoints"
    base: str = ""
    """What stands before the names of the page's files, where that is more than its origin."""
    store: str = ""
    """Behind another door: the origin of the page's bucket itself, where people reach its endpoint too."""
    balancer: str = ""
    """The load balancer's own name, which every DNS knows."""
    recorded: Mapping[str, Any] = field(default_factory=dict)
    """Key -> what the release recorded of the file."""
    policy: str | None = None
    """The recorded page's Content-Security-Policy, where it is known."""
    acceptance: Sequence[Mapping[str, Any]] = ()
    journey: Sequence[Mapping[str, Any]] = ()

    @property
    def api_origin(self) -> str:
        """The API's origin."""
        parts = urlsplit(self.api)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def files_base(self) -> str:
        """What stands before the names of the page's files."""
        return self.base or f"{self.page}/"

    @property
    def bucket_origin(self) -> str:
        """The origin at which the page's bucket itself is asked; empty where only the door reaches it."""
        return self.page if self.door == "endpoints" else self.store

    @property
    def one_origin(self) -> bool:
        """Whether page and API are of one origin."""
        return self.page == self.api_origin
