"""Send a proposal on its way, take it back, or end it."""

import datetime as dt
import hashlib
import json
from typing import Any

from django.db import transaction

from api.organization.models import Department, Person, Post, valid_on
from api.organization.queries import company_date
from api.proposals import forms, rules
from api.proposals.errors import DecisionsMade, RouteEmpty, StaleDraft
from api.proposals.models import Assignment, Attachment, Decision, Proposal, Revision, RouteVersion, Step
from api.proposals.operations import _shared
from api.proposals.operations.attachments import freeze_files, ready_files
from api.proposals.operations.comments import add_comment
from api.proposals.operations.drafts import checked, own_post
from api.proposals.states import AssignmentState, Operation, StepState

OPEN_ASSIGNMENTS = [AssignmentState.WAITING, AssignmentState.PENDING]
OPEN_STEPS = [StepState.WAITING, StepState.ACTIVE]


@transaction.atomic
def submit(*, proposal_id: int, version: int, by: Person, at: dt.datetime) -> Proposal:
    """Freeze the working copy as the next revision, resolve its route and ask the first step.

    Raises `StaleDraft` when another edit was saved since `version`, `FormInvalid` with every problem of the form,
    `NotYourPost` when the chosen post has ended, `RouteEmpty` naming the step where nobody is left to ask, and
    `AttachmentsUnfinished` naming the files that have not passed their checks.
    """
    proposal = _shared.lock(proposal_id=proposal_id, by=by)
    proposal.state = _shared.permit(Operation.SUBMIT, proposal=proposal, by=by)
    if version != proposal.version:
        raise StaleDraft(seen=version, current=proposal.version)
    schema = proposal.form_version.schema
    proposal.title, proposal.content = checked(schema, title=proposal.title, content=proposal.content, complete=True)
    proposal.amount = forms.total_of(schema, proposal.content)
    route, plan = plan_route(proposal=proposal, at=at)
    found = ready_files(proposal)
    proposal.revision += 1
    proposal.version += 1
    proposal.submitted_at = proposal.updated_at = at
    proposal.save()
    revision = _freeze(proposal, found, route=route, at=at)
    _lay_out(revision, plan=plan, at=at)
    _shared.record("submitted", proposal=proposal, by=by, at=at, content_sha256=revision.content_sha256)
    return proposal


def plan_route(*, proposal: Proposal, at: dt.datetime) -> tuple[RouteVersion, rules.Plan]:
    """Return who would be asked if the working copy were submitted at `at`.

    Raises `NotYourPost`, and `RouteEmpty` naming the step where nobody is left to ask.
    """
    post = own_post(post_id=proposal.post_id, person=proposal.applicant, at=at)
    route = RouteVersion.objects.latest_of(proposal.type)
    if route is None:
        raise RouteVersion.DoesNotExist(f"{proposal.type} has no published route; run publish_proposal_types")
    levels = _levels_above(post, at=at)
    plan = rules.resolve(
        rules.read_route(route.definition),
        applicant_id=proposal.applicant_id,
        applicant_rank=post.rank,
        levels=levels,
        amount=proposal.amount,
    )
    if not plan.is_complete:
        name, name_en = _where_nobody_is_left(plan, levels)
        raise RouteEmpty(step=name, step_en=name_en, rank=plan.missing_rank)
    return route, plan


@transaction.atomic
def pull_back(*, proposal_id: int, by: Person, at: dt.datetime) -> Proposal:
    """Take a submitted proposal back to draft; raises `DecisionsMade` once anyone decided on this revision."""
    proposal = _shared.lock(proposal_id=proposal_id, by=by)
    proposal.state = _shared.permit(Operation.PULL_BACK, proposal=proposal, by=by)
    if Decision.objects.filter(revision__proposal=proposal, revision__number=proposal.revision).exists():
        raise DecisionsMade()
    void_route(proposal)
    proposal.updated_at = at
    proposal.save()
    _shared.record("pulled_back", proposal=proposal, by=by, at=at)
    return proposal


@transaction.atomic
def withdraw(*, proposal_id: int, by: Person, at: dt.datetime, comment: str = "") -> Proposal:
    """End a proposal for good, by its applicant; `comment` tells those who were asked why."""
    proposal = _shared.lock(proposal_id=proposal_id, by=by)
    proposal.state = _shared.permit(Operation.WITHDRAW, proposal=proposal, by=by)
    void_route(proposal)
    proposal.updated_at = at
    proposal.save()
    data = {}
    if comment.strip():
        data["comment_id"] = add_comment(proposal=proposal, body=comment.strip(), by=by, at=at).pk
    _shared.record("withdrawn", proposal=proposal, by=by, at=at, **data)
    return proposal


def void_route(proposal: Proposal) -> None:
    """End every step and assignment that is still open: nobody is asked any more."""
    Assignment.objects.filter(proposal=proposal, state__in=OPEN_ASSIGNMENTS).update(state=AssignmentState.VOID)
    Step.objects.filter(revision__proposal=proposal, state__in=OPEN_STEPS).update(state=StepState.VOID)


def activate_next_step(revision: Revision, *, at: dt.datetime) -> bool:
    """Ask the next step that waits; return False where none is left."""
    step = revision.steps.filter(state=StepState.WAITING).order_by("order").first()
    if step is None:
        return False
    step.state = StepState.ACTIVE
    step.save(update_fields=["state"])
    step.assignments.filter(state=AssignmentState.WAITING).update(state=AssignmentState.PENDING, asked_at=at)
    return True


def _where_nobody_is_left(plan: rules.Plan, levels: list[rules.Level]) -> tuple[str, str]:
    """Return the names of the first department above everyone who is asked; of the topmost where there is none."""
    asking = [number for number, step in enumerate(plan.steps) if step.asked]
    above = plan.steps[asking[-1] + 1 :] if asking else plan.steps
    empty = next((step for step in above if step.skip_reason is not rules.SkipReason.ASKED_LATER), None)
    if empty is not None:
        return empty.name, empty.name_en
    return (levels[-1].name, levels[-1].name_en) if levels else ("", "")


def _freeze(proposal: Proposal, found: list[Attachment], *, route: RouteVersion, at: dt.datetime) -> Revision:
    """Write what is submitted. The digest that the audit trail keeps covers the files too, by name and digest."""
    frozen: dict[str, Any] = {
        "title": proposal.title,
        "content": proposal.content,
        "amount": proposal.amount,
        "form_version": proposal.form_version_id,
    }
    if found:
        frozen["attachments"] = [[row.name, row.content_type, row.size, row.sha256] for row in found]
    text = json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    department = proposal.post.department
    revision = Revision.objects.create(
        proposal=proposal,
        number=proposal.revision,
        title=proposal.title,
        content=proposal.content,
        content_sha256=hashlib.sha256(text.encode()).hexdigest(),
        amount=proposal.amount,
        form_version=proposal.form_version,
        route_version=route,
        post=proposal.post,
        post_title=proposal.post.title,
        department_name=department.name,
        department_name_en=department.name_en,
        submitted_at=at,
    )
    freeze_files(found, revision=revision)
    return revision


def _lay_out(revision: Revision, *, plan: rules.Plan, at: dt.datetime) -> None:
    """Write the plan as steps and assignments and ask the first step."""
    for order, planned in enumerate(plan.steps, start=1):
        step = Step.objects.create(
            revision=revision,
            order=order,
            department_id=planned.department_id,
            name=planned.name,
            name_en=planned.name_en,
            needed=planned.needed,
            state=StepState.SKIPPED if planned.skip_reason else StepState.WAITING,
            skip_reason=planned.skip_reason or "",
        )
        Assignment.objects.bulk_create(
            Assignment(
                step=step,
                proposal_id=revision.proposal_id,
                person_id=holder.person_id,
                post_id=holder.post_id,
                title=holder.title,
                state=AssignmentState.WAITING,
            )
            for holder in planned.asked
        )
    activate_next_step(revision, at=at)


def _levels_above(post: Post, *, at: dt.datetime) -> list[rules.Level]:
    """Return the departments from the post's own up to the root, with everyone who holds a valid post in them."""
    chain: list[Department] = []
    department: Department | None = post.department
    while department is not None and department not in chain:  # a cycle cannot be imported; never loop on one
        chain.append(department)
        department = department.parent
    today = company_date(at)
    posts = (
        Post.objects.filter(valid_on(today), department__in=chain, is_active=True, person__is_active=True)
        .order_by("-rank", "person__employee_number")
        .values_list("department_id", "pk", "person_id", "rank", "title")
    )
    holders: dict[int, list[rules.Holder]] = {}
    for department_id, post_id, person_id, rank, title in posts:
        holders.setdefault(department_id, []).append(rules.Holder(post_id, person_id, rank, title))
    return [
        rules.Level(level.pk, level.name, level.name_en, tuple(holders.get(level.pk, ())))
        for level in chain
        if level.is_active and level.valid_from <= today and (level.valid_to is None or level.valid_to >= today)
    ]
