"""The three CSV files of a company, as they really come."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from api.integrations.directory.csv_files import CsvFiles
from api.organization.ports import (
    DepartmentRecord,
    DirectorySource,
    Noun,
    OrganizationSnapshot,
    PersonRecord,
    Place,
    PostRecord,
    Problem,
    UnreadColumn,
)

FILES = Path(__file__).parent / "files"
HEADERS = {
    Noun.DEPARTMENTS: "code,name,name_en,parent_code,valid_from,valid_to",
    Noun.PEOPLE: "employee_number,username,family_name,given_name,family_name_kana,given_name_kana,name_en,email,"
    "active",
    Noun.POSTS: "employee_number,department_code,title_code,title,rank,primary,valid_from,valid_to",
}
ROWS = {
    Noun.DEPARTMENTS: "1,本社,,,2020-04-01,",
    Noun.PEOPLE: "1,sato,佐藤,一,,,,,1",
    Noun.POSTS: "1,1,P,社長,100,1,2020-04-01,",
}

type Write = Callable[..., OrganizationSnapshot]


def files_in(folder: Path, on_progress: Callable[[Path, int], None] = lambda _path, _rows: None) -> DirectorySource:
    return CsvFiles(
        departments=folder / "departments.csv",
        people=folder / "people.csv",
        posts=folder / "posts.csv",
        on_progress=on_progress,
    )


def read(company: str) -> OrganizationSnapshot:
    return files_in(FILES / company).read()


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Return a function that writes the three files, each given as text or bytes or else good, and reads them."""

    def write(**given: str | bytes) -> OrganizationSnapshot:
        for noun in Noun:
            content = given.get(noun.value, f"{HEADERS[noun]}\n{ROWS[noun]}\n")
            data = content if isinstance(content, bytes) else content.encode()
            (tmp_path / f"{noun}.csv").write_bytes(data)
        return files_in(tmp_path).read()

    return write


def found(snapshot: OrganizationSnapshot) -> list[tuple[int | None, str, Problem]]:
    return [(bad.place.line, bad.column, bad.code) for bad in snapshot.problems]


class TestUtf8WithEnglishHeaders:
    """青葉商事: a byte order mark, departments out of order, quoted line breaks, a column of their own."""

    def test_is_read_whole(self) -> None:
        snapshot = read("aoba")

        assert snapshot.problems == ()
        assert [len(snapshot.departments), len(snapshot.people), len(snapshot.posts)] == [6, 6, 10]
        assert snapshot.source == "csv"

    def test_keeps_what_stands_in_quotes(self) -> None:
        names = {record.code: (record.name, record.name_en) for record in read("aoba").departments}

        assert names["110"] == ("営業一課", "Sales Section 1")
        assert names["120"] == ("営業二課, 首都圏", "Sales Section 2")
        assert names["210"] == ('ＩＴ"推進"課', "IT")

    def test_counts_lines_as_an_editor_does(self) -> None:
        places = {record.code: record.place.line for record in read("aoba").departments}

        # 110 takes two lines, and an empty line and one of commas come between.
        assert places == {"110": 2, "120": 4, "100": 5, "001": 7, "200": 8, "210": 10}

    def test_names_the_column_it_does_not_read(self) -> None:
        assert read("aoba").unread_columns == (UnreadColumn(str(FILES / "aoba/departments.csv"), "備考"),)

    def test_reads_posts_that_begin_later_and_people_who_hold_two(self) -> None:
        posts = [record for record in read("aoba").posts if record.employee_number == "0004"]

        assert posts == [
            PostRecord(
                place=Place(str(FILES / "aoba/posts.csv"), line),
                employee_number="0004",
                department_code=department,
                title_code="P050",
                title="課長",
                rank=50,
                is_primary=True,
                valid_from=begin,
                valid_to=end,
            )
            for line, department, begin, end in (
                (7, "120", dt.date(2021, 10, 1), dt.date(2027, 3, 31)),
                (8, "110", dt.date(2027, 4, 1), None),
            )
        ]


class TestCp932WithJapaneseHeaders:
    """湊精機: CRLF, columns in an order of their own, full-width digits, half-width kana, blanks of both widths."""

    def test_is_read_whole(self) -> None:
        snapshot = read("minato")

        assert snapshot.problems == ()
        assert [len(snapshot.departments), len(snapshot.people), len(snapshot.posts)] == [5, 5, 8]

    def test_reads_a_department(self) -> None:
        assert read("minato").departments[1] == DepartmentRecord(
            place=Place(str(FILES / "minato/departments.csv"), 3),
            code="010",
            name="製造本部",
            name_en="Manufacturing",
            parent_code="000",
            valid_from=dt.date(2001, 4, 1),
            valid_to=dt.date(9999, 12, 31),
        )

    def test_reads_a_person(self) -> None:
        assert read("minato").people[1] == PersonRecord(
            place=Place(str(FILES / "minato/people.csv"), 3),
            employee_number="00002",
            username="e-takahashi",
            family_name="髙橋",
            given_name="恵美",
            family_name_kana="タカハシ",
            given_name_kana="エミ",
            name_en="Emi Takahashi",
            email="e-takahashi@minato.example",
            is_active=True,
        )

    def test_keeps_the_characters_that_only_cp932_has(self) -> None:
        snapshot = read("minato")

        assert [record.name for record in snapshot.departments] == [
            "湊精機株式会社",
            "製造本部",
            "第一製造部（～いわき）",
            "第二製造部",
            "髙精度加工課",
        ]
        # The second byte of ソ, 能, 申, 表 and 示 is that of a backslash or nearly.
        names = [record.family_name + record.given_name for record in snapshot.people]
        assert names == ["湊﨑次郎", "髙橋恵美", "山﨑～太郎", "渡邉ソ能", "申表 示"]

    def test_takes_full_width_forms_of_numbers_for_numbers(self) -> None:
        snapshot = read("minato")

        assert snapshot.posts[0].rank == 100
        assert snapshot.posts[6].valid_to == dt.date(2026, 9, 30)
        assert snapshot.people[0].family_name_kana == "ミナト"
        assert snapshot.people[3].email == "s-watanabe@minato.example"


class TestLines:
    def test_with_bad_cells_are_all_reported_and_left_out(self, written: Write) -> None:
        snapshot = written(posts=f"{HEADERS[Noun.POSTS]}\n1,1,P,社長,first,?,2020-13-01,then\n{ROWS[Noun.POSTS]}\n")

        assert found(snapshot) == [
            (2, "rank", Problem.NOT_A_WHOLE_NUMBER),
            (2, "primary", Problem.NOT_YES_OR_NO),
            (2, "valid_from", Problem.NOT_A_DATE),
            (2, "valid_to", Problem.NOT_A_DATE),
        ]
        assert [bad.value for bad in snapshot.problems] == ["first", "?", "2020-13-01", "then"]
        assert [record.place.line for record in snapshot.posts] == [3]

    def test_with_bad_cells_still_tell_their_key(self, written: Write) -> None:
        snapshot = written(people=f"{HEADERS[Noun.PEOPLE]}\n7,sato,佐藤,一,,,,,maybe\n")

        assert snapshot.unread[Noun.PEOPLE] == {"7"}
        assert snapshot.incomplete == frozenset()

    def test_may_leave_out_empty_cells_at_the_end(self, written: Write) -> None:
        snapshot = written(posts=f"{HEADERS[Noun.POSTS]}\n1,1,P,社長,100,1,2020-04-01\n")

        assert snapshot.problems == ()
        assert snapshot.posts[0].valid_to is None

    def test_may_have_empty_cells_too_many(self, written: Write) -> None:
        assert written(posts=f"{HEADERS[Noun.POSTS]}\n{ROWS[Noun.POSTS]},,\n").problems == ()

    def test_with_cells_too_many_are_reported(self, written: Write) -> None:
        snapshot = written(posts=f"{HEADERS[Noun.POSTS]}\n{ROWS[Noun.POSTS]},,surplus\n")

        assert found(snapshot) == [(2, "", Problem.TOO_MANY_CELLS)]
        assert snapshot.problems[0].values == {"expected": 8, "found": 10}

    @pytest.mark.parametrize("line", ['1,1,P,"社"長,100,1,2020-04-01,', '1,1,P,"社長,100,1,2020-04-01,'])
    def test_with_broken_quotes_are_reported(self, written: Write, line: str) -> None:
        snapshot = written(posts=f"{HEADERS[Noun.POSTS]}\n{line}\n")

        assert found(snapshot) == [(2, "", Problem.BAD_QUOTES)]
        assert snapshot.incomplete == {Noun.POSTS}

    def test_in_another_encoding_are_reported_with_their_bytes(self, written: Write) -> None:
        good = f"{HEADERS[Noun.PEOPLE]}\n{ROWS[Noun.PEOPLE]}\n".encode()

        snapshot = written(people=good + "2,ito,伊藤,二,,,,,1\n".encode("cp932"))

        assert found(snapshot) == [(3, "", Problem.NOT_DECODABLE)]
        assert snapshot.problems[0].value.startswith("2,ito,\\x88")
        assert snapshot.incomplete == {Noun.PEOPLE}

    def test_with_a_character_of_the_companys_own_are_reported(self, written: Write) -> None:
        snapshot = written(people=f"{HEADERS[Noun.PEOPLE]}\n1,ono,小\ue000野,一,,,,,1\n".encode("cp932"))

        assert found(snapshot) == [(2, "family_name", Problem.UNUSABLE_CHARACTER)]
        assert snapshot.problems[0].values == {"character": "U+E000"}

    @pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
    def test_end_as_any_system_ends_them(self, written: Write, line_end: str) -> None:
        text = line_end.join([HEADERS[Noun.POSTS], ROWS[Noun.POSTS], "", "1,1,Q,部長,?,0,2020-04-01,", ""])

        assert found(written(posts=text)) == [(4, "rank", Problem.NOT_A_WHOLE_NUMBER)]


class TestHeaders:
    def test_that_are_missing_are_named_with_those_that_mean_nothing(self, written: Write) -> None:
        header = HEADERS[Noun.POSTS].replace("rank", "level").replace(",primary", "")

        snapshot = written(posts=f"{header}\n{ROWS[Noun.POSTS]}\n")

        assert found(snapshot) == [(1, "rank", Problem.COLUMN_MISSING), (1, "primary", Problem.COLUMN_MISSING)]
        assert snapshot.problems[0].values == {"japanese": "役職順位", "unknown": "level"}
        assert snapshot.incomplete == {Noun.POSTS}

    def test_that_mean_the_same_are_named(self, written: Write) -> None:
        snapshot = written(posts=f"{HEADERS[Noun.POSTS]},ランク\n{ROWS[Noun.POSTS]}\n")

        assert found(snapshot) == [(1, "rank", Problem.COLUMN_DOUBLED)]
        assert (snapshot.problems[0].value, snapshot.problems[0].values) == ("ランク", {"first": "rank"})

    def test_may_stand_below_empty_lines(self, written: Write) -> None:
        assert written(posts=f"\n\n{HEADERS[Noun.POSTS]}\n{ROWS[Noun.POSTS]}\n").posts[0].place.line == 4


class TestFiles:
    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", Problem.FILE_EMPTY),
            ("\ufeff\r\n".encode(), Problem.FILE_EMPTY),
            (HEADERS[Noun.PEOPLE].encode(), Problem.FILE_WITHOUT_ROWS),
            (f"{HEADERS[Noun.PEOPLE]}\n{ROWS[Noun.PEOPLE]}".encode("utf-16"), Problem.FILE_IN_UTF16),
        ],
    )
    def test_that_hold_nothing_to_read_are_reported(self, written: Write, content: bytes, code: Problem) -> None:
        snapshot = written(people=content)

        assert found(snapshot)[0] == (None, "", code)
        assert snapshot.incomplete == {Noun.PEOPLE}

    def test_that_are_not_there_or_no_files_are_reported(self, tmp_path: Path) -> None:
        missing = tmp_path / "missing.csv"

        snapshot = CsvFiles(departments=missing, people=missing, posts=tmp_path).read()

        assert [(bad.place.file, bad.code) for bad in snapshot.problems] == [
            (str(missing), Problem.FILE_NOT_FOUND),
            (str(missing), Problem.FILE_NOT_FOUND),
            (str(tmp_path), Problem.FILE_NOT_READABLE),
        ]

    def test_that_are_large_report_how_far_they_are_read(self, tmp_path: Path) -> None:
        for noun in Noun:
            rows = [ROWS[noun]] * (12_000 if noun is Noun.POSTS else 1)
            (tmp_path / f"{noun}.csv").write_text("\n".join([HEADERS[noun], *rows]), encoding="utf-8")
        seen: list[tuple[str, int]] = []

        files_in(tmp_path, on_progress=lambda path, rows: seen.append((path.name, rows))).read()

        assert seen == [("posts.csv", 5000), ("posts.csv", 10_000)]
