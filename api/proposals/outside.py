"""The outside systems, as the settings name them: each made once, when first asked for.

Another process (a command, a test) hands its own to the operations instead.
"""

from functools import cache
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from api.proposals.errors import AttachmentsOff
from api.proposals.ports import AttachmentStore, HeadStore, Mailer, MalwareScanner


def takes_attachments() -> bool:
    """Say whether files can be attached at all."""
    return bool(settings.ATTACHMENT_STORE)


def attachment_store() -> AttachmentStore:
    """Return the store of files; raises `AttachmentsOff` where none is set up."""
    if not takes_attachments():
        raise AttachmentsOff()
    return cast("AttachmentStore", _made(settings.ATTACHMENT_STORE))


def malware_scanner() -> MalwareScanner | None:
    """Return the scanner that files must pass, None where the company has none."""
    return cast("MalwareScanner", _made(settings.MALWARE_SCANNER)) if settings.MALWARE_SCANNER else None


def mailer() -> Mailer | None:
    """Return the company's mail, None where no relay is set."""
    return cast("Mailer", _made(settings.MAILER)) if settings.MAILER else None


def head_store() -> HeadStore | None:
    """Return where heads of the audit trail are kept, None where no place is set."""
    return cast("HeadStore", _made(settings.HEAD_STORE)) if settings.HEAD_STORE else None


@cache
def _made(factory: str) -> object:
    """Return what the function at a dotted path makes."""
    return import_string(factory)()
