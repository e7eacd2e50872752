"""Django's PostgreSQL, with a new token for every connection in the place of a password."""

from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base
from django.utils.module_loading import import_string


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose `PASSWORD` is made when it is opened; `settings.DATABASE_TOKEN` names what makes it."""

    def get_connection_params(self) -> dict[str, Any]:
        """Return psycopg2's parameters."""
        params: dict[str, Any] = super().get_connection_params()
        make = import_string(settings.DATABASE_TOKEN)
        params["password"] = make(
            host=params["host"], port=int(params["port"]), user=params["user"], region=settings.AWS_REGION
        )
        return params
