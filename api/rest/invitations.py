"""Whom an administrator lets in: accounts, invitations, and taking an invitation back."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.organization import queries
from api.organization.models import Post
from api.proposals import accounts, invitations, operations
from api.proposals.accounts import Account, AccountState
from api.rest import people
from api.rest.directory import CurrentPost
from api.rest.endpoint import LARGEST_ID, Endpoint, Input, Output, describe
from api.rest.pagination import CursorField, PageQuery, cut, page

MOST = 200
"""People that one call invites."""


class AccountsQuery(PageQuery):
    q = serializers.CharField(required=False, allow_blank=True, default="", max_length=100)
    state = serializers.ChoiceField(choices=[state.value for state in AccountState], required=False)
    cursor = CursorField(str, int)


class InvitationDocument(Output):
    id = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True, help_text="When the letter with the link left.")
    used_at = serializers.DateTimeField(allow_null=True)
    revoked_at = serializers.DateTimeField(allow_null=True)


class AccountDocument(people.Name):
    employee_number = serializers.CharField()
    username = serializers.CharField()
    kana = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    is_administrator = serializers.BooleanField()
    has_password = serializers.BooleanField()
    state = serializers.ChoiceField(choices=[state.value for state in AccountState])
    post = CurrentPost(allow_null=True)
    invitation = InvitationDocument(allow_null=True, help_text="The latest one.")


class Invite(Input):
    people = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), min_length=1, max_length=MOST
    )


class InvitedAccount(AccountDocument):
    link = serializers.CharField(
        allow_null=True, help_text="To hand over, where no letter brings it; no other answer ever has it."
    )


class InvitedAccounts(Output):
    results = InvitedAccount(many=True)


class AccountsEndpoint(Endpoint):
    @describe(
        "Active people, and whether they can sign in or are invited",
        query=AccountsQuery,
        answers={200: page(AccountDocument)},
        problems=("administrators_only",),
    )
    def get(self, request: Request, query: dict[str, Any]) -> Response:
        limit, at = query["limit"], timezone.now()
        state = AccountState(query["state"]) if "state" in query else None
        found = accounts.accounts(
            reader=self.person, text=query["q"], state=state, at=at, after=query.get("cursor"), limit=limit + 1
        )
        rows, next_ = cut(found, limit, lambda row: (row.person.sort_key, row.person.pk))
        return Response({"results": _documents(rows), "next": next_})


class InvitationsEndpoint(Endpoint):
    @describe(
        "Invite people to choose a password, for the first time or anew; an open invitation of theirs ends",
        body=Invite,
        answers={201: InvitedAccounts},
        problems=("administrators_only", "nobody_to_invite"),
    )
    def post(self, request: Request, data: dict[str, Any]) -> Response:
        at = timezone.now()
        made = operations.invite(people=data["people"], by=self.person, at=at)
        rows = accounts.of([one.invitation.person for one in made], at=at)
        links = [None if one.token is None else invitations.link(one.token) for one in made]
        documents = [row | {"link": link} for row, link in zip(_documents(rows), links, strict=True)]
        return Response({"results": documents}, status=201)


class RevokeEndpoint(Endpoint):
    @describe(
        "Take an invitation back: its link opens nothing any more",
        answers={200: AccountDocument},
        problems=("administrators_only", "no_such_invitation", "invitation_closed"),
    )
    def post(self, request: Request, invitation_id: int) -> Response:
        at = timezone.now()
        invitation = operations.revoke_invitation(invitation_id=invitation_id, by=self.person, at=at)
        return Response(_documents(accounts.of([invitation.person], at=at))[0])


def _documents(rows: list[Account]) -> list[dict[str, Any]]:
    posts = queries.chief_posts([row.person for row in rows], on=queries.company_date(timezone.now()))
    return [_account(row, posts.get(row.person.pk)) for row in rows]


def _account(row: Account, post: Post | None) -> dict[str, Any]:
    person, invitation = row.person, row.invitation
    return people.name(person) | {
        "employee_number": person.employee_number,
        "username": person.username,
        "kana": people.kana(person),
        "email": person.email,
        "is_administrator": person.is_administrator,
        "has_password": person.has_usable_password(),
        "state": row.state.value,
        "post": None if post is None else {"title": post.title, "department": people.department(post.department)},
        "invitation": None
        if invitation is None
        else {
            "id": invitation.pk,
            "created_at": invitation.created_at,
            "expires_at": invitation.expires_at,
            "sent_at": invitation.sent_at,
            "used_at": invitation.used_at,
            "revoked_at": invitation.revoked_at,
        },
    }
