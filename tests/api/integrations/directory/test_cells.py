"""One cell: what people type, and the value it means."""

import datetime as dt

import pytest

from api.integrations.directory.cells import BadCell, Value, clean, find_unusable_character, parse
from api.integrations.directory.columns import NO, YES, Kind
from api.organization.ports import Problem

APRIL_1 = dt.date(2026, 4, 1)


class TestParse:
    @pytest.mark.parametrize(
        ("cell", "kind", "value"),
        [
            ("2026-04-01", Kind.DATE, APRIL_1),
            ("2026/4/1", Kind.DATE, APRIL_1),
            ("2026/04/01", Kind.DATE, APRIL_1),
            ("２０２６／４／１", Kind.DATE, APRIL_1),
            ("２０２６－０４－０１", Kind.DATE, APRIL_1),
            ("9999/12/31", Kind.OPEN_DATE, dt.date(9999, 12, 31)),
            ("", Kind.OPEN_DATE, None),
            ("５０", Kind.WHOLE_NUMBER, 50),
            ("0", Kind.WHOLE_NUMBER, 0),
            ("", Kind.MARK, False),
            ("○", Kind.MARK, True),
            ("TRUE", Kind.YES_NO, True),
            ("Ｙｅｓ", Kind.YES_NO, True),
            ("在職", Kind.YES_NO, True),
            ("退職", Kind.YES_NO, False),
            ("×", Kind.YES_NO, False),
            ("ﾀﾅｶ", Kind.NORMALIZED_TEXT, "タナカ"),
            ("０００１２", Kind.NORMALIZED_TEXT, "00012"),
            ("ＩＴ推進課", Kind.TEXT, "ＩＴ推進課"),
            ("髙﨑～", Kind.TEXT, "髙﨑～"),
        ],
    )
    def test_understands(self, cell: str, kind: Kind, value: Value) -> None:
        found = parse(cell, kind)

        assert found == value
        assert type(found) is type(value)

    @pytest.mark.parametrize(
        ("cell", "kind", "code"),
        [
            ("2026-04-31", Kind.DATE, Problem.NOT_A_DATE),
            ("2026-4/1", Kind.DATE, Problem.NOT_A_DATE),
            ("20260401", Kind.DATE, Problem.NOT_A_DATE),
            ("4/1/2026", Kind.DATE, Problem.NOT_A_DATE),
            ("2026/4/1 0:00", Kind.OPEN_DATE, Problem.NOT_A_DATE),
            ("0000-01-01", Kind.DATE, Problem.NOT_A_DATE),
            ("", Kind.DATE, Problem.EMPTY),
            ("", Kind.YES_NO, Problem.EMPTY),
            ("x", Kind.YES_NO, Problem.NOT_YES_OR_NO),
            ("2", Kind.MARK, Problem.NOT_YES_OR_NO),
            ("", Kind.WHOLE_NUMBER, Problem.EMPTY),
            ("5.0", Kind.WHOLE_NUMBER, Problem.NOT_A_WHOLE_NUMBER),
            ("1,000", Kind.WHOLE_NUMBER, Problem.NOT_A_WHOLE_NUMBER),
            ("-1", Kind.WHOLE_NUMBER, Problem.NOT_A_WHOLE_NUMBER),
            ("٣", Kind.WHOLE_NUMBER, Problem.NOT_A_WHOLE_NUMBER),
            ("9" * 5000, Kind.WHOLE_NUMBER, Problem.NOT_A_WHOLE_NUMBER),
        ],
    )
    def test_says_what_a_cell_is_not(self, cell: str, kind: Kind, code: Problem) -> None:
        with pytest.raises(BadCell) as caught:
            parse(cell, kind)

        assert caught.value.code is code

    def test_never_takes_one_word_for_both_yes_and_no(self) -> None:
        assert not YES & NO
        assert all(word == word.casefold() for word in YES | NO)


class TestClean:
    @pytest.mark.parametrize(
        ("cell", "cleaned"),
        [
            ("  営業部　 ", "営業部"),
            ("Sales\r\nSection", "Sales Section"),
            ("営業\t部", "営業 部"),
            ("山田　太郎", "山田　太郎"),
            ("　", ""),
        ],
    )
    def test_takes_blanks_away_outside_and_breaks_inside(self, cell: str, cleaned: str) -> None:
        assert clean(cell) == cleaned


class TestFindUnusableCharacter:
    @pytest.mark.parametrize("character", ["\x00", "\x1b", "\x85", "\ue000", "\U000f0000", "�"])
    def test_finds_what_other_computers_cannot_show(self, character: str) -> None:
        assert find_unusable_character(f"小{character}野") == character

    @pytest.mark.parametrize("text", ["髙橋", "葛\U000e0100城", "山田　太郎", "Ångström", ""])
    def test_lets_letters_variation_marks_and_blanks_be(self, text: str) -> None:
        assert find_unusable_character(text) is None
