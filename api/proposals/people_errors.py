"""What is refused where people come in: invitations, passwords, taking over the organisation from a screen."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from api.proposals.errors import Kind, ProposalError


class InvitationNotValid(ProposalError):
    """Nobody is told why: whether a link ever existed is not for whoever tries one."""

    kind = Kind.MISSING
    code = "invitation_not_valid"
    message = _(
        "This link cannot be used: it has expired, has been used, or was replaced by a newer one. "
        "Ask an administrator for a new one."
    )


class PasswordNotStrong(ProposalError):
    """`rules` are the codes of the rules that the password breaks."""

    kind = Kind.INVALID
    code = "password_not_strong"
    message = _("This password is too easy to guess. {reasons}")

    @property
    def detail(self) -> str:
        reasons = [str(RULES.get(rule, OTHER_RULE)).format(**self.values) for rule in self.values["rules"]]
        between = "" if (get_language() or "ja").startswith("ja") else " "
        return str(self.message).format(reasons=between.join(reasons))


class NobodyToInvite(ProposalError):
    kind = Kind.MISSING
    code = "nobody_to_invite"
    message = _("There is no active person with the id {person}. Reload the list: somebody may have left.")


class NoSuchInvitation(ProposalError):
    kind = Kind.MISSING
    code = "no_such_invitation"
    message = _("There is no invitation {invitation}. Reload the list.")


class InvitationClosed(ProposalError):
    kind = Kind.CONFLICT
    code = "invitation_closed"
    message = _("This invitation has been used or revoked already. Reload the list.")


class AdministratorExists(ProposalError):
    """Somebody can let others in already, so that a link for the first administrator is not needed."""

    kind = Kind.CONFLICT
    code = "administrator_exists"
    message = _("This stage has an administrator already, who can invite others. --again makes another one.")


class PersonIncomplete(ProposalError):
    kind = Kind.INVALID
    code = "person_incomplete"
    message = _("The name “{name}” has one word. Write family and given name with a space between them.")


class PersonIsTaken(ProposalError):
    kind = Kind.CONFLICT
    code = "person_is_taken"
    message = _("The user name or number “{value}” belongs to somebody else. Name that person by --person instead.")


class OrganizationNotUsable(ProposalError):
    """The files have problems, which a look at them names one by one."""

    kind = Kind.INVALID
    code = "organization_not_usable"
    message = _("The files have {count} problems. Look at them again; nothing was changed.")


class OrganizationMoved(ProposalError):
    kind = Kind.CONFLICT
    code = "organization_moved"
    message = _(
        "The organisation has changed since you looked, so the files would change something else than you were shown. "
        "Nothing was changed. Look again."
    )


class MassDeactivationNotConfirmed(ProposalError):
    kind = Kind.CONFLICT
    code = "mass_deactivation"
    message = _(
        "{leaving} of {active} people would be deactivated. Nothing was changed. If all of them leave, confirm it by "
        "that number."
    )


RULES: dict[str, str | Promise] = {
    "password_too_short": _("It needs {shortest} characters or more."),
    "password_too_common": _("It is one of the passwords that people use most."),
    "password_too_similar": _("It is much like your user name, number, name or address."),
    "password_entirely_numeric": _("It has digits only."),
}
OTHER_RULE: Any = _("Choose another one.")
