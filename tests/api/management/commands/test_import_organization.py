"""`manage.py import_organization`: what whoever runs it reads, in both languages."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from api.organization.models import Person, SyncRun
from api.organization.ports import Noun
from tests.organization_files import contents

FILES = Path(__file__).parents[2] / "integrations/directory/files"


def files_of(folder: Path) -> list[str]:
    return [f"--{noun}={folder / f'{noun}.csv'}" for noun in Noun]


def run(folder: Path, *options: str, language: str = "en", stderr: io.StringIO | None = None) -> str:
    """Return what the command writes to its standard output."""
    stdout = io.StringIO()
    words = [*files_of(folder), *options, f"--language={language}"]
    call_command("import_organization", *words, stdout=stdout, stderr=stderr or io.StringIO())
    return stdout.getvalue()


def refusal(folder: Path, language: str = "en") -> tuple[str, CommandError]:
    stderr = io.StringIO()
    with pytest.raises(CommandError) as caught:
        run(folder, language=language, stderr=stderr)
    return stderr.getvalue(), caught.value


@pytest.mark.django_db
class TestGoodFiles:
    def test_are_taken_over_and_told(self) -> None:
        told = run(FILES / "minato")

        assert "people, added: 5\n" in told
        assert "  + 00002 髙橋 恵美\n" in told
        assert told.endswith("Done: 18 rows changed.\n")
        assert Person.objects.filter(source="csv").count() == 5
        assert SyncRun.objects.get().by is None

    def test_are_told_in_japanese(self) -> None:
        told = run(FILES / "minato", language="ja")

        assert "社員, 追加: 5\n" in told
        assert told.endswith("完了しました。18件を変更しました。\n")

    def test_change_nothing_in_a_dry_run(self) -> None:
        told = run(FILES / "minato", "--dry-run")

        assert told.endswith("18 rows would change. This was a dry run: nothing was changed.\n")
        assert not Person.objects.exists()

    def test_change_nothing_the_second_time(self) -> None:
        run(FILES / "aoba")

        told = run(FILES / "aoba")

        assert told == (
            "departments, as before: 6\npeople, as before: 6\nposts, as before: 10\n"
            "Nothing to change: the organisation is already as the files say.\n"
        )

    def test_show_the_difference_that_they_make(self, tmp_path: Path) -> None:
        run(FILES / "aoba")
        for noun in Noun:
            text = (FILES / "aoba" / f"{noun}.csv").read_text(encoding="utf-8-sig")
            text = text.replace("0003,t.ueda,上田", "0003,t.ueda,植田").replace("0005,k.ooki", "0007,new.name")
            text = text.replace("0005,2", "0007,2").replace("0002,100,P070,部長,70", "0002,100,P070,部長,75")
            (tmp_path / f"{noun}.csv").write_text(text, encoding="utf-8")

        told = run(tmp_path)

        assert "  ~ 0003 植田 健 [family name: 上田 → 植田]\n" in told
        assert "  + 0007 大木 香織\n" in told
        assert "  - 0005 大木 香織\n" in told
        assert "  ~ 0002 井上 真理子, 営業部 部長 (2020-04-01–) [rank: 70 → 75]\n" in told
        assert "people, as before: 4\n" in told

    def test_name_columns_that_are_not_read(self) -> None:
        stderr = io.StringIO()

        run(FILES / "aoba", stderr=stderr)

        assert "the column “備考” means nothing here" in stderr.getvalue()

    def test_leave_other_sources_rows_alone_and_say_so(self) -> None:
        Person.objects.create_user("admin", employee_number="A", family_name="管", given_name="理")

        told = run(FILES / "aoba")

        assert "people, left alone because another source owns them (entered by hand): 1\n" in told


@pytest.mark.django_db
class TestLongLists:
    @pytest.fixture
    def company(self, tmp_path: Path) -> Path:
        """Return the folder of a company with 6,000 people."""
        rows = {
            Noun.DEPARTMENTS: ["code,name,name_en,parent_code,valid_from,valid_to", "1,本社,,,2020-04-01,"],
            Noun.PEOPLE: [
                "employee_number,username,family_name,given_name,family_name_kana,given_name_kana,name_en,email,active",
                *(f"{number:04},user{number},田中,太郎,,,,,1" for number in range(6000)),
            ],
            Noun.POSTS: [
                "employee_number,department_code,title_code,title,rank,primary,valid_from,valid_to",
                "0000,1,P,社長,100,1,2020-04-01,",
            ],
        }
        for noun, lines in rows.items():
            (tmp_path / f"{noun}.csv").write_text("\n".join(lines), encoding="utf-8")
        return tmp_path

    def test_are_shortened_with_a_count(self, company: Path) -> None:
        stderr = io.StringIO()

        told = run(company, "--dry-run", stderr=stderr)

        assert "people, added: 6,000\n" in told
        assert "  … and 5,990 more (--verbose lists all)\n" in told
        assert told.count("田中") == 11  # ten people, one post
        assert "people.csv: 5,000 rows" in stderr.getvalue()

    def test_are_whole_when_asked_for(self, company: Path) -> None:
        told = run(company, "--dry-run", "--verbose")

        assert "more" not in told
        assert told.count("\n  + ") == 6002


@pytest.mark.django_db
class TestBadFiles:
    def test_change_nothing_and_end_with_code_1(self) -> None:
        told, error = refusal(FILES / "broken")

        assert str(error) == "33 problems. Nothing was changed."
        assert error.returncode == 1
        assert len([line for line in told.splitlines() if not line.startswith("    ")]) == 33
        assert not Person.objects.exists()

    def test_are_named_with_file_line_column_value_and_remedy(self) -> None:
        told, _error = refusal(FILES / "broken")

        assert (
            f"{FILES / 'broken/posts.csv'}, line 8, rank (rank)\n"
            "    “ten” is no whole number.\n"
            "    Write digits only, such as 50. A larger number is a higher rank.\n"
        ) in told

    def test_are_told_in_japanese(self) -> None:
        told, error = refusal(FILES / "broken", language="ja")

        assert str(error) == "33件の誤りがあります。何も変更していません。"
        assert (
            f"{FILES / 'broken/departments.csv'} 4行目 上位部署コード (parent_code)\n"
            "    上位部署が循環しています: 300 → 310 → 320 → 300\n"
            "    いずれかの部署の上位部署コードを直してください。\n"
        ) in told

    def test_are_refused_in_a_dry_run_too(self) -> None:
        with pytest.raises(CommandError):
            run(FILES / "broken", "--dry-run")

    def test_that_are_missing_are_named_without_a_line(self, tmp_path: Path) -> None:
        told, error = refusal(tmp_path)

        assert told.splitlines()[0] == str(tmp_path / "departments.csv")
        assert str(error) == "3 problems. Nothing was changed."


@pytest.mark.parametrize("words", [[], ["--departments=d.csv", "--people=p.csv"]])
def test_all_three_files_are_needed(words: list[Any]) -> None:
    with pytest.raises(CommandError, match="required"):
        call_command("import_organization", *words)


@pytest.mark.django_db
class TestManyWhoLeave:
    def test_need_their_number(self, tmp_path: Path) -> None:
        def write(leaving: int) -> None:
            for noun, data in contents(20, leaving=leaving).items():
                (tmp_path / f"{noun}.csv").write_bytes(data)

        write(0)
        run(tmp_path)
        write(6)

        assert "--deactivating 6" in run(tmp_path, "--dry-run")
        for words in ([], ["--deactivating=5"]):
            with pytest.raises(CommandError, match="6 of 20 people would be deactivated"):
                run(tmp_path, *words)
        assert Person.objects.filter(is_active=True).count() == 20

        run(tmp_path, "--deactivating=6")
        assert Person.objects.filter(is_active=True).count() == 14
