"""One check as data: what it proves, from where, and what the runner needs to look."""

from collections.abc import Sequence
from typing import Any

from deploy.words import Words

Check = dict[str, Any]
CORPORATE, APP, DB, OUTSIDE = "corporate", "app", "db", "outside"


def check(id_: str, kind: str, proves: Words, *, seen_from: Sequence[str] = (CORPORATE,), **how: Any) -> Check:
    """Return one check; `claim`: AWS's own pages do not say it, so that the first real run is the evidence."""
    return {
        "id": id_,
        "kind": kind,
        "from": list(seen_from),
        "proves": {"en": proves.en, "ja": proves.ja},
        "claim": bool(how.pop("claim", False)),
        **how,
    }
