"""A WSGI-visible mirror: URLs whose answers tell everything that Django saw of a request."""

import base64
import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, re_path


def mirror(request: HttpRequest) -> JsonResponse:
    return JsonResponse(
        {
            "method": request.method,
            "path": request.path,
            "path_info": request.path_info,
            "script_name": request.META["SCRIPT_NAME"],
            "query": {key: request.GET.getlist(key) for key in request.GET},
            "cookies": request.COOKIES,
            "headers": {
                name: value for name, value in request.headers.items() if name.startswith("X-Mine") or name == "Accept"
            },
            "content_type": request.content_type,
            "content_length": request.META.get("CONTENT_LENGTH") or "0",
            "body": base64.b64encode(request.body).decode(),
            "address": request.META["REMOTE_ADDR"],
            "secure": request.is_secure(),
            "host": request.get_host(),
            "url": request.build_absolute_uri(),
        }
    )


def cookies(request: HttpRequest) -> HttpResponse:
    """Set as many cookies as asked, beside two Vary-like headers."""
    response = HttpResponse(b"")
    for number in range(int(request.GET["count"])):
        response.set_cookie(f"c{number}", f"v{number}", path="/")
    return response


def binary(request: HttpRequest) -> HttpResponse:
    """Answer the request's body as it came, as a type that is no text."""
    return HttpResponse(request.body, content_type=request.GET.get("type", "application/octet-stream"))


def large(request: HttpRequest) -> HttpResponse:
    """Answer as many bytes as asked, with a header as the CORS middleware sets."""
    text = "型" if request.GET.get("letters") == "ja" else "x"
    body = json.dumps(text * int(request.GET["size"]), ensure_ascii=False)
    response = HttpResponse(body, content_type="application/json")
    response["Access-Control-Allow-Origin"] = "https://site.example"
    response["Vary"] = "origin"
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """Answer with a text that is not UTF-8: no gateway event can carry it as text."""
    return HttpResponse(b"\xff\xfe secret", content_type="text/plain")


urlpatterns = [
    path("cookies", cookies),
    path("binary", binary),
    path("large", large),
    path("broken", broken),
    re_path(r"(?s).*", mirror),
]
