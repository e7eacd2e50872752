"""Text is found however it is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.organization.folding import fold, join_words


class TestFold:
    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("たなか", "タナカ"),
            ("ﾀﾅｶ", "タナカ"),
            ("ガ", "カ\u3099"),
            ("高橋", "髙橋"),
            ("山崎", "山﨑"),
            ("渡辺", "渡邉"),
            ("斉藤", "齋藤"),
            ("it推進", "ＩＴ推進"),
            ("TANAKA", "tanaka"),
            ("田中 太郎", " 田中　太郎 "),
            ("００１２", "0012"),
        ],
    )
    def test_brings_together_what_people_take_for_the_same(self, typed: str, stored: str) -> None:
        assert fold(typed) == fold(stored)

    @pytest.mark.parametrize(("one", "other"), [("高田", "高木"), ("タナカ", "タナガ"), ("大野", "小野")])
    def test_keeps_apart_what_differs(self, one: str, other: str) -> None:
        assert fold(one) != fold(other)

    @given(st.text())
    def test_folds_nothing_further_the_second_time(self, text: str) -> None:
        assert fold(fold(text)) == fold(text)


class TestJoinWords:
    def test_puts_each_word_once_behind_a_blank(self) -> None:
        assert join_words("Taro Tanaka", "", "TANAKA", "田中") == " taro tanaka 田中"

    def test_of_nothing_is_empty(self) -> None:
        assert join_words("", "　") == ""
