"""Write a proposal before it is submitted, and again after it came back."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from api.organization.models import Department, Person, Post
from api.organization.queries import company_date, posts_of
from api.proposals import audit, forms
from api.proposals.errors import FormInvalid, NoSuchType, NotYourPost, StaleDraft
from api.proposals.models import DraftKey, FormVersion, Proposal, ProposalType
from api.proposals.operations import _shared
from api.proposals.states import Operation, ProposalState

TITLE_LABEL = {"ja": "件名", "en": "Title"}
TITLE_LENGTH = 200


@transaction.atomic
def create_draft(
    *,
    type_code: str,
    post_id: int,
    title: str,
    content: dict[str, Any],
    by: Person,
    at: dt.datetime,
    copied_from: Proposal | None = None,
) -> Proposal:
    """Begin a proposal of `type_code`, applying in one of the person's own posts.

    Raises `NoSuchType`, `NotYourPost`, and `FormInvalid` when a field holds something of the wrong kind; fields may
    still be missing.
    """
    form = newest_form(type_code)
    title, content = checked(form.schema, title=title, content=content, complete=False)
    proposal = Proposal.objects.create(
        type=form.type,
        form_version=form,
        applicant=by,
        post=own_post(post_id=post_id, person=by, at=at),
        title=title,
        content=content,
        amount=forms.total_of(form.schema, content),
        created_at=at,
        updated_at=at,
    )
    data = {} if copied_from is None else {"copied_from": copied_from.pk}
    audit.record(kind="created", at=at, by=by, proposal=proposal, **data)
    return proposal


def newest_form(type_code: str) -> FormVersion:
    """Return the form that a new proposal of a type is written on; raises `NoSuchType`."""
    type_ = ProposalType.objects.filter(code=type_code, is_active=True).first()
    form = None if type_ is None else FormVersion.objects.latest_of(type_)
    if form is None:
        raise NoSuchType(type=type_code)
    return form


@dataclass(frozen=True)
class FirstSave:
    """A draft as it is; `is_new` is False where this key had made it before, and nothing was written this time."""

    proposal: Proposal
    is_new: bool


def save_first(*, key: uuid.UUID | None, by: Person, begin: Callable[[], Proposal]) -> FirstSave:
    """Return the draft that `begin` makes, or the one that it made when `by` sent the same key before.

    A page chooses the key before it saves a draft for the first time: when the answer is lost and it sends the same
    again, there is still one draft. Without a key every call makes another one.
    """
    if key is None:
        return FirstSave(begin(), is_new=True)
    before = _saved_under(key, by=by)
    if before is None:
        try:
            with transaction.atomic():
                proposal = begin()
                DraftKey.objects.create(person=by, key=key, proposal=proposal)
            return FirstSave(proposal, is_new=True)
        except IntegrityError:  # the same at the same moment, and it was faster
            before = _saved_under(key, by=by)
            if before is None:
                raise
    return FirstSave(before, is_new=False)


def _saved_under(key: uuid.UUID, *, by: Person) -> Proposal | None:
    return Proposal.objects.filter(keys__person=by, keys__key=key).first()


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
