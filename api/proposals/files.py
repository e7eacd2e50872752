"""Which files may stand beside a proposal: a closed table of kinds, how many, how large, and under which names."""

import unicodedata
from dataclasses import dataclass

from django.conf import settings

from api.proposals.errors import AttachmentEmpty, AttachmentNameInvalid, AttachmentTooLarge, AttachmentTypeRefused

LONGEST_NAME = 255
MEGABYTE = 1024 * 1024
ANY_TYPE = frozenset({"", "application/octet-stream"})
"""What browsers say of files whose type they do not know."""

# Characters that turn the direction of text: with them "見積\u202excod.exe" reads as if it ended in .docx.
# Joiners and variation selectors, which emoji need, are not among them.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class FileKind:
    """Files by one extension: the type they are stored and handed out as, and other names browsers have for it."""

    extension: str
    content_type: str
    also: frozenset[str] = frozenset()


def _kind(extension: str, content_type: str, *also: str) -> tuple[str, FileKind]:
    return extension, FileKind(extension, content_type, frozenset(also))


_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_ZIP = ("application/x-zip-compressed", "application/x-zip", "multipart/x-zip")

KINDS: dict[str, FileKind] = dict(
    [
        _kind("pdf", "application/pdf"),
        # Documents that can hold macros in the open (docm, xlsm, pptm) are left out on purpose.
        _kind("docx", f"{_OPEN_XML}wordprocessingml.document"),
        _kind("xlsx", f"{_OPEN_XML}spreadsheetml.sheet"),
        _kind("pptx", f"{_OPEN_XML}presentationml.presentation"),
        _kind("doc", "application/msword"),
        _kind("xls", "application/vnd.ms-excel"),
        _kind("ppt", "application/vnd.ms-powerpoint"),
        _kind("odt", "application/vnd.oasis.opendocument.text"),
        _kind("ods", "application/vnd.oasis.opendocument.spreadsheet"),
        _kind("odp", "application/vnd.oasis.opendocument.presentation"),
        _kind("xdw", "application/vnd.fujixerox.docuworks", "application/vnd.fujifilm.fb.docuworks"),
        _kind("xbd", "application/vnd.fujixerox.docuworks.binder", "application/vnd.fujifilm.fb.docuworks.binder"),
        _kind("jtd", "application/x-js-taro", "application/vnd.justsystem.ichitaro"),
        _kind("png", "image/png", "image/x-png"),
        _kind("jpg", "image/jpeg", "image/pjpeg", "image/jpg"),
        _kind("jpeg", "image/jpeg", "image/pjpeg", "image/jpg"),
        _kind("gif", "image/gif"),
        _kind("webp", "image/webp"),
        _kind("heic", "image/heic", "image/heif"),
        _kind("tif", "image/tiff", "image/tif"),
        _kind("tiff", "image/tiff", "image/tif"),
        _kind("bmp", "image/bmp", "image/x-ms-bmp"),
        # Windows with Excel says that CSV files are Excel's.
        _kind("csv", "text/csv", "application/vnd.ms-excel", "application/csv", "text/x-csv", "text/plain"),
        _kind("txt", "text/plain"),
        _kind("zip", "application/zip", *_ZIP),
    ]
)
"""Extension -> kind. Nothing here is run or drawn by a browser as a page of its own: no HTML, SVG or XML."""


@dataclass(frozen=True)
class Limits:
    """What a company allows: `largest` in bytes, `most` files on one proposal, `kinds` by extension."""

    largest: int
    most: int
    kinds: dict[str, FileKind]


def limits() -> Limits:
    """Return the limits of this stage."""
    return Limits(
        largest=settings.ATTACHMENTS_LARGEST,
        most=settings.ATTACHMENTS_MOST,
        kinds={extension: KINDS[extension] for extension in settings.ATTACHMENTS_TYPES},
    )


def checked_name(name: str) -> str:
    """Return a file's name as it is kept (NFC, without blanks around it); raises `AttachmentNameInvalid`.

    macOS spells が as か and a mark (NFD): kept as one character, it is found and compared like everyone else's.
    """
    name = unicodedata.normalize("NFC", name).strip()
    # What is said of it must not be turned around by what is wrong with it.
    shown = "".join("\ufffd" if _is_hidden(character) else character for character in name)
    has_slash = any(character in "/\\" for character in name)
    if shown != name or has_slash or name.strip(".") == "" or len(name) > LONGEST_NAME:
        raise AttachmentNameInvalid(name=shown, limit=LONGEST_NAME)
    return name


def _is_hidden(character: str) -> bool:
    return character in _TURNING or unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}


def checked_kind(name: str, *, content_type: str, size: int, within: Limits) -> FileKind:
    """Return the kind of a file that may be attached.

    Raises `AttachmentTypeRefused` where the name's extension is not allowed or `content_type`, what the browser says
    of it, contradicts the extension; `AttachmentEmpty` and `AttachmentTooLarge` for its size in bytes.
    """
    _stem, dot, extension = name.rpartition(".")
    kind = within.kinds.get(extension.lower()) if dot else None
    said = content_type.partition(";")[0].strip().lower()
    if kind is None or said not in ANY_TYPE | kind.also | {kind.content_type}:
        raise AttachmentTypeRefused(name=name, allowed=", ".join(within.kinds))
    if size < 1:
        raise AttachmentEmpty(name=name)
    if size > within.largest:
        raise AttachmentTooLarge(name=name, size=-(-size // MEGABYTE), limit=within.largest // MEGABYTE)
    return kind
