"""The application's URLs; on a developer's machine also the built page."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.static import serve

from project.application import APPLICATION
from project.health import health, ready

urlpatterns: list[URLPattern | URLResolver] = [path("health", health), path("ready", ready)]
if settings.LOCAL and APPLICATION.local_urls:
    # Before the application's own, which answer every other address below theirs.
    urlpatterns.append(path("", include(APPLICATION.local_urls)))
urlpatterns.append(path("", include(APPLICATION.urls)))
handler404 = APPLICATION.not_found
handler500 = APPLICATION.server_error

if settings.SPA_DIST is not None:
    urlpatterns += [
        path("", serve, {"document_root": settings.SPA_DIST, "path": "index.html"}),
        re_path(r"^(?P<path>assets/.+)$", serve, {"document_root": settings.SPA_DIST}),
    ]
