"""What the made-up proposals are about, and what is said about them: `subjects.json`, with days and people put in."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_DATA: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))

RETURNED, REJECTED, APPROVED, WITHDRAWN, COMMENTED = (
    tuple(_DATA[name]) for name in ("returned", "rejected", "approved", "withdrawn", "commented")
)
REVISED = "\n（指摘を受けて、根拠と内訳を追記しました。）"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a proposal is made: the applicant's department, a colleague, and the day."""

    department_id: int
    colleague_id: int
    day: dt.date


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to propose. `asked` is how many superiors the amount calls for, from the 課長 up."""

    type_code: str
    title: str
    asked: int
    fixed: dict[str, Any]

    def content(self, place: Place) -> dict[str, Any]:
        """Return the complete content of a proposal made there."""
        match self.type_code:
            case "purchase":
                delivery = place.day + dt.timedelta(days=30)
                return self.fixed | {"delivery_date": str(delivery), "cost_department": place.department_id}
            case "travel":
                start = place.day + dt.timedelta(days=14)
                end = start + dt.timedelta(days=self.fixed["nights"])
                return self.fixed | {
                    "period": {"from": str(start), "to": str(end)},
                    "companion": place.colleague_id,
                }
        start = place.day + dt.timedelta(days=45)
        return self.fixed | {"start_date": str(start), "contact": place.colleague_id}


SUBJECTS = tuple(
    Subject(entry["type"], entry["title"], entry["asked"], entry["content"]) for entry in _DATA["subjects"]
)
LAPTOPS = SUBJECTS[0]
"""A purchase of 1,500,000 yen: decided by the 本部長."""
