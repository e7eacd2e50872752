from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext_lazy as _

from api.proposals import attachments, outside
from api.proposals.ports import StoreUnavailable

OFF = _("This stage takes no files.")
WRONG = _("{count} of {all} files are not what was submitted. The first: attachment {id}, {what}.")
WHAT = {
    attachments.Mismatch.MISSING: _("its bytes are not in the store"),
    attachments.Mismatch.SIZE: _("its size differs"),
    attachments.Mismatch.DIGEST: _("its digest differs"),
    attachments.Mismatch.UNKNOWN: _("the store knows no digest of it"),
}
RIGHT = _("{all} files are what was submitted.")
UNREADABLE = _("The store of files cannot be asked: {reason}")


class Command(BaseCommand):
    help = "Compare every file in the store with the size and digest in the database; exit code 1 names the first."

    def handle(self, *args: Any, **options: Any) -> None:
        if not outside.takes_attachments():
            self.stdout.write(str(OFF))
            return
        try:
            count, wrong = attachments.compare(outside.attachment_store())
        except StoreUnavailable as error:
            raise CommandError(str(UNREADABLE).format(reason=error)) from error
        if wrong:
            (id_, what), *_rest = wrong
            sentence = str(WRONG).format(count=len(wrong), all=count, id=id_, what=WHAT[what])
            raise CommandError(sentence, returncode=1)
        self.stdout.write(str(RIGHT).format(all=count))
