"""The departments of the made-up company: 本社, and three levels below it, 本部, 部 and 課."""

from __future__ import annotations

import enum
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field


class Level(enum.IntEnum):
    """How high a department is; the value is the rank of the post that heads it."""

    COMPANY = 100
    DIVISION = 80
    DEPARTMENT = 70
    SECTION = 50


@dataclass(frozen=True, slots=True)
class Plan:
    """One department to be made. `parent` is a position in the list that holds it, None for the root."""

    level: Level
    code: str
    name: str
    name_en: str
    parent: int | None = field(default=None)


# 本部 -> 部 -> 課, each as "name / English name".
_CATALOGUE: dict[str, dict[str, str]] = {
    "営業本部 / Sales Division": {
        "営業部 / Sales Department": "営業一課 / Sales Section 1, 営業二課 / Sales Section 2, "
        "営業三課 / Sales Section 3",
        "法人営業部 / Corporate Sales Department": "首都圏課 / Greater Tokyo Section, 西日本課 / West Japan Section",
        "海外営業部 / Overseas Sales Department": "アジア課 / Asia Section, 欧米課 / Europe and America Section",
    },
    "管理本部 / Administration Division": {
        "総務部 / General Affairs Department": "総務課 / General Affairs Section, 購買課 / Procurement Section",
        "人事部 / Human Resources Department": "人事課 / Personnel Section, "
        "採用研修課 / Recruiting and Training Section",
        "経理部 / Accounting Department": "経理課 / Accounting Section, 財務課 / Finance Section",
    },
    "技術本部 / Technology Division": {
        "開発部 / Development Department": "開発一課 / Development Section 1, 開発二課 / Development Section 2, "
        "品質管理課 / Quality Assurance Section",
        "情報システム部 / Information Systems Department": "システム企画課 / Systems Planning Section, "
        "システム運用課 / Systems Operations Section",
    },
    "製造本部 / Manufacturing Division": {
        "製造部 / Production Department": "製造一課 / Production Section 1, 製造二課 / Production Section 2",
        "生産管理部 / Production Control Department": "生産計画課 / Production Planning Section, "
        "物流課 / Logistics Section",
    },
    "事業企画本部 / Business Planning Division": {
        "経営企画部 / Corporate Planning Department": "企画課 / Planning Section, 広報課 / Public Relations Section",
        "マーケティング部 / Marketing Department": "市場調査課 / Market Research Section, "
        "販売促進課 / Sales Promotion Section",
    },
}


def plan_departments(count: int) -> list[Plan]:
    """Return `count` departments (4 or more), each after the one above it.

    A company larger than the catalogue has it again with numbers: 第2営業本部.
    """
    plans = [Plan(Level.COMPANY, "0000", "本社", "Head Office")]
    for level, name, name_en in itertools.islice(_all(), count - 1):
        above = next(at for at in range(len(plans) - 1, -1, -1) if plans[at].level > level)
        plans.append(Plan(level, f"{len(plans):04d}", name, name_en, above))
    return plans


def _all() -> Iterator[tuple[Level, str, str]]:
    for round_ in itertools.count(1):
        for division, departments in _CATALOGUE.items():
            yield Level.DIVISION, *_named(division, round_)
            for department, sections in departments.items():
                yield Level.DEPARTMENT, *_named(department, round_)
                for section in sections.split(", "):
                    yield Level.SECTION, *_named(section, round_)


def _named(both: str, round_: int) -> tuple[str, str]:
    name, name_en = both.split(" / ")
    return (name, name_en) if round_ == 1 else (f"第{round_}{name}", f"{name_en} No. {round_}")
