"""A caller of the API that holds every answer against openapi.yaml."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.urls import resolve
from django.utils import timezone
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from api.organization.models import Person
from api.rest.authentication import issue_token

DOCUMENT = Path(__file__).resolve().parents[3] / "openapi.yaml"


@cache
def openapi() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))
    return document


def token_of(person: Person) -> str:
    """Return a token of someone who has just signed in."""
    token, _expires_at = issue_token(person=person, at=timezone.now())
    return token


class Caller:
    """One person's browser: signed in where `person` is given, asking in `language`."""

    def __init__(self, person: Person | None = None, *, language: str = "ja") -> None:
        self._client = APIClient(HTTP_ACCEPT_LANGUAGE=language, raise_request_exception=False)
        if person is not None:
            self._client.credentials(HTTP_AUTHORIZATION=f"Bearer {token_of(person)}")

    def get(self, path: str, **query: Any) -> Any:
        return self._call("get", path, query, None)

    def post(self, path: str, **body: Any) -> Any:
        return self._call("post", path, body, "json")

    def patch(self, path: str, **body: Any) -> Any:
        return self._call("patch", path, body, "json")

    def delete(self, path: str) -> Any:
        return self._call("delete", path, None, "json")

    def _call(self, method: str, path: str, data: Any, format_: str | None) -> Any:
        # Any: a test client's responses have json(), which the stubs of the framework do not know.
        response: Any = getattr(self._client, method)(f"/api{path}", data, **({"format": format_} if format_ else {}))
        hold_to_contract(method, f"/api{path}", response)
        return response


def hold_to_contract(method: str, path: str, response: Any) -> None:
    """Fail where the answer is not what openapi.yaml says of this method and status."""
    route = "/" + resolve(path).route.replace("<int:", "{").replace(">", "}")
    operation = openapi()["paths"].get(route, {}).get(method)
    if operation is None:  # an address or method that is not declared is refused
        assert response.status_code in {404, 405, 401}, (method, path, response.status_code)
        return
    declared = operation["responses"].get(str(response.status_code))
    if declared is None:
        assert response.status_code >= 400, f"{method} {route} answers {response.status_code}, which is not declared"
        declared = operation["responses"]["default"]
        assert response["Content-Type"] == "application/problem+json"
        codes = declared["description"]
        assert f"`{response.json()['code']}`" in codes, f"{method} {route} does not declare {response.json()['code']}"
    content = declared.get("content")
    if content is None:
        assert response.content == b""
        return
    (media,) = content.values()
    schema = {"components": openapi()["components"], "$ref": media["schema"]["$ref"]}
    problems = [
        f"{list(error.path)}: {error.message}" for error in Draft202012Validator(schema).iter_errors(response.json())
    ]
    assert problems == []
