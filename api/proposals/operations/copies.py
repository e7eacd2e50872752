"""Begin a proposal with the content of another one."""

import copy
import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from api.organization.models import Person
from api.organization.queries import company_date, posts_of
from api.proposals import attachments, forms, permissions, queries
from api.proposals.errors import FormInvalid, NotYourPost
from api.proposals.models import Proposal, Revision
from api.proposals.operations.drafts import checked, create_draft, newest_form, save_first
from api.proposals.states import Operation, Role


class LeftOutBecause(StrEnum):
    """`gone`: the form has no such field any more; `unfit`: what was written does not fit the form of today."""

    GONE = "gone"
    UNFIT = "unfit"


@dataclass(frozen=True)
class LeftOut:
    """A field that a copy does not have: its label by language, and why."""

    label: Mapping[str, str]
    because: LeftOutBecause


@dataclass(frozen=True)
class Copy:
    """A new draft, and what it does not take over: `left_out` of the content, and `files`, the number of files."""

    proposal: Proposal
    is_new: bool
    left_out: list[LeftOut]
    files: int


def copy_proposal(
    *, proposal_id: int, by: Person, at: dt.datetime, post_id: int | None = None, key: uuid.UUID | None = None
) -> Copy:
    """Begin a proposal of the same type, on its form of today, with what `by` reads in another one.

    It is applied for in `post_id`; where that is None in the post of the other one if it is theirs, else in their
    primary one. Files are not copied. `key` is `save_first`'s. Raises `NoSuchProposal`, the denial of the table of
    states, `NoSuchType` where the type is no longer offered, and `NotYourPost`.
    """
    source = queries.proposal_for(person=by, proposal_id=proposal_id)
    roles = permissions.roles_of(by, source, is_asked=False)
    denial = permissions.denial_of(Operation.COPY, proposal=source, roles=roles)
    if denial is not None:
        raise denial
    revision = queries.latest_revision(source)
    is_writing = Role.APPLICANT in roles and source.state in queries.WRITTEN
    read: Proposal | Revision
    if revision is None or is_writing:
        read, found = source, attachments.working_copy(source)
    else:
        read, found = revision, attachments.submitted_with(revision)
    form = newest_form(source.type.code)
    content, left_out = _carried_over(read.content, old=read.form_version.schema, new=form.schema)
    post = _post_for(by, at=at, wanted=read.post_id) if post_id is None else post_id
    saved = save_first(
        key=key,
        by=by,
        begin=lambda: create_draft(
            type_code=source.type.code,
            post_id=post,
            title=read.title,
            content=content,
            by=by,
            at=at,
            copied_from=source,
        ),
    )
    return Copy(saved.proposal, saved.is_new, left_out, found.count())


def _post_for(person: Person, *, at: dt.datetime, wanted: int) -> int:
    held = [post.pk for post in posts_of(person, on=company_date(at))]
    if not held:
        raise NotYourPost(post=wanted)
    return wanted if wanted in held else held[0]


def _carried_over(content: forms.Json, *, old: forms.Json, new: forms.Json) -> tuple[forms.Json, list[LeftOut]]:
    """Return what of a content can stand on another form, and what cannot."""
    kept = copy.deepcopy(content)
    left_out = list(_drop_what_is_gone(kept, old=old, new=new))
    while True:
        try:
            _title, kept = checked(new, title="", content=kept, complete=False)
        except FormInvalid as invalid:
            for problem in invalid.problems:
                _drop(kept, problem.pointer.split("/")[2:])
                left_out.append(LeftOut(problem.label, LeftOutBecause.UNFIT))
        else:
            return kept, list({str(part): part for part in left_out}.values())


def _drop_what_is_gone(content: forms.Json, *, old: forms.Json, new: forms.Json) -> Iterator[LeftOut]:
    """Take out of a content, or a row of it, what another form does not have or has as another kind of field."""
    for name in list(content):
        before, now = old["properties"][name], new["properties"].get(name)
        if now is None or now["x-field"] != before["x-field"]:
            del content[name]
            if not before.get("readOnly"):  # nobody wrote the total
                yield LeftOut(before["x-label"], LeftOutBecause.GONE)
        elif before["x-field"] == "line_items":
            for row in content[name]:
                yield from _drop_what_is_gone(row, old=before["items"], new=now["items"])


def _drop(content: forms.Json, path: list[str]) -> None:
    """Take out the field that a path leads to; a place in a list goes with the field that holds the list."""
    *before, last = path
    if last.isdigit():
        _drop(content, before)
        return
    inside: Any = content
    for part in before:
        inside = inside[int(part)] if isinstance(inside, list) else inside.get(part, {})
    inside.pop(last, None)
