"""Django's hello with psycopg2 and a connection opened at start, behind apig-wsgi."""

import os

from apig_wsgi import make_lambda_handler
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import path

settings.configure(
    SECRET_KEY="hello",  # noqa: S106  it signs nothing
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": os.environ.get("CLOISTER_DATABASE_HOST"),
            "PORT": os.environ.get("CLOISTER_DATABASE_PORT"),
            "NAME": os.environ.get("CLOISTER_DATABASE_NAME"),
            "USER": os.environ.get("CLOISTER_DATABASE_USER"),
            "CONN_MAX_AGE": 300,
        }
    },
)

from django.core.wsgi import get_wsgi_application  # noqa: E402  settings come first
from django.db import connection  # noqa: E402


def hello(_request: HttpRequest) -> JsonResponse:
    if os.environ.get("HELLO_ASKS_DATABASE"):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    return JsonResponse({"hello": "world"})


urlpatterns = [path("api/inbox", hello)]
application = get_wsgi_application()
handler = make_lambda_handler(application, binary_support=True)
if os.environ.get("HELLO_ASKS_DATABASE"):
    connection.ensure_connection()
