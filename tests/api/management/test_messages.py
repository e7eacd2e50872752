"""The Japanese texts of the Python code: all there, and meaning the same values."""

from babel.messages import Catalog

from api.management.commands.messages import problems_of, updated


def catalog(english: str, japanese: str, *flags: str) -> Catalog:
    texts = Catalog(locale="ja")
    texts.add(english, japanese, flags=flags)
    return texts


class TestProblemsOf:
    def test_none_in_a_faithful_text(self) -> None:
        assert list(problems_of(catalog("{label}: at most {limit}.", "{label}は{limit}までです。"))) == []

    def test_a_missing_text(self) -> None:
        (problem,) = problems_of(catalog("Sign in first.", ""))

        assert problem == "No ja text for 'Sign in first.'. Write one in django.po."

    def test_a_text_that_nobody_has_confirmed(self) -> None:
        (problem,) = problems_of(catalog("Sign in first.", "ログインしてください。", "fuzzy"))

        assert "marked fuzzy" in problem

    def test_a_text_that_drops_or_invents_a_value(self) -> None:
        for japanese in ("{label}が長すぎます。", "{label}は{max}までです。"):
            (problem,) = problems_of(catalog("{label}: at most {limit}.", japanese))
            assert "other placeholders" in problem


class TestUpdated:
    def test_keeps_translations_of_texts_that_the_code_still_has(self) -> None:
        texts = updated(catalog("Sign in first.", "まずログインしてください。"))

        assert texts.get("Sign in first.").string == "まずログインしてください。"  # type: ignore[union-attr]  # it is there

    def test_drops_what_the_code_no_longer_says(self) -> None:
        assert updated(catalog("Nobody says this.", "誰も言わない")).get("Nobody says this.") is None
