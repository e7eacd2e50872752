"""Write a proposal before it is submitted, and again after it came back."""

import datetime as dt
from typing import Any

from django.db import transaction

from api.organization.models import Department, Person, Post
from api.organization.queries import company_date, posts_of
from api.proposals import audit, forms
from api.proposals.errors import FormInvalid, NoSuchType, NotYourPost, StaleDraft
from api.proposals.models import FormVersion, Proposal, ProposalType
from api.proposals.operations import _shared
from api.proposals.states import Operation, ProposalState

TITLE_LABEL = {"ja": "件名", "en": "Title"}
TITLE_LENGTH = 200


@transaction.atomic
def create_draft(
    *, type_code: str, post_id: int, title: str, content: dict[str, Any], by: Person, at: dt.datetime
) -> Proposal:
    """Begin a proposal of `type_code`, applying in one of the person's own posts.

    Raises `NoSuchType`, `NotYourPost`, and `FormInvalid` when a field holds something of the wrong kind; fields may
    still be missing.
    """
    type_ = ProposalType.objects.filter(code=type_code, is_active=True).first()
    form = None if type_ is None else FormVersion.objects.latest_of(type_)
    if type_ is None or form is None:
        raise NoSuchType(type=type_code)
    title, content = checked(form.schema, title=title, content=content, complete=False)
    proposal = Proposal.objects.create(
        type=type_,
        form_version=form,
        applicant=by,
        post=own_post(post_id=post_id, person=by, at=at),
        title=title,
        content=content,
        amount=forms.total_of(form.schema, content),
        created_at=at,
        updated_at=at,
    )
    audit.record(kind="created", at=at, by=by, proposal=proposal)
    return proposal


@transaction.atomic
def edit_draft(
    *,
    proposal_id: int,
    version: int,
    by: Person,
    at: dt.datetime,
    title: str | None = None,
    post_id: int | None = None,
    content: dict[str, Any] | None = None,
) -> Proposal:
    """Change the working copy of a draft or a returned proposal; what is None stays.

    `version` is the one the person was looking at: raises `StaleDraft` where it was edited since, and whatever
    `create_draft` raises. A proposal that was never submitted moves to the newest form of its type.
    """
    proposal = _shared.lock(proposal_id=proposal_id, by=by)
    _shared.permit(Operation.EDIT, proposal=proposal, by=by)
    if version != proposal.version:
        raise StaleDraft(seen=version, current=proposal.version)
    if proposal.state == ProposalState.DRAFT and proposal.revision == 0:
        proposal.form_version = FormVersion.objects.latest_of(proposal.type) or proposal.form_version
    schema = proposal.form_version.schema
    proposal.title, proposal.content = checked(
        schema,
        title=proposal.title if title is None else title,
        content=proposal.content if content is None else content,
        complete=False,
    )
    if post_id is not None and post_id != proposal.post_id:
        proposal.post = own_post(post_id=post_id, person=by, at=at)
    proposal.amount = forms.total_of(schema, proposal.content)
    proposal.version += 1
    proposal.updated_at = at
    proposal.save()
    return proposal


def own_post(*, post_id: int, person: Person, at: dt.datetime) -> Post:
    """Return the person's post, valid on the company's date at `at`; raises `NotYourPost`."""
    post = posts_of(person, on=company_date(at)).filter(pk=post_id).first()
    if post is None:
        raise NotYourPost(post=post_id)
    return post


def checked(schema: forms.Json, *, title: str, content: dict[str, Any], complete: bool) -> tuple[str, dict[str, Any]]:
    """Return title and content as they are stored; raises `FormInvalid` with every problem."""
    title = " ".join(title.split())
    problems = []
    if len(title) > TITLE_LENGTH:
        values = {"limit": TITLE_LENGTH, "length": len(title)}
        problems.append(forms.FieldProblem("/title", "too_long", values, TITLE_LABEL))
    elif complete and not title:
        problems.append(forms.FieldProblem("/title", "required", {}, TITLE_LABEL))
    content, found = forms.check_content(schema, content, complete=complete)
    wrong = {problem.pointer for problem in found}
    found += _unknown_references(schema, content, leaving_out=wrong)
    # A content's pointers are relative to it; the document that the edge received holds it as "content".
    problems += [
        forms.FieldProblem(f"/content{problem.pointer}", problem.code, problem.values, problem.label)
        for problem in found
    ]
    if problems:
        raise FormInvalid(problems)
    return title, content


def _unknown_references(
    schema: forms.Json, content: dict[str, Any], *, leaving_out: set[str]
) -> list[forms.FieldProblem]:
    """Return a problem for every person and department of the content that is not an active one.

    Pointers in `leaving_out` have a problem already, such as an id that no database can hold.
    """
    problems = []
    for kind, model in (("person", Person), ("department", Department)):
        named = [found for found in forms.references_in(schema, content, kind) if found[0] not in leaving_out]
        if not named:
            continue
        known = set(
            model._default_manager.filter(pk__in={id_ for _, id_, _ in named}, is_active=True).values_list(
                "pk", flat=True
            )
        )
        problems += [
            forms.FieldProblem(pointer, f"no_such_{kind}", {"value": id_}, label)
            for pointer, id_, label in named
            if id_ not in known
        ]
    return problems
