"""Circulate a proposal (回覧): show it to people who do not decide on it, and note that they have seen it."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from api.organization.models import Person
from api.proposals import audit
from api.proposals.errors import ApplicantSeesAnyway, NoSuchPerson, TooManyViewers
from api.proposals.models import Proposal, Viewer
from api.proposals.operations import _shared
from api.proposals.states import Operation

MOST_VIEWERS = 200
"""People to whom one proposal is circulated: its page lists them all."""


@transaction.atomic
def circulate(*, proposal_id: int, people: Iterable[int], by: Person, at: dt.datetime) -> Proposal:
    """Let people (by their ids) read a proposal, and have them told; those who may already are left as they are.

    Raises `NoSuchPerson` naming every id that no active person has, `ApplicantSeesAnyway` and `TooManyViewers`; then
    nobody is added.
    """
    proposal = _shared.lock(proposal_id=proposal_id, by=by)
    _shared.permit(Operation.CIRCULATE, proposal=proposal, by=by)
    wanted = set(people)
    active = set(Person.objects.filter(pk__in=wanted, is_active=True).values_list("pk", flat=True))
    if wanted - active:
        raise NoSuchPerson(people=sorted(wanted - active))
    if proposal.applicant_id in wanted:
        raise ApplicantSeesAnyway()
    present = set(Viewer.objects.filter(proposal=proposal).values_list("person_id", flat=True))
    if len(present | wanted) > MOST_VIEWERS:
        raise TooManyViewers(limit=MOST_VIEWERS, count=len(present | wanted))
    for person_id in sorted(wanted - present):
        viewer = Viewer.objects.create(proposal=proposal, person_id=person_id, added_by=by, added_at=at)
        _shared.record("circulated", proposal=proposal, by=by, at=at, viewer_id=viewer.pk, person_id=person_id)
    return proposal


@transaction.atomic
def acknowledge(*, proposal_id: int, by: Person, at: dt.datetime) -> Proposal:
    """Note that a viewer has seen a proposal; the first time counts, and saying it again is harmless."""
    proposal = _shared.lock(proposal_id=proposal_id, by=by)
    _shared.permit(Operation.ACKNOWLEDGE, proposal=proposal, by=by)
    unseen = Viewer.objects.filter(proposal=proposal, person=by, seen_at__isnull=True)
    if unseen.update(seen_at=at):
        audit.record(kind="acknowledged", at=at, by=by, proposal=proposal, revision=proposal.revision)
    return proposal
