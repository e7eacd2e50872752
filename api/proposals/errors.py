"""Everything the domain refuses, typed: a stable code, the values, and a sentence in the reader's language.

The HTTP edge turns each into a problem document; `kind` says which sort of answer that is.
"""

from enum import StrEnum
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from api.proposals.forms import FieldProblem


class Kind(StrEnum):
    MISSING = "missing"
    DENIED = "denied"
    CONFLICT = "conflict"
    INVALID = "invalid"
    UNAVAILABLE = "unavailable"


class ProposalError(Exception):
    """Base of this module: `code` is stable, `values` fill the placeholders of `message`."""

    kind: ClassVar[Kind]
    code: ClassVar[str]
    message: ClassVar[str | Promise]

    def __init__(self, **values: Any) -> None:
        self.values = values
        super().__init__(self.code, values)

    @property
    def detail(self) -> str:
        """The sentence, in the language that is active when it is read."""
        return str(self.message).format(**self.values)

    def __str__(self) -> str:
        return self.detail


class NoSuchProposal(ProposalError):
    kind = Kind.MISSING
    code = "no_such_proposal"
    message = _("There is no proposal {proposal}, or you may not see it. Check the link, or ask the applicant.")


class NoSuchAssignment(ProposalError):
    kind = Kind.MISSING
    code = "no_such_assignment"
    message = _("You are not asked to decide here (assignment {assignment}). Open the proposal from your inbox.")


class NoSuchType(ProposalError):
    kind = Kind.INVALID
    code = "no_such_type"
    message = _("There is no proposal type “{type}”. Choose one from the list.")


class NotYourPost(ProposalError):
    kind = Kind.INVALID
    code = "not_your_post"
    message = _("The post {post} is not one of your current posts. Choose the post in which you apply.")


class NotAllowed(ProposalError):
    """The table of states knows the operation here, but not for this person."""

    kind = Kind.DENIED
    code = "not_allowed"
    message = _("Only the {role} of this proposal may do this.")

    @property
    def detail(self) -> str:
        return str(self.message).format(**(self.values | {"role": ROLE_NAMES[self.values["role"]]}))


class WrongState(ProposalError):
    """The table of states does not know the operation in this state."""

    kind = Kind.CONFLICT
    code = "wrong_state"
    message = _("This proposal has moved on (it is now “{state}”). Reload it to see what can be done.")

    @property
    def detail(self) -> str:
        return str(self.message).format(**(self.values | {"state": STATE_NAMES[self.values["state"]]}))


class AlreadyDecided(ProposalError):
    """Someone was faster, or the same person in another window or before an answer got lost."""

    kind = Kind.CONFLICT
    code = "already_decided"
    message = _("This has been decided already. Your decision was not recorded. Reload to see what was decided.")
    own_message = _("You have decided on this already ({verdict}), and that stands. Reload to see where it is now.")

    @property
    def detail(self) -> str:
        verdict = self.values.get("own_verdict")
        if verdict is None:
            return str(self.message)
        return str(self.own_message).format(verdict=VERDICT_NAMES[verdict])


class StaleRevision(ProposalError):
    kind = Kind.CONFLICT
    code = "stale_revision"
    message = _(
        "You were looking at revision {seen}, but revision {current} has been submitted since. "
        "Nothing was recorded. Reload, read the new revision and decide again."
    )


class StaleDraft(ProposalError):
    kind = Kind.CONFLICT
    code = "stale_draft"
    message = _(
        "This draft was changed elsewhere (you have version {seen}, the newest is {current}). "
        "Nothing was overwritten. Reload to see the newest version; what you typed here is still on this screen."
    )


class DecisionsMade(ProposalError):
    kind = Kind.CONFLICT
    code = "decisions_made"
    message = _(
        "Someone has decided on this proposal, so it cannot be pulled back. "
        "You can withdraw it, or ask the approver to return it."
    )


class AdministratorsOnly(ProposalError):
    kind = Kind.DENIED
    code = "administrators_only"
    message = _("Only administrators may do this. Ask one of them.")


class NoSuchMessage(ProposalError):
    kind = Kind.MISSING
    code = "no_such_message"
    message = _("There is no message {message}. Reload the list.")


class NotDead(ProposalError):
    """Only a message that was given up can be retried or settled by hand."""

    kind = Kind.CONFLICT
    code = "not_dead"
    message = _("Message {message} is no longer waiting for an administrator. Reload the list.")


class SettlementNeeded(ProposalError):
    kind = Kind.INVALID
    code = "settlement_needed"
    message = _("Write what was done by hand, and how: whoever looks here later must be able to follow it.")


class TypesMissing(ProposalError):
    """After a restore: numbers were given for types that this database does not know."""

    kind = Kind.CONFLICT
    code = "types_missing"
    message = _(
        "Decision numbers were given for types that are not in this database: {types}. "
        "Run publish_proposal_types, then this again."
    )

    def __init__(self, *, types: list[str]) -> None:
        super().__init__(types=", ".join(types))


class CommentNeeded(ProposalError):
    kind = Kind.INVALID
    code = "comment_needed"
    message = _("Write a comment: the applicant must know why.")


class NoSuchPerson(ProposalError):
    """People that a proposal was to be circulated to; `people` are the ids that no active person has."""

    kind = Kind.INVALID
    code = "no_such_person"
    message = _("There is no active person with the number {people}. Take them off the list, or choose again.")

    @property
    def detail(self) -> str:
        return str(self.message).format(people=", ".join(map(str, self.values["people"])))


class NoSuchEmployee(ProposalError):
    kind = Kind.MISSING
    code = "no_such_employee"
    message = _("Nobody has the employee number {number}. Check it; whoever was anonymized has none any more.")


class PersonStillActive(ProposalError):
    kind = Kind.CONFLICT
    code = "person_still_active"
    message = _("The person with the number {number} is still active. Take them out of the organisation first.")


class ApplicantSeesAnyway(ProposalError):
    kind = Kind.INVALID
    code = "applicant_sees_anyway"
    message = _("The applicant sees this proposal without having it circulated. Take them off the list.")


class TooManyViewers(ProposalError):
    kind = Kind.CONFLICT
    code = "too_many_viewers"
    message = _("A proposal can be circulated to {limit} people at most; with these it would be {count}. Choose fewer.")


class RouteEmpty(ProposalError):
    """Nobody with the authority needed is left to ask; names the step."""

    kind = Kind.INVALID
    code = "route_empty"
    message = _(
        "There is nobody to ask at the step “{step}”: from there upwards nobody but you holds a post with the "
        "authority for this proposal (rank {rank} or higher). Ask an administrator to fill the post, or apply in "
        "another of your posts."
    )

    @property
    def detail(self) -> str:
        step = self.values["step"]
        if not (get_language() or "ja").startswith("ja"):
            step = self.values["step_en"] or step
        return str(self.message).format(**(self.values | {"step": step}))


class FormInvalid(ProposalError):
    """The content does not fit its form; `problems` lists every field."""

    kind = Kind.INVALID
    code = "form_invalid"
    message = _("Some fields need your attention ({count}).")

    def __init__(self, problems: list[FieldProblem]) -> None:
        self.problems = problems
        super().__init__(count=len(problems))


class AttachmentsOff(ProposalError):
    kind = Kind.CONFLICT
    code = "attachments_off"
    message = _(
        "Files cannot be attached here: no storage is set up for them (CLOISTER_ATTACHMENTS_BUCKET). "
        "Write what matters into the proposal, or ask an administrator."
    )


class NoSuchAttachment(ProposalError):
    kind = Kind.MISSING
    code = "no_such_attachment"
    message = _("There is no file {attachment}, or you may not see it. Reload the proposal to see its files.")


class AttachmentNameInvalid(ProposalError):
    kind = Kind.INVALID
    code = "attachment_name_invalid"
    message = _(
        "The file name “{name}” cannot be used: it is empty, longer than {limit} characters, or has a slash or an "
        "invisible control character in it. Rename the file and choose it again."
    )


class AttachmentTypeRefused(ProposalError):
    kind = Kind.INVALID
    code = "attachment_type_refused"
    message = _("“{name}” is not a kind of file that can be attached. Choose one of: {allowed}.")


class AttachmentEmpty(ProposalError):
    kind = Kind.INVALID
    code = "attachment_empty"
    message = _("“{name}” is empty (0 bytes). Choose a file with something in it.")


class AttachmentTooLarge(ProposalError):
    """`size` and `limit` are megabytes of 1024 x 1024 bytes, `size` rounded up."""

    kind = Kind.INVALID
    code = "attachment_too_large"
    message = _("“{name}” is too large ({size} MB); a file may have up to {limit} MB. Make it smaller or divide it.")


class TooManyAttachments(ProposalError):
    kind = Kind.CONFLICT
    code = "too_many_attachments"
    message = _("This proposal has {limit} files already, which is the most it can have. Remove one first.")


class AttachmentNotArrived(ProposalError):
    """The store has nothing under the file's key: the upload was interrupted, or has not ended."""

    kind = Kind.CONFLICT
    code = "attachment_not_arrived"
    message = _("“{name}” has not arrived. Send it again; nothing else of the proposal is affected.")


class AttachmentNotExpected(ProposalError):
    """A leave to send a file was asked for, but the file has arrived already or was refused."""

    kind = Kind.CONFLICT
    code = "attachment_not_expected"
    message = _("“{name}” is not waiting to be sent (it is “{state}”). Reload the proposal to see its files.")

    @property
    def detail(self) -> str:
        return str(self.message).format(**(self.values | {"state": FILE_STATE_NAMES[self.values["state"]]}))


class AttachmentNotReady(ProposalError):
    kind = Kind.CONFLICT
    code = "attachment_not_ready"
    message = _("“{name}” cannot be opened now (it is “{state}”). Reload the proposal to see how it stands.")

    @property
    def detail(self) -> str:
        return str(self.message).format(**(self.values | {"state": FILE_STATE_NAMES[self.values["state"]]}))


class AttachmentsUnfinished(ProposalError):
    """Files of the working copy have not passed their checks; `names` are theirs."""

    kind = Kind.CONFLICT
    code = "attachments_unfinished"
    message = _("These files are not ready: {names}. Wait until they are checked, send them again, or remove them.")

    @property
    def detail(self) -> str:
        return str(self.message).format(names=", ".join(f"“{name}”" for name in self.values["names"]))


class StorageUnavailable(ProposalError):
    kind = Kind.UNAVAILABLE
    code = "storage_unavailable"
    message = _("The storage for files does not answer. Nothing was changed; try again in a moment.")


ROLE_NAMES = {
    "applicant": _("applicant"),
    "approver": _("approver"),
    "participant": _("participant"),
    "viewer": _("viewer"),
    "reader": _("reader"),
}
VERDICT_NAMES = {
    "approve": _("approved"),
    "return": _("returned"),
    "reject": _("rejected"),
}
STATE_NAMES = {
    "draft": _("draft"),
    "in_progress": _("in progress"),
    "returned": _("returned"),
    "approved": _("approved"),
    "rejected": _("rejected"),
    "withdrawn": _("withdrawn"),
}
FILE_STATE_NAMES = {
    "expected": _("not arrived"),
    "available": _("available"),
    "quarantined": _("being checked"),
    "refused": _("refused"),
    "removed": _("removed"),
}
