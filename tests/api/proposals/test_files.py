"""Names survive, and only kinds of the table pass."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.proposals import files
from api.proposals.errors import AttachmentEmpty, AttachmentNameInvalid, AttachmentTooLarge, AttachmentTypeRefused
from project.environment import ATTACHMENTS_TYPES


class TestName:
    @pytest.mark.parametrize(
        "name", ["見積書.pdf", "髙﨑～①㈱.xlsx", "領収書👨‍👩‍👧‍👦❤️.png", "a b  c.txt", ".env.txt", "が" * 251 + ".pdf"]
    )
    def test_survives(self, name: str) -> None:
        assert files.checked_name(name) == name

    def test_of_a_mac_is_kept_as_everyone_elses(self) -> None:
        assert files.checked_name(unicodedata.normalize("NFD", "ガイド.pdf")) == "ガイド.pdf"

    def test_loses_blanks_around_it(self) -> None:
        assert files.checked_name("  見積書.pdf\u3000") == "見積書.pdf"

    @pytest.mark.parametrize(
        "name",
        [
            "",
            " ",
            ".",
            "..",
            "../../etc/passwd.txt",
            "C:\\秘密\\見積書.pdf",
            "a/b.pdf",
            "a\nb.pdf",
            "a\x00.pdf",
            "a\x7f.pdf",
            "a\u2028b.pdf",
            "見積\u202efdp.exe.pdf",  # reads as if it ended in exe.pdf turned round
            "x" * 252 + ".pdf",
        ],
    )
    def test_that_is_none_is_refused(self, name: str) -> None:
        with pytest.raises(AttachmentNameInvalid):
            files.checked_name(name)

    @given(st.text(max_size=300))
    def test_is_refused_or_safe_and_stays_as_it_is(self, name: str) -> None:
        try:
            kept = files.checked_name(name)
        except AttachmentNameInvalid:
            return
        assert files.checked_name(kept) == kept
        assert 0 < len(kept) <= 255
        assert not {"/", "\\", "\n", "\r", "\x00"} & set(kept)

    def test_is_not_turned_around_by_what_is_said_of_it(self) -> None:
        with pytest.raises(AttachmentNameInvalid) as refused:
            files.checked_name("見積\u202excod.exe")
        assert refused.value.values["name"] == "見積\ufffdxcod.exe"


class TestKind:
    @pytest.mark.parametrize(
        ("name", "said", "content_type"),
        [
            ("a.pdf", "application/pdf", "application/pdf"),
            ("A.PDF", "", "application/pdf"),
            ("a.b.zip", "application/x-zip-compressed", "application/zip"),
            ("a.csv", "application/vnd.ms-excel", "text/csv"),
            ("a.txt", "text/plain; charset=utf-8", "text/plain"),
            ("a.jpeg", "IMAGE/JPEG", "image/jpeg"),
            ("設計.xdw", "application/octet-stream", "application/vnd.fujixerox.docuworks"),
        ],
    )
    def test_is_decided_by_the_extension(self, name: str, said: str, content_type: str) -> None:
        kind = files.checked_kind(name, content_type=said, size=1, within=files.limits())
        assert kind.content_type == content_type

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("a.exe", ""),
            ("a.html", "text/html"),
            ("a.svg", "image/svg+xml"),
            ("a.docm", ""),
            ("pdf", "application/pdf"),
            ("a.", ""),
            ("a.pdf", "text/html"),
            ("a.png", "image/svg+xml"),
        ],
    )
    def test_outside_of_the_table_is_refused(self, name: str, said: str) -> None:
        with pytest.raises(AttachmentTypeRefused):
            files.checked_kind(name, content_type=said, size=1, within=files.limits())

    def test_has_a_size(self) -> None:
        limits = files.limits()
        files.checked_kind("a.pdf", content_type="", size=limits.largest, within=limits)
        with pytest.raises(AttachmentTooLarge) as refused:
            files.checked_kind("a.pdf", content_type="", size=limits.largest + 1, within=limits)
        assert refused.value.values == {"name": "a.pdf", "size": 51, "limit": 50}
        with pytest.raises(AttachmentEmpty):
            files.checked_kind("a.pdf", content_type="", size=0, within=limits)

    def test_can_be_taken_out_by_the_company(self, settings: object) -> None:
        settings.ATTACHMENTS_TYPES = ["pdf"]  # type: ignore[attr-defined]  # pytest-django's wrapper
        with pytest.raises(AttachmentTypeRefused):
            files.checked_kind("a.zip", content_type="", size=1, within=files.limits())

    def test_of_the_table_are_the_settings_default(self) -> None:
        assert ATTACHMENTS_TYPES.deployed == ",".join(files.KINDS)
