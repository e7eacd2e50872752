"""`manage.py import_organization`: take over departments, people and posts from an HR system's CSV files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from api.integrations.directory.csv_files import CsvFiles
from api.management.options import add_language
from api.organization import sync, wording
from api.organization.difference import Change, Difference, Kind
from api.organization.models import Source
from api.organization.ports import BadLine, BadSnapshot, Noun, OrganizationSnapshot

SHORT = 10
"""Changes of one kind that are listed without --verbose."""

_SIGNS = {Kind.ADDED: "+", Kind.CHANGED: "~", Kind.DEACTIVATED: "-", Kind.REACTIVATED: "+"}


class Command(BaseCommand):
    help = (
        "Take over departments, people and posts from three CSV files (docs/organization-files.md). "
        "Shows what changes; changes nothing unless every line is right. Exit code 0 done, 1 bad input."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        for noun in Noun:
            parser.add_argument(f"--{noun}", type=Path, required=True, metavar="FILE", help=f"CSV file of {noun}")
        parser.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
        parser.add_argument(
            "--deactivating",
            type=int,
            metavar="NUMBER",
            help=f"people who leave, to be confirmed where they are more than {sync.SHARE:.0%}%",  # argparse reads %
        )
        parser.add_argument("--verbose", action="store_true", help="list every change, however many there are")
        add_language(parser, "what is shown")

    def handle(
        self,
        *,
        departments: Path,
        people: Path,
        posts: Path,
        dry_run: bool,
        verbose: bool,
        deactivating: int | None,
        language: str,
        **_options: Any,
    ) -> None:
        with translation.override(language):
            files = CsvFiles(departments=departments, people=people, posts=posts, on_progress=self._show_progress)
            snapshot = files.read()
            self._show_unread_columns(snapshot)
            try:
                looked = sync.preview(snapshot=snapshot) if dry_run else None
                difference = (
                    looked.difference
                    if looked
                    else sync.synchronize(snapshot=snapshot, at=timezone.now(), by=None, deactivating=deactivating)
                )
            except sync.MassDeactivation as mass:
                self._show_difference(sync.preview(snapshot=snapshot).difference, show_all=verbose)
                raise CommandError(_guard(mass)) from None
            except BadSnapshot as error:
                self._show_problems(error.problems)
                count = len(error.problems)
                text = ngettext(
                    "{count} problem. Nothing was changed.", "{count} problems. Nothing was changed.", count
                )
                raise CommandError(text.format(count=f"{count:,}")) from None
            self._show_difference(difference, show_all=verbose)
            if looked and looked.mass:
                self.stdout.write(_guard(looked.mass))
            self.stdout.write(_conclusion(difference, dry_run=dry_run))

    def _show_progress(self, path: Path, rows: int) -> None:
        self.stderr.write(_("Reading {file}: {count} rows").format(file=path, count=f"{rows:,}"))

    def _show_unread_columns(self, snapshot: OrganizationSnapshot) -> None:
        for column in snapshot.unread_columns:
            text = _("{file}: the column “{name}” means nothing here and is not read.")
            self.stderr.write(text.format(file=column.file, name=column.name))

    def _show_problems(self, problems: tuple[BadLine, ...]) -> None:
        for bad in problems:
            where = bad.place.file
            if bad.place.line:
                where = _("{file}, line {line}").format(file=where, line=bad.place.line)
            if bad.column:
                where = _("{place}, {column}").format(place=where, column=wording.column_label(bad.column))
            problem, remedy = wording.describe_problem(bad)
            self.stderr.write(f"{where}\n    {problem}\n    {remedy}")

    def _show_difference(self, difference: Difference, *, show_all: bool) -> None:
        for noun in Noun:
            for kind in Kind:
                changes = difference.of(noun, kind)
                if not changes:
                    continue
                self.stdout.write(f"{wording.NOUNS[noun]}, {wording.KINDS[kind]}: {len(changes):,}")
                shown = changes if show_all else changes[:SHORT]
                for change in shown:
                    self.stdout.write(_line_of(change))
                if len(changes) > len(shown):
                    text = _("  … and {count} more (--verbose lists all)")
                    self.stdout.write(text.format(count=f"{len(changes) - len(shown):,}"))
        for noun in Noun:
            text = _("{noun}, as before: {count}")
            self.stdout.write(text.format(noun=wording.NOUNS[noun], count=f"{difference.unchanged[noun]:,}"))
        for left in difference.left_alone:
            text = _("{noun}, left alone because another source owns them ({source}): {count}")
            source = Source(left.source).label
            self.stdout.write(text.format(noun=wording.NOUNS[left.noun], source=source, count=f"{left.count:,}"))


def _guard(mass: sync.MassDeactivation) -> str:
    text = _(
        "{leaving} of {active} people would be deactivated, more than {share}. Are the files complete? If all of them "
        "leave, run this again with --deactivating {leaving}. Nothing was changed."
    )
    return text.format(leaving=mass.leaving, active=mass.active, share=f"{sync.SHARE:.0%}")


def _line_of(change: Change) -> str:
    fields = "; ".join(
        f"{wording.field_label(field.name)}: {wording.describe_value(field.old)} → {wording.describe_value(field.new)}"
        for field in change.fields
    )
    return f"  {_SIGNS[change.kind]} {change.label}" + (f" [{fields}]" if fields else "")


def _conclusion(difference: Difference, *, dry_run: bool) -> str:
    count = len(difference.changes)
    if not count:
        return _("Nothing to change: the organisation is already as the files say.")
    if dry_run:
        text = ngettext(
            "{count} row would change. This was a dry run: nothing was changed.",
            "{count} rows would change. This was a dry run: nothing was changed.",
            count,
        )
    else:
        text = ngettext("Done: {count} row changed.", "Done: {count} rows changed.", count)
    return text.format(count=f"{count:,}")
