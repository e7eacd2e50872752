"""What whoever holds the link of an invitation can do, without being signed in: look at it, and choose a password.

The token comes in the body: an address would end up in logs. Whatever is wrong with it, the answer is the same.
"""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.utils import timezone
from knox.models import AuthToken
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from api.organization.models import Person
from api.proposals import invitations, operations
from api.proposals.people_errors import InvitationNotValid
from api.rest import people
from api.rest.attempts import count_failure, refuse_too_many
from api.rest.authentication import issue_token
from api.rest.endpoint import Endpoint, Input, describe
from api.rest.session import Session, me

PLACE = "/api/invitation"
PROBLEMS = ("invitation_not_valid", "too_many_attempts")


class Link(Input):
    token = serializers.CharField(max_length=200)


class Invited(people.Name):
    username = serializers.CharField()
    language = serializers.ChoiceField(choices=Person.Language.values)
    has_password = serializers.BooleanField(help_text="Whether one was chosen before.")
    expires_at = serializers.DateTimeField()
    shortest_password = serializers.IntegerField(help_text="Characters.")


class NewPassword(Link):
    password = serializers.CharField(max_length=1000, trim_whitespace=False)


class _OpenEndpoint(Endpoint):
    permission_classes = (AllowAny,)
    authentication_classes = ()

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, InvitationNotValid):
            count_failure(self.request._request, PLACE)
        return super().handle_exception(exc)


class InvitationEndpoint(_OpenEndpoint):
    @describe("Whom a link invites", body=Link, answers={200: Invited}, problems=PROBLEMS)
    def post(self, request: Request, data: dict[str, Any]) -> Response:
        refuse_too_many(request._request, PLACE)
        invitation = operations.look_at_invitation(token=data["token"], at=timezone.now())
        person = invitation.person
        return Response(
            people.name(person)
            | {
                "username": person.username,
                "language": person.language,
                "has_password": person.has_usable_password(),
                "expires_at": invitation.expires_at,
                "shortest_password": invitations.shortest_password(),
            }
        )


class InvitationPasswordEndpoint(_OpenEndpoint):
    @describe(
        "Choose a password by a link, once, and be signed in; wherever else the person was signed in, that ends",
        body=NewPassword,
        answers={201: Session},
        problems=(*PROBLEMS, "password_not_strong"),
    )
    def post(self, request: Request, data: dict[str, Any]) -> Response:
        refuse_too_many(request._request, PLACE)
        at = timezone.now()
        with transaction.atomic():
            person = operations.accept_invitation(token=data["token"], password=data["password"], at=at)
            AuthToken.objects.filter(user=person).delete()
            token, expires_at = issue_token(person=person, at=at)
        user_logged_in.send(sender=Person, request=request._request, user=person)
        return Response({"token": token, "expires_at": expires_at, "person": me(person)}, status=201)
