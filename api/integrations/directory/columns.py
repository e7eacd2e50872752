"""The three files' columns and the words their cells may hold, as data; docs/organization-files.md shows the same."""

from __future__ import annotations

import enum
import re
import unicodedata
from dataclasses import dataclass

from api.organization.ports import Noun


class Kind(enum.Enum):
    """How a cell is read."""

    TEXT = "text"
    NORMALIZED_TEXT = "text, full-width and half-width forms being the same"
    """Unicode NFKC: ００１２ is 0012, ﾀﾅｶ is タナカ."""
    DATE = "date"
    OPEN_DATE = "date or empty"
    YES_NO = "yes or no"
    MARK = "yes, or no where empty"
    WHOLE_NUMBER = "whole number"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the English header, how it is read, and the Japanese headers that mean the same."""

    name: str
    kind: Kind
    japanese: tuple[str, ...]


_VALIDITY = (
    Column("valid_from", Kind.DATE, ("有効開始日", "適用開始日", "開始日")),
    Column("valid_to", Kind.OPEN_DATE, ("有効終了日", "適用終了日", "終了日")),
)

COLUMNS: dict[Noun, tuple[Column, ...]] = {
    Noun.DEPARTMENTS: (
        Column("code", Kind.NORMALIZED_TEXT, ("部署コード", "組織コード")),
        Column("name", Kind.TEXT, ("部署名", "組織名")),
        Column("name_en", Kind.TEXT, ("部署名（英語）", "組織名（英語）", "英語名")),
        Column("parent_code", Kind.NORMALIZED_TEXT, ("上位部署コード", "親部署コード", "上位組織コード")),
        *_VALIDITY,
    ),
    Noun.PEOPLE: (
        Column("employee_number", Kind.NORMALIZED_TEXT, ("社員番号", "従業員番号")),
        Column("username", Kind.NORMALIZED_TEXT, ("ユーザー名", "ユーザーID", "ログインID")),
        Column("family_name", Kind.TEXT, ("姓", "氏名（姓）")),
        Column("given_name", Kind.TEXT, ("名", "氏名（名）")),
        Column("family_name_kana", Kind.NORMALIZED_TEXT, ("姓（カナ）", "フリガナ（姓）", "セイ")),
        Column("given_name_kana", Kind.NORMALIZED_TEXT, ("名（カナ）", "フリガナ（名）", "メイ")),
        Column("name_en", Kind.TEXT, ("氏名（英語）", "英語氏名", "ローマ字氏名")),
        Column("email", Kind.NORMALIZED_TEXT, ("メールアドレス", "メール", "Eメール")),
        Column("active", Kind.YES_NO, ("在職", "在籍", "有効")),
    ),
    Noun.POSTS: (
        Column("employee_number", Kind.NORMALIZED_TEXT, ("社員番号", "従業員番号")),
        Column("department_code", Kind.NORMALIZED_TEXT, ("部署コード", "所属コード", "組織コード")),
        Column("title_code", Kind.NORMALIZED_TEXT, ("役職コード",)),
        Column("title", Kind.TEXT, ("役職名", "役職")),
        Column("rank", Kind.WHOLE_NUMBER, ("役職順位", "職位", "ランク")),
        Column("primary", Kind.MARK, ("主務", "本務", "主所属")),
        *_VALIDITY,
    ),
}

# The column by which other lines refer to a line of this file.
KEYS = {Noun.DEPARTMENTS: "code", Noun.PEOPLE: "employee_number"}

# Compared after NFKC and without regard to capitals. ○ is U+25CB, 〇 U+3007 and ◯ U+25EF: all three are typed.
YES = frozenset({"1", "true", "yes", "y", "○", "〇", "◯", "有", "はい", "在職", "在籍", "有効", "主務", "本務"})
NO = frozenset({"0", "false", "no", "n", "×", "✕", "無", "いいえ", "退職", "無効", "兼務"})


def normalize_header(header: str) -> str:
    """Return a header as it is compared: NFKC, small letters, without blanks, `_`, `-` and brackets."""
    return re.sub(r"[\s_\-()]", "", unicodedata.normalize("NFKC", header).casefold())


def find_column(noun: Noun, header: str) -> Column | None:
    """Return the column that a header of this file names, or None."""
    wanted = normalize_header(header)
    for column in COLUMNS[noun]:
        if wanted in {normalize_header(known) for known in (column.name, *column.japanese)}:
            return column
    return None
