"""What every address asks of its caller, as one table; docs/permissions.md is made from it.

A test walks the addresses that Django really has, for everyone in every situation: one that is missing here fails it.
"""

from dataclasses import dataclass
from enum import StrEnum

from api.proposals.relations import tables
from api.proposals.states import Operation


class Needs(StrEnum):
    """What a caller needs to be answered."""

    NOTHING = "nothing"
    LINK = "the link of an invitation that is open"
    SIGNATURE = "a signed address, on a developer's machine only"
    SIGN_IN = "to be signed in; it is about the caller alone"
    ADMINISTRATOR = "to be an administrator"
    SIGHT = "to see the proposal"
    OPERATION = "to be allowed the operation"
    OWN_UPLOAD = "to be allowed the operation, and to have begun the upload"
    ASSIGNMENT = "to be asked by this assignment"


@dataclass(frozen=True)
class Access:
    """One method of one address, which may depend on a query."""

    method: str
    address: str
    needs: Needs
    operation: Operation | None = None
    query: str = ""


_P = "api/proposals/<int:proposal_id>"
_A = "api/attachments/<int:attachment_id>"
_N, _O = Needs, Operation

ACCESS: tuple[Access, ...] = (
    Access("get", "health", _N.NOTHING),
    Access("get", "ready", _N.NOTHING),
    Access("post", "api/session", _N.NOTHING),
    Access("delete", "api/session", _N.SIGN_IN),
    Access("post", "api/invitation", _N.LINK),
    Access("post", "api/invitation/password", _N.LINK),
    Access("get", "api/me", _N.SIGN_IN),
    Access("patch", "api/me", _N.SIGN_IN),
    Access("get", "api/inbox", _N.SIGN_IN),
    Access("get", "api/notices", _N.SIGN_IN),
    Access("post", "api/notices/read", _N.SIGN_IN),
    Access("get", "api/people", _N.SIGN_IN),
    Access("get", "api/departments", _N.SIGN_IN),
    Access("get", "api/proposal-types", _N.SIGN_IN),
    Access("get", "api/accounts", _N.ADMINISTRATOR),
    Access("post", "api/invitations", _N.ADMINISTRATOR),
    Access("post", "api/invitations/<int:invitation_id>/revoke", _N.ADMINISTRATOR),
    Access("post", "api/organization/preview", _N.ADMINISTRATOR),
    Access("post", "api/organization/import", _N.ADMINISTRATOR),
    Access("get", "api/outbox", _N.ADMINISTRATOR),
    Access("post", "api/outbox/<int:message_id>/retry", _N.ADMINISTRATOR),
    Access("post", "api/outbox/<int:message_id>/settle", _N.ADMINISTRATOR),
    Access("get", "api/proposals", _N.SIGN_IN, query="scope=mine"),
    Access("get", "api/proposals", _N.SIGN_IN, query="scope=decided"),
    Access("get", "api/proposals", _N.SIGN_IN, query="scope=circulated"),
    Access("get", "api/proposals", _N.ADMINISTRATOR, query="scope=all"),
    Access("post", "api/proposals", _N.SIGN_IN),
    Access("get", _P, _N.SIGHT),
    Access("patch", _P, _N.OPERATION, _O.EDIT),
    Access("get", f"{_P}/route-preview", _N.OPERATION, _O.SUBMIT),
    Access("post", f"{_P}/submit", _N.OPERATION, _O.SUBMIT),
    Access("post", f"{_P}/withdraw", _N.OPERATION, _O.WITHDRAW),
    Access("post", f"{_P}/pull-back", _N.OPERATION, _O.PULL_BACK),
    Access("post", f"{_P}/comments", _N.OPERATION, _O.COMMENT),
    Access("post", f"{_P}/viewers", _N.OPERATION, _O.CIRCULATE),
    Access("post", f"{_P}/seen", _N.OPERATION, _O.ACKNOWLEDGE),
    Access("post", f"{_P}/copy", _N.OPERATION, _O.COPY),
    Access("post", f"{_P}/attachments", _N.OPERATION, _O.ATTACH),
    Access("delete", _A, _N.OPERATION, _O.ATTACH),
    Access("post", f"{_A}/confirm", _N.OPERATION, _O.ATTACH),
    Access("post", f"{_A}/upload", _N.OWN_UPLOAD, _O.ATTACH),
    Access("get", f"{_A}/download", _N.SIGHT),
    Access("post", "api/assignments/<int:assignment_id>/decision", _N.ASSIGNMENT, _O.APPROVE),
)


def describe() -> str:
    """Return docs/permissions.md."""
    lines = [
        "<!-- Made from api/proposals/relations.py, states.py and api/rest/access.py by `make documents`. -->",
        "# Permissions",
        "",
        "How a person stands to a proposal decides what they see of it and what they do to it. To whoever does not",
        "see it a proposal does not exist (404). Of those who see it, who lacks the role is refused (403), and an",
        "operation that this state does not know is a conflict (409). Further conditions are in [states](states.md).",
        "A test asks every address for everyone in every situation and expects exactly these tables.",
        "",
        *tables(),
        "",
        "Nobody decides on a proposal of their own, however they came to be asked.",
        "",
        "## What every address needs",
        "",
        "| method | address | needs | operation |",
        "|---|---|---|---|",
    ]
    for row in ACCESS:
        address = f"/{row.address}".replace("<int:", "{").replace(">", "}") + (f"?{row.query}" if row.query else "")
        lines.append(f"| {row.method.upper()} | {address} | {row.needs} | {row.operation or ''} |")
    return "\n".join(lines) + "\n"
