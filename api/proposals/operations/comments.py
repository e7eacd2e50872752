"""Say something about a proposal without deciding."""

import datetime as dt

from django.db import transaction

from api.organization.models import Person
from api.proposals.errors import CommentNeeded
from api.proposals.models import Comment, Proposal
from api.proposals.operations import _shared
from api.proposals.states import Operation


@transaction.atomic
def comment(*, proposal_id: int, body: str, by: Person, at: dt.datetime) -> Proposal:
    """Add a comment that everyone who may see the proposal can read; raises `CommentNeeded` when it is blank."""
    if not body.strip():
        raise CommentNeeded()
    proposal = _shared.lock(proposal_id=proposal_id, by=by)
    _shared.permit(Operation.COMMENT, proposal=proposal, by=by)
    added = add_comment(proposal=proposal, body=body.strip(), by=by, at=at)
    _shared.record("commented", proposal=proposal, by=by, at=at, comment_id=added.pk)
    return proposal


def add_comment(*, proposal: Proposal, body: str, by: Person, at: dt.datetime) -> Comment:
    """Write the comment row of a change that records itself."""
    return Comment.objects.create(proposal=proposal, author=by, body=body, at=at)
