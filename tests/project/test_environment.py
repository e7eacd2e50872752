"""The variables: what is read, what is assumed, and what stops the start."""

import pytest

from project import environment as env


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in env.VARIABLES:
        monkeypatch.delenv(name, raising=False)


class TestRead:
    def test_returns_what_is_set(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CLOISTER_STAGE", "poc")
        monkeypatch.setenv("CLOISTER_DATABASE_HOST", "db.internal")

        assert env.read(env.DATABASE_HOST) == "db.internal"

    def test_assumes_a_developers_machine_only_in_the_local_stage(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CLOISTER_STAGE", "local")

        assert env.read(env.ALLOWED_HOSTS) == "localhost,127.0.0.1,[::1]"

    @pytest.mark.parametrize("value", [None, ""], ids=["not set", "empty"])
    def test_stops_a_stage_that_lacks_what_it_needs(self, value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CLOISTER_STAGE", "production")
        if value is not None:
            monkeypatch.setenv("CLOISTER_DATABASE_HOST", value)

        with pytest.raises(env.MissingVariable) as stopped:
            env.read(env.DATABASE_HOST)

        message = str(stopped.value)
        assert message.startswith("CLOISTER_DATABASE_HOST is not set. PostgreSQL's host")
        assert "CLOISTER_DATABASE_HOST='db.abc.ap-northeast-1.rds.amazonaws.com'" in message
        assert "docs/settings.md" in message

    def test_never_guesses_the_stage(self) -> None:
        with pytest.raises(env.MissingVariable, match="CLOISTER_STAGE is not set"):
            env.read(env.SPA_ORIGINS)


class TestReadList:
    def test_splits_at_commas_and_drops_blanks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CLOISTER_ALLOWED_HOSTS", " a.test , b.test,,")

        assert env.read_list(env.ALLOWED_HOSTS) == ["a.test", "b.test"]


class TestReadWholeNumber:
    def test_returns_a_number_within_its_bounds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CLOISTER_FISCAL_YEAR_START_MONTH", "12")

        assert env.read_whole_number(env.FISCAL_YEAR_START_MONTH, low=1, high=12) == 12

    @pytest.mark.parametrize("value", ["0", "13", "-4", "4.0", "April", "４", " 4"])
    def test_refuses_anything_else_and_says_what_is_wanted(self, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CLOISTER_FISCAL_YEAR_START_MONTH", value)

        with pytest.raises(env.BadVariable) as refused:
            env.read_whole_number(env.FISCAL_YEAR_START_MONTH, low=1, high=12)

        assert f"CLOISTER_FISCAL_YEAR_START_MONTH={value!r}" in str(refused.value)
        assert "a whole number from 1 to 12" in str(refused.value)


class TestVariables:
    @pytest.mark.parametrize("variable", env.VARIABLES.values(), ids=lambda variable: variable.name)
    def test_each_says_what_it_is_for_and_how_it_looks(self, variable: env.Variable) -> None:
        of_lambda = (env.AWS_REGION, env.FUNCTION_NAME)  # set by Lambda itself
        assert variable.name.startswith("CLOISTER_") or variable in of_lambda
        assert variable.purpose.endswith(".")
        assert variable.example

    def test_no_secret_has_a_value_of_its_own(self) -> None:
        assert {(v.local, v.deployed) for v in env.VARIABLES.values() if v.secret} <= {("", None), ("", "")}
