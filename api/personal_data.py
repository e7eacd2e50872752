"""Every field that can tell something about a person: what for, and how long. docs/data.md is made from it.

A field of text, of an address or that names a person must stand here, as personal or as not: a test finds those that
do not, also of the packages that we install.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db import models

from api import retention
from api.organization.models import Person


@dataclass(frozen=True)
class Personal:
    """What a field tells, what that is needed for, and the kind of `retention` that says how long it stays."""

    tells: str
    purpose: str
    kind: str


_NAME = "is shown beside what the person proposed and decided"
_ORDER = "lists people in order"
_FIND = "finds people, however their name is typed"
_GUARD = "sees and stops guessing of passwords"
_WHO = "who did it, as the company's rules of approval demand"

PERSONAL: dict[str, Personal] = {
    "organization.Person.employee_number": Personal("employee number", "tells people of one name apart", "employment"),
    "organization.Person.username": Personal("user name", "signs in", "employment"),
    "organization.Person.password": Personal("salted digest of the password", "signs in", "employment"),
    "organization.Person.last_login": Personal("last sign-in", "finds accounts that nobody uses", "employment"),
    "organization.Person.family_name": Personal("family name", _NAME, "employment"),
    "organization.Person.given_name": Personal("given name", _NAME, "employment"),
    "organization.Person.family_name_kana": Personal("reading of the family name", _ORDER, "employment"),
    "organization.Person.given_name_kana": Personal("reading of the given name", _ORDER, "employment"),
    "organization.Person.name_en": Personal("name in Latin letters", _NAME, "employment"),
    "organization.Person.email": Personal("e-mail address", "sends notices", "employment"),
    "organization.Person.language": Personal("language", "writes to the person in it", "employment"),
    "organization.Person.sort_key": Personal("folded reading", _ORDER, "employment"),
    "organization.Person.search_text": Personal("folded names and numbers", _FIND, "employment"),
    "organization.Post.person": Personal("who holds a post", "works out who decides", "employment"),
    "organization.Post.title": Personal("title of the post", _NAME, "employment"),
    "organization.Invitation.person": Personal("who was invited", "lets them choose a password", "invitation"),
    "organization.Invitation.created_by": Personal("administrator", "who invited them", "invitation"),
    "organization.SyncRun.by": Personal("administrator", "who changed the organisation", "employment"),
    "knox.AuthToken.user": Personal("person signed in", "signs in", "sign_in"),
    "axes.AccessAttempt.username": Personal("user name that was typed", _GUARD, "sign_in"),
    "axes.AccessAttempt.ip_address": Personal("address of the device", _GUARD, "sign_in"),
    "axes.AccessAttempt.user_agent": Personal("browser", _GUARD, "sign_in"),
    "axes.AccessFailureLog.username": Personal("user name that was typed", _GUARD, "sign_in"),
    "axes.AccessFailureLog.ip_address": Personal("address of the device", _GUARD, "sign_in"),
    "axes.AccessFailureLog.user_agent": Personal("browser", _GUARD, "sign_in"),
    "axes.AccessLog.username": Personal("user name", _GUARD, "sign_in"),
    "axes.AccessLog.ip_address": Personal("address of the device", _GUARD, "sign_in"),
    "axes.AccessLog.user_agent": Personal("browser", _GUARD, "sign_in"),
    "proposals.Proposal.applicant": Personal("applicant", _WHO, "proposal"),
    "proposals.Proposal.title": Personal("words of the applicant", "what is proposed", "proposal"),
    "proposals.Proposal.content": Personal("words of the applicant, people named", "what is proposed", "proposal"),
    "proposals.DraftKey.person": Personal("applicant", "makes a draft once", "draft_key"),
    "proposals.Revision.title": Personal("words of the applicant", "what was decided on", "proposal"),
    "proposals.Revision.content": Personal("words of the applicant, people named", "what was decided on", "proposal"),
    "proposals.Revision.post_title": Personal("post of the applicant", _WHO, "proposal"),
    "proposals.Comment.author": Personal("author", "who said it", "proposal"),
    "proposals.Comment.body": Personal("words of the author", "what was said", "proposal"),
    "proposals.Attachment.uploaded_by": Personal("uploader", _WHO, "proposal"),
    "proposals.Attachment.name": Personal("name of a file, and the file itself", "what was decided on", "proposal"),
    "proposals.Assignment.person": Personal("who was asked", _WHO, "proposal"),
    "proposals.Assignment.title": Personal("post of who was asked", _WHO, "proposal"),
    "proposals.Decision.decided_by": Personal("who decided", _WHO, "proposal"),
    "proposals.Decision.comment": Personal("words of who decided", "why it was decided so", "proposal"),
    "proposals.Viewer.person": Personal("whom it was circulated to", "shows it to them", "proposal"),
    "proposals.Viewer.added_by": Personal("who circulated it", _WHO, "proposal"),
    "proposals.Notice.person": Personal("who was told", "tells people what waits for them", "notice"),
    "proposals.OutboxMessage.settlement": Personal("words of an administrator", "how it was settled", "message"),
    "proposals.AuditEvent.actor": Personal("id of who did it", "proves what happened", "audit"),
    "proposals.AuditEvent.data": Personal("ids of people and things", "proves what happened", "audit"),
}
"""Field -> what it is; the field of a purged draft goes with the draft."""

IMPERSONAL: frozenset[str] = frozenset(
    {
        *(f"contenttypes.ContentType.{name}" for name in ("app_label", "model")),
        *(f"auth.Permission.{name}" for name in ("name", "codename")),
        "auth.Group.name",
        *(f"knox.AuthToken.{name}" for name in ("digest", "token_key")),
        *(
            f"axes.{model}.{name}"
            for model in ("AccessAttempt", "AccessFailureLog", "AccessLog")
            for name in ("http_accept", "path_info")
        ),
        # Axes keeps what a form sent, with secrets masked; our sign-in sends no forms.
        *(f"axes.AccessAttempt.{name}" for name in ("get_data", "post_data")),
        "axes.AccessLog.session_hash",
        *(f"organization.Department.{name}" for name in ("code", "name", "name_en", "search_text")),
        "organization.Post.title_code",
        "organization.SyncRun.counts",
        "organization.Invitation.token_hash",
        "organization.DayOff.name",
        *(
            f"proposals.ProposalType.{name}"
            for name in ("code", "name", "name_en", "description", "description_en", "number_prefix")
        ),
        "proposals.FormVersion.schema",
        "proposals.RouteVersion.definition",
        "proposals.Proposal.decision_number",
        *(f"proposals.Revision.{name}" for name in ("content_sha256", "department_name", "department_name_en")),
        *(f"proposals.Attachment.{name}" for name in ("content_type", "sha256", "key", "reason")),
        "proposals.Notice.dedupe_key",
        *(f"proposals.AuditEvent.{name}" for name in ("kind", "previous_hash", "hash")),
        "proposals.AuditHead.hash",
        # Ids only, and of another system's answer the kind of failure.
        *(f"proposals.OutboxMessage.{name}" for name in ("kind", "dedupe_key", "payload", "lane", "error")),
        *(f"proposals.Step.{name}" for name in ("name", "name_en")),
    }
)
"""Fields that could tell something by their type, and do not."""


def telling_fields() -> set[str]:
    """Return every stored field that could tell something about a person: free text, addresses, links to a person."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.local_fields:
            is_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
            is_address = isinstance(field, models.GenericIPAddressField)
            if (is_text and not field.choices) or is_address or field.related_model is Person:
                found.add(f"{model._meta.label}.{field.name}")
    return found


def describe() -> str:
    """Return docs/data.md."""
    kinds = {kind.name: kind.stays for kind in retention.KINDS} | retention.NEVER_PURGED
    lines = [
        "<!-- Made from api/personal_data.py and api/retention.py by `make documents`; do not edit. -->",
        "# Personal data (個人情報)",
        "",
        "Every field that tells something about a person, what for, and how long it stays. A field that is missing",
        "here fails a test. Logs hold ids of people and no other personal data.",
        "",
        "## How long",
        "",
        "A timer deletes what is due between 02:00 and 05:00 of the company's day, in batches, oldest first.",
        "`manage.py purge --dry-run` says how much that would be now, `manage.py purge` does it at once.",
        "",
        "| kind | stays |",
        "|---|---|",
        *(f"| {name} | {stays} |" for name, stays in kinds.items()),
        "",
        "With a proposal go its revisions, route, decisions, comments, files, viewers, notices and messages. Its audit",
        "events stay: they hold ids and digests, and the trail still verifies.",
        "",
        "`manage.py anonymize_person NUMBER` takes names, reading, user name, number, address and attempts to sign in",
        "from someone who has left. Numbers, decisions and the audit trail stay and still verify; whoever did them is",
        "shown as a former employee (退職者). It cannot be undone.",
        "",
        "## Which",
        "",
        "| field | tells | purpose | kind |",
        "|---|---|---|---|",
        *(f"| {field} | {row.tells} | {row.purpose} | {row.kind} |" for field, row in PERSONAL.items()),
        "",
    ]
    return "\n".join(lines)
