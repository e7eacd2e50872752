"""The bytes of a CSV file become the right characters, or the lines that cannot are named."""

import pytest

from api.integrations.directory.decoding import CP932, UTF8, decode, is_utf16

JAPANESE = "番号,氏名\n1,髙橋 﨑子\n2,渡邉 ～太郎\n"


class TestDecode:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
    def test_returns_what_was_written(self, encoding: str) -> None:
        decoded = decode(JAPANESE.encode(encoding))

        assert decoded.text == JAPANESE
        assert decoded.encoding == (CP932 if encoding == "cp932" else UTF8)
        assert decoded.bad_lines == ()

    def test_reads_plain_ascii_and_nothing(self) -> None:
        assert decode(b"code,name\r\n").text == "code,name\r\n"
        assert decode(b"").text == ""

    def test_names_a_line_of_cp932_in_a_file_of_utf8(self) -> None:
        data = JAPANESE.encode() + "3,岡田\n".encode("cp932") + "4,上田\n".encode()

        decoded = decode(data)

        assert (decoded.encoding, decoded.bad_lines) == (UTF8, (4,))
        assert "上田" in decoded.text

    def test_names_a_line_of_utf8_in_a_file_of_cp932(self) -> None:
        data = JAPANESE.encode("cp932") + "3,岡田\n".encode()

        decoded = decode(data)

        assert (decoded.encoding, decoded.bad_lines) == (CP932, (4,))

    def test_does_not_read_a_whole_file_as_cp932_because_of_one_line(self) -> None:
        # Every byte of it is also CP932, of characters that mean nothing.
        data = "氏名\n".encode() + "社長\n".encode() * 9 + "社員\n".encode("cp932")
        assert data.decode("cp932")

        assert decode(data).bad_lines == (11,)

    def test_believes_a_byte_order_mark(self) -> None:
        decoded = decode("氏名\n".encode("utf-8-sig") + "岡田\n上田\n原田\n".encode("cp932"))

        assert (decoded.encoding, decoded.bad_lines) == (UTF8, (2, 3, 4))

    @pytest.mark.parametrize("undefined", [b"\x80", b"\xa0", b"\xfd", b"\xfe", b"\xff"])
    def test_refuses_bytes_that_python_alone_gives_a_meaning_in_cp932(self, undefined: bytes) -> None:
        assert decode("岡田\n".encode("cp932") + undefined + b"\n").bad_lines == (2,)

    def test_shows_the_bytes_of_a_bad_line(self) -> None:
        assert "\\xff" in decode("上田\n".encode() + b"9,\xff\n").text


class TestIsUtf16:
    @pytest.mark.parametrize(
        ("data", "answer"), [("番号".encode("utf-16"), True), ("番号".encode(), False), (b"", False)]
    )
    def test_knows_it_by_its_mark(self, data: bytes, answer: bool) -> None:
        assert is_utf16(data) is answer
