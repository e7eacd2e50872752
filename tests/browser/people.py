"""People of the demo company, and what a browser holds of whoever is signed in."""

import json
from datetime import UTC, datetime
from typing import Any

from api.organization.models import Person
from api.proposals.models import Assignment
from api.proposals.states import AssignmentState
from api.rest.authentication import issue_token

# One line of command, as `manage.py seed_company --demo` prints it.
APPLICANT = "koyama.yukio"
SECTION_HEAD = "yamashita.chihiro"
DEPARTMENT_HEAD = "takeda.tsubasa"
DIVISION_HEAD = "tamura.tatsuya"
ADMINISTRATOR = "murata.tsubasa"


def signed_in(origin: str, username: str, language: str) -> dict[str, Any]:
    """Return what a browser in which `username` signed in has stored, as Playwright's `storage_state`.

    spa/src/api/session.ts reads it.
    """
    person = Person.objects.get(username=username)
    token, _expires_at = issue_token(person=person, at=datetime.now(UTC))
    session = {
        "token": token,
        "personId": person.pk,
        "username": person.username,
    }
    items = {"cloister.session": json.dumps(session), "cloister.language": language}
    stored = [{"name": name, "value": value} for name, value in items.items()]
    return {"cookies": [], "origins": [{"origin": origin, "localStorage": stored}]}


def asked_now(proposal_id: int) -> str | None:
    """Return the user name of the one person whose decision is awaited, or None where nobody's is."""
    pending = Assignment.objects.filter(proposal_id=proposal_id, state=AssignmentState.PENDING)
    usernames = pending.values_list("person__username", flat=True)
    return None if not usernames else usernames.get()
