"""openapi.yaml, made from what the endpoints declare (`api.rest.endpoint.describe`).

The only module that imports drf-spectacular, which is not installed where the application runs.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.test import RequestFactory
from django.urls import get_resolver
from django.utils import translation
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_mock_request
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.settings import patched_settings
from drf_spectacular.utils import OpenApiResponse
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from api.rest.endpoint import Description, Input, Output
from api.rest.errors import CODES_OF_ANY_ENDPOINT, MEDIA_TYPE

BEARER = "bearer"


def _request(method: str, path: str, view: APIView, original: Any, **values: Any) -> Any:
    """Give the view its request before it is asked for its authenticators, as Django does and the default does not."""
    view.request = getattr(RequestFactory(), method.lower())(path)
    return build_mock_request(method, path, view, original, **values)


def _tidied(node: Any) -> Any:
    """Take out what says nothing: the base classes' descriptions, and what drf-spectacular notes for itself."""
    if isinstance(node, list):
        return [_tidied(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    dull = {"description"} if node.get("description") in (Input.__doc__, Output.__doc__) else set()
    return {name: _tidied(inner) for name, inner in node.items() if name not in dull | {"x-spec-enum-id"}}


_SETTINGS: dict[str, Any] = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "Cloister approvals",
    "DESCRIPTION": (
        "Proposals inside a company: written, decided and looked up. Errors are problem documents (RFC 9457) whose "
        "`code` is stable and whose `detail` is a sentence in the language of `Accept-Language` (ja or en)."
    ),
    "VERSION": "1",
    # A PATCH declares itself what it needs.
    "COMPONENT_SPLIT_PATCH": False,
    "GET_MOCK_REQUEST": _request,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    # Without the default hook choices stay beside their field instead of becoming components with made-up names.
    "POSTPROCESSING_HOOKS": [],
}


class NotDescribed(Exception):
    """Some endpoint says too little, or contradicts another one, to be described."""


class DescribedSchema(AutoSchema):
    """Reads the `Description` that `describe` left on the method, and guesses nothing."""

    @property
    def described(self) -> Description:
        method = getattr(self.view, self.method.lower())
        if not hasattr(method, "description"):
            raise NotDescribed(f"{type(self.view).__name__}.{self.method.lower()} lacks @describe(...).")
        description: Description = method.description
        return description

    def get_operation_id(self) -> str:
        return f"{self.method.lower()}{type(self.view).__name__.removesuffix('Endpoint')}"

    def get_summary(self) -> str:
        return self.described.summary

    def get_description(self, *_: str) -> str:
        return ""

    def get_override_parameters(self) -> list[Any]:
        return [self.described.query] if self.described.query is not None else []

    def get_request_serializer(self) -> Any:
        return self.described.body

    def get_response_serializers(self) -> Any:
        codes = sorted({*self.described.problems, *CODES_OF_ANY_ENDPOINT})
        problem = OpenApiResponse(
            {"$ref": "#/components/schemas/Problem"},
            description="A problem; `code` is one of " + ", ".join(f"`{code}`" for code in codes) + ".",
        )
        answers = {
            str(status): OpenApiResponse(answer, description=HTTPStatus(status).phrase)
            for status, answer in self.described.answers.items()
        }
        return answers | {("default", MEDIA_TYPE): problem}

    def get_auth(self) -> list[dict[str, list[str]]]:
        return [{BEARER: []}] if self.view.get_authenticators() else []

    def _is_list_view(self, _serializer: Any = None) -> bool:
        return False


def _components(codes: set[str]) -> dict[str, Any]:
    text = {"type": "string"}
    error = {
        "type": "object",
        "description": "What is wrong with one field.",
        "required": ["pointer", "code", "detail"],
        "properties": {
            "pointer": text | {"description": "JSON pointer (RFC 6901) to the field in what was sent."},
            "code": text,
            "detail": text,
        },
    }
    problem = {
        "type": "object",
        "description": "Why something was refused; further members carry the values that `detail` names.",
        "required": ["type", "title", "status", "code", "detail"],
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "code": text | {"enum": sorted(codes)},
            "detail": text | {"description": "A sentence for the person, in the language that was asked for."},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
        },
    }
    return {
        "schemas": {"FieldError": error, "Problem": problem},
        "securitySchemes": {BEARER: {"type": "http", "scheme": "bearer"}},
    }


def endpoints() -> dict[str, type[APIView]]:
    """Return every endpoint of the API by its address, for example `api/proposals/<int:proposal_id>`."""
    found: dict[str, type[APIView]] = {}

    def collect(patterns: Sequence[Any], prefix: str) -> None:
        for pattern in patterns:
            address = prefix + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                collect(pattern.url_patterns, address)
            elif hasattr(pattern.callback, "cls"):
                found[address] = pattern.callback.cls

    collect(get_resolver().url_patterns, "")
    return found


def descriptions(endpoint: type[APIView]) -> dict[str, Description | None]:
    """Return the description of each HTTP method that an endpoint answers, None where it has none."""
    return {
        name: getattr(getattr(endpoint, name), "description", None)
        for name in ("get", "post", "put", "patch", "delete")
        if hasattr(endpoint, name)
    }


def text() -> str:
    """Return the content of openapi.yaml. Raises `NotDescribed` where drf-spectacular would guess."""
    declared = [found for view in endpoints().values() for found in descriptions(view).values() if found is not None]
    codes = {*CODES_OF_ANY_ENDPOINT}.union(*(description.problems for description in declared))
    before = api_settings.DEFAULT_SCHEMA_CLASS
    api_settings.DEFAULT_SCHEMA_CLASS = DescribedSchema  # type: ignore[assignment]  # the stubs know only its path
    try:
        with (
            patched_settings(_SETTINGS | {"APPEND_COMPONENTS": _components(codes)}),
            GENERATOR_STATS.silence(),
            translation.override("en"),
        ):
            document = _tidied(SchemaGenerator().get_schema(public=True))
            for body in {found.body.__name__ for found in declared if found.body is not None}:
                # What `Input` does: a field that is not declared is refused.
                document["components"]["schemas"][body]["additionalProperties"] = False
            rendered: bytes = OpenApiYamlRenderer().render(document, renderer_context={})
    finally:
        api_settings.DEFAULT_SCHEMA_CLASS = before
    if GENERATOR_STATS:
        raise NotDescribed("\n".join([*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache]))
    return rendered.decode()
