"""Keep the Japanese texts of the Python code complete: collect them, or check them. Needs no GNU gettext."""

import io
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

SOURCES = ("api", "project")
LANGUAGE = "ja"  # the code itself is in English
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
# Babel's own header holds dates and versions, which would change a file whose texts did not.
HEADERS = [
    ("Language", LANGUAGE),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
    ("Plural-Forms", "nplurals=1; plural=0;"),
]
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\(\w+\)[sd]|%[sd]")


class Texts(Catalog):
    """A catalogue with the constant headers."""

    mime_headers = HEADERS


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail if a text is missing or wrong")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        file = Path(settings.LOCALE_PATHS[0], LANGUAGE, "LC_MESSAGES", "django.po")
        texts = updated(_read(file))
        source, binary = _source(texts), _binary(texts)
        problems = list(problems_of(texts))
        if check:
            compiled = file.with_suffix(".mo")
            if not (file.exists() and file.read_bytes() == source and compiled.read_bytes() == binary):
                problems.append(
                    f"{file.name} or {compiled.name} is not what `make messages` makes of the code: run it."
                )
            if problems:
                raise CommandError("\n".join(problems))
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(source)
        file.with_suffix(".mo").write_bytes(binary)
        self.stderr.writelines(f"{problem}\n" for problem in problems)
        self.stdout.write(f"{file.relative_to(settings.BASE_DIR)}: {len(texts)} texts")


def _read(file: Path) -> Catalog:
    if not file.exists():
        return Catalog(locale=LANGUAGE)
    with file.open("rb") as stream:
        return read_po(stream, locale=LANGUAGE)


def updated(present: Catalog) -> Texts:
    """Return the texts of the code as it is now, with the translations that `present` has of them.

    Each names the files it is in but not the lines, which would change with every edit.
    """
    texts = Texts(locale=LANGUAGE, fuzzy=False)
    for source in SOURCES:
        folder = Path(settings.BASE_DIR, source)
        found = extract_from_dir(folder, keywords=KEYWORDS, comment_tags=("Translators:",))
        for name, _line, text, comments, context in sorted(found, key=str):
            texts.add(text, locations=[(f"{source}/{name}", 0)], auto_comments=comments, context=context)
    for message in texts:
        known = present.get(message.id, message.context) if message.id else None
        if known is not None:
            message.string = known.string
            message.user_comments = known.user_comments
            message.flags |= known.flags
    return texts


def _source(texts: Texts) -> bytes:
    stream = io.BytesIO()
    write_po(stream, texts, omit_header=True, sort_output=True, include_lineno=False, width=100)
    header = "".join(f'"{name}: {value}\\n"\n' for name, value in HEADERS)
    return (
        f'# Collected by `make messages`; translated by hand.\nmsgid ""\nmsgstr ""\n{header}\n'.encode()
        + stream.getvalue()
    )


def _binary(texts: Texts) -> bytes:
    stream = io.BytesIO()
    write_mo(stream, texts)
    return stream.getvalue()


def problems_of(texts: Catalog) -> Iterator[str]:
    """Yield every text that is missing, uncertain, or has other placeholders than the English one."""
    for message in texts:
        if not message.id:
            continue
        english = [message.id] if isinstance(message.id, str) else list(message.id)
        translated = [message.string or ""] if isinstance(message.id, str) else list(message.string or [""])
        if not all(translated):
            yield f"No {LANGUAGE} text for {english[0]!r}. Write one in django.po."
        elif message.fuzzy:
            yield f"The {LANGUAGE} text for {english[0]!r} is marked fuzzy. Read it, then take the mark away."
        elif any(_placeholders(str(text)) != _placeholders(str(english[-1])) for text in translated):
            yield f"The {LANGUAGE} text for {english[0]!r} has other placeholders: {translated[0]!r}."


def _placeholders(text: str) -> set[str]:
    return set(_PLACEHOLDER.findall(text))
