"""Sign in and out, and what is known of whoever is signed in."""

from collections.abc import Sequence
from typing import Any

from axes.helpers import get_cool_off
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from api.organization.models import Person
from api.organization.queries import company_date, posts_of
from api.rest import people
from api.rest.attachment_document import AttachmentLimits, attachment_limits
from api.rest.authentication import issue_token
from api.rest.endpoint import Endpoint, Input, Output, describe
from api.rest.errors import Problem


class SignIn(Input):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=1000, trim_whitespace=False)


class Me(people.Name):
    employee_number = serializers.CharField()
    username = serializers.CharField()
    kana = serializers.CharField(allow_blank=True)
    language = serializers.ChoiceField(choices=Person.Language.values)
    is_administrator = serializers.BooleanField()
    posts = people.PostRef(many=True)
    attachments = AttachmentLimits(allow_null=True, help_text="What may be attached; null where nothing can be.")


class Session(Output):
    token = serializers.CharField()
    expires_at = serializers.DateTimeField()
    person = Me()


class Preferences(Input):
    language = serializers.ChoiceField(choices=Person.Language.values)


class SessionEndpoint(Endpoint):
    def get_permissions(self) -> Sequence[Any]:
        return [AllowAny()] if self.request.method == "POST" else super().get_permissions()

    def get_authenticators(self) -> list[Any]:
        # A token that has ended must not stop anyone from signing in again.
        return [] if self.request.method == "POST" else super().get_authenticators()

    @describe("Sign in", body=SignIn, answers={201: Session}, problems=("sign_in_failed", "locked_out"))
    def post(self, request: Request, data: dict[str, Any]) -> Response:
        person = authenticate(request._request, username=data["username"], password=data["password"])
        if getattr(request._request, "axes_locked_out", False):
            seconds = int(getattr(get_cool_off(), "total_seconds", lambda: 900)())
            sentence = _("Too many wrong passwords. For your safety, wait {minutes} minutes and try again.")
            raise Problem(429, "locked_out", str(sentence).format(minutes=-(-seconds // 60)), retry_after=seconds)
        if not isinstance(person, Person):
            raise Problem(401, "sign_in_failed", _("The user name or the password is not right. Check both."))
        token, expires_at = issue_token(person=person, at=timezone.now())
        user_logged_in.send(sender=Person, request=request._request, user=person)
        return Response({"token": token, "expires_at": expires_at, "person": me(person)}, status=201)

    @describe("Sign out", answers={204: None})
    def delete(self, request: Request) -> Response:
        request.auth.delete()
        return Response(status=204)


class MeEndpoint(Endpoint):
    @describe("Who am I", answers={200: Me})
    def get(self, request: Request) -> Response:
        return Response(me(self.person))

    @describe("Choose my language", body=Preferences, answers={200: Me})
    def patch(self, request: Request, data: dict[str, Any]) -> Response:
        self.person.language = data["language"]
        self.person.save(update_fields=["language"])
        return Response(me(self.person))


def me(person: Person) -> dict[str, Any]:
    """Return the document of the signed-in person, with the posts that are valid today."""
    posts = posts_of(person, on=company_date(timezone.now()))
    return people.name(person) | {
        "employee_number": person.employee_number,
        "username": person.username,
        "kana": people.kana(person),
        "language": person.language,
        "is_administrator": person.is_administrator,
        "posts": [people.post(row) for row in posts],
        "attachments": attachment_limits(),
    }
