"""The application's URLs; on a developer's machine also the built page."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.static import serve

from project.application import APPLICATION
from project.health import health, ready
from project.page import rendered


def page(_request: HttpRequest, *, folder: Path) -> HttpResponse:
    """Answer the built page, allowed to reach what this machine is set up for."""
    html = (folder / "index.html").read_text(encoding="utf-8")
    return HttpResponse(rendered(html, reaches=settings.PAGE_REACHES))


urlpatterns: list[URLPattern | URLResolver] = [path("health", health), path("ready", ready)]
if settings.LOCAL and APPLICATION.local_urls:
    # Before the application's own, which answer every other address below theirs.
    urlpatterns.append(path("", include(APPLICATION.local_urls)))
if settings.RELAYS_FILES and APPLICATION.relay_urls:
    urlpatterns.append(path("", include(APPLICATION.relay_urls)))
urlpatterns.append(path("", include(APPLICATION.urls)))
handler404 = APPLICATION.not_found
handler500 = APPLICATION.server_error

if settings.SPA_DIST is not None:
    urlpatterns += [
        path("", page, {"folder": settings.SPA_DIST}),
        re_path(r"^(?P<path>assets/.+)$", serve, {"document_root": settings.SPA_DIST}),
    ]
