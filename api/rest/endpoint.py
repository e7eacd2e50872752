"""The shape of every endpoint: what it takes and answers is declared beside the method that does it.

`describe` checks the input by its serializer before the method runs, and keeps the declaration on the method, from
which `openapi.yaml` is made (`make openapi`). Output serializers are declarations only: answers are built as
plain dicts, because rendering a list through serializers costs more than twice the CPU (docs/benchmarks.md), and
every answer of the test suite is held against `openapi.yaml` instead.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.organization.models import Person
from api.rest.parsing import CheckedJSONParser

LARGEST_ID = 2**63 - 1
"""What the database's ids can hold; a larger number is refused before it gets there."""


class Input(serializers.Serializer[Any]):
    """What a caller sends. Fields that are not declared are refused, so that a misspelt one is noticed."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                message = _("There is no such field. Leave it out, or check its spelling.")
                raise serializers.ValidationError({name: [message] for name in unknown}, code="unknown_field")
        return super().to_internal_value(data)


class Output(serializers.Serializer[Any]):
    """What an endpoint answers, as a declaration."""


@dataclass(frozen=True)
class Description:
    """What one method takes and answers, for the OpenAPI document."""

    summary: str
    body: type[Input] | None = None
    query: type[Input] | None = None
    answers: Mapping[int, type[Output] | None] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


type Method[V] = Callable[Concatenate[V, Request, ...], Response]


def describe[V: APIView](
    summary: str,
    *,
    body: type[Input] | None = None,
    query: type[Input] | None = None,
    answers: Mapping[int, type[Output] | None],
    problems: tuple[str, ...] = (),
) -> Callable[[Method[V]], Method[V]]:
    """Declare a method, and hand it the checked input as `data` (from the body) or `query`.

    `answers` maps the status of success to its document (None: no body), `problems` names the codes it may answer
    beside those that any endpoint can.
    """

    def decorate(method: Method[V]) -> Method[V]:
        @wraps(method)
        def checked(self: V, request: Request, /, *args: Any, **kwargs: Any) -> Response:
            if body is not None:
                kwargs["data"] = _valid(body, request.data)
            if query is not None:
                kwargs["query"] = _valid(query, request.query_params.dict())
            return method(self, request, *args, **kwargs)

        checked.description = Description(summary, body, query, answers, problems)  # type: ignore[attr-defined]  # functions carry attributes
        return checked

    return decorate


def _valid(serializer_class: type[Input], data: Any) -> dict[str, Any]:
    serializer = serializer_class(data=data)
    serializer.is_valid(raise_exception=True)
    validated: dict[str, Any] = serializer.validated_data
    return validated


class Endpoint(APIView):
    """An address of the API. Whoever is not signed in is refused, unless the endpoint says otherwise."""

    parser_classes = (CheckedJSONParser,)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        # Answers are about people: no proxy and no browser keeps them.
        final["Cache-Control"] = "no-store"
        return final

    @property
    def person(self) -> Person:
        """The signed-in person; raises `NotAuthenticated` where an endpoint lets others in and still asks."""
        if not isinstance(self.request.user, Person):
            raise exceptions.NotAuthenticated
        return self.request.user


class UnknownAddress(Endpoint):
    """Answers every address below the API's base that no other endpoint has, with a problem document."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise exceptions.NotFound
