"""Forms compile from the closed table only, and contents are checked field by field."""

from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from api.proposals import forms
from api.proposals.forms import BadForm, check_content, compile_form, total_of


def label(ja: str) -> dict[str, str]:
    return {"ja": ja, "en": f"{ja} en"}


EVERY_TYPE: dict[str, Any] = {
    "fields": [
        {"name": "subject", "type": "text", "required": True, "max_length": 10, "label": label("用件")},
        {"name": "why", "type": "long_text", "label": label("理由"), "help": label("詳しく")},
        {"name": "count", "type": "integer", "minimum": 1, "maximum": 9, "label": label("人数")},
        {"name": "fee", "type": "amount", "label": label("費用")},
        {"name": "day", "type": "date", "label": label("日")},
        {"name": "stay", "type": "date_range", "label": label("期間")},
        {
            "name": "kind",
            "type": "choice",
            "label": label("区分"),
            "options": [{"value": "a", "label": label("甲")}, {"value": "b", "label": label("乙")}],
        },
        {"name": "unit", "type": "department", "label": label("部署")},
        {"name": "guest", "type": "person", "label": label("同行者")},
        {
            "name": "rows",
            "type": "line_items",
            "required": True,
            "max_rows": 3,
            "label": label("明細"),
            "columns": [
                {"name": "what", "type": "text", "required": True, "label": label("品名")},
                {"name": "quantity", "type": "integer", "required": True, "minimum": 1, "label": label("数量")},
                {"name": "price", "type": "amount", "required": True, "label": label("単価")},
            ],
        },
    ],
    "total": {"name": "total", "label": label("合計"), "items": "rows", "multiply": ["quantity", "price"]},
}
SCHEMA = compile_form(EVERY_TYPE)
GOOD: dict[str, Any] = {"subject": "机", "rows": [{"what": "机", "quantity": 2, "price": 30_000}]}


def codes(content: dict[str, Any], *, complete: bool = True) -> dict[str, str]:
    _cleaned, problems = check_content(SCHEMA, content, complete=complete)
    return {problem.pointer: problem.code for problem in problems}


class TestCompileForm:
    def test_knows_ten_field_types(self) -> None:
        assert len(forms.FIELD_TYPES) == 10
        assert {field["type"] for field in EVERY_TYPE["fields"]} == set(forms.FIELD_TYPES)

    def test_makes_valid_json_schema(self) -> None:
        Draft202012Validator.check_schema(SCHEMA)

    def test_keeps_the_order_and_marks_the_total_as_computed(self) -> None:
        assert SCHEMA["x-order"][0] == "subject"
        assert SCHEMA["x-order"][-1] == "total"
        assert SCHEMA["properties"]["total"]["readOnly"] is True

    @pytest.mark.parametrize(
        ("fields", "total", "says"),
        [
            ([{"name": "x", "type": "colour", "label": label("色")}], None, "'colour' is unknown"),
            ([{"type": "text", "label": label("名")}], None, "name of its own"),
            ([{"name": "x", "type": "text", "label": label("名")}] * 2, None, "name of its own"),
            ([{"name": "x", "type": "text", "label": {"ja": "名"}}], None, "label in ja and en"),
            ([{"name": "x", "type": "choice", "label": label("名")}], None, "options"),
            (
                [{"name": "x", "type": "text", "label": label("名")}],
                {"name": "t", "label": label("計"), "sum": ["x"]},
                "not an amount",
            ),
            (
                [{"name": "x", "type": "amount", "label": label("名")}],
                {"name": "x", "label": label("計"), "sum": ["x"]},
                "already",
            ),
            ([{"name": "x", "type": "amount", "label": label("名")}], {"name": "t", "label": label("計")}, "needs sum"),
        ],
    )
    def test_names_the_field_that_cannot_be_published(self, fields: list[Any], total: Any, says: str) -> None:
        with pytest.raises(BadForm, match=says):
            compile_form({"fields": fields, "total": total})


class TestCheckContent:
    def test_computes_the_total_and_ignores_what_the_caller_says_it_is(self) -> None:
        cleaned, problems = check_content(SCHEMA, GOOD | {"total": 1}, complete=True)
        assert problems == []
        assert cleaned["total"] == 60_000
        assert total_of(SCHEMA, cleaned) == 60_000

    def test_leaves_blanks_out_and_trims(self) -> None:
        cleaned, problems = check_content(
            SCHEMA, GOOD | {"subject": "　机 ", "why": "  ", "fee": None, "stay": {"from": "", "to": ""}}, complete=True
        )
        assert problems == []
        assert cleaned["subject"] == "机"
        assert not {"why", "fee", "stay"} & cleaned.keys()

    @pytest.mark.parametrize(
        ("change", "pointer", "code"),
        [
            ({"subject": "  "}, "/subject", "required"),
            ({"subject": 5}, "/subject", "wrong_type"),
            ({"subject": "あ" * 11}, "/subject", "too_long"),
            ({"count": 0}, "/count", "too_small"),
            ({"count": 10}, "/count", "too_large"),
            ({"count": "3"}, "/count", "wrong_type"),
            ({"count": True}, "/count", "wrong_type"),
            ({"count": 1.5}, "/count", "wrong_type"),
            ({"fee": -1}, "/fee", "too_small"),
            ({"fee": 10**12}, "/fee", "too_large"),
            ({"day": "2026-02-29"}, "/day", "not_a_date"),
            ({"day": "20260401"}, "/day", "not_a_date"),
            ({"day": "2026-04-01T00:00:00"}, "/day", "not_a_date"),
            ({"stay": {"from": "2026-04-02", "to": "2026-04-01"}}, "/stay", "ends_before_start"),
            ({"stay": {"from": "2026-04-02"}}, "/stay/to", "required"),
            ({"stay": {"from": "x", "to": "2026-04-01"}}, "/stay/from", "not_a_date"),
            ({"stay": "2026-04-01"}, "/stay", "wrong_type"),
            ({"kind": "c"}, "/kind", "not_a_choice"),
            ({"unit": "営業"}, "/unit", "wrong_type"),
            ({"guest": 0}, "/guest", "too_small"),
            ({"rows": []}, "/rows", "required"),
            ({"rows": [{"what": "机", "quantity": 2}]}, "/rows/0/price", "required"),
            ({"rows": [{"what": "机", "quantity": 0, "price": 1}]}, "/rows/0/quantity", "too_small"),
            ({"rows": [{"what": "机", "quantity": 1, "price": 1, "x": 1}]}, "/rows/0/x", "unknown_field"),
            ({"rows": [GOOD["rows"][0]] * 4}, "/rows", "too_many"),
            ({"rows": "机"}, "/rows", "wrong_type"),
            ({"colour": "red"}, "/colour", "unknown_field"),
            (
                {"rows": [{"what": "机", "quantity": 999_999_999, "price": 999_999_999_999}]},
                "/total",
                "too_large",
            ),
        ],
    )
    def test_names_the_field_and_the_reason(self, change: dict[str, Any], pointer: str, code: str) -> None:
        assert codes(GOOD | change) == {pointer: code}

    def test_lists_every_problem_in_the_order_of_the_form(self) -> None:
        assert list(codes({"kind": "c", "count": 0})) == ["/subject", "/count", "/kind", "/rows"]

    def test_lets_a_draft_lack_fields_but_not_hold_wrong_ones(self) -> None:
        assert codes({}, complete=False) == {}
        assert codes({"rows": [{"what": "机"}]}, complete=False) == {}
        assert codes({"count": "x"}, complete=False) == {"/count": "wrong_type"}

    @pytest.mark.parametrize(("language", "says"), [("ja", "「人数」は"), ("en", "人数 en: ")])
    def test_says_it_in_the_readers_language(self, language: str, says: str) -> None:
        _cleaned, problems = check_content(SCHEMA, GOOD | {"count": 0}, complete=True)
        with translation.override(language):
            assert problems[0].detail.startswith(says)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*SCHEMA["properties"], "other"]), json_values), st.booleans())
def test_any_json_is_either_stored_in_the_forms_shape_or_refused_with_a_sentence(
    content: dict[str, Any], complete: bool
) -> None:
    cleaned, problems = check_content(SCHEMA, content, complete=complete)
    for problem in problems:
        assert problem.detail
    if complete and not problems:
        assert not list(Draft202012Validator(SCHEMA).iter_errors(cleaned))
        again, none = check_content(SCHEMA, cleaned, complete=True)
        assert (again, none) == (cleaned, [])
