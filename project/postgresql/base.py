"""Django's PostgreSQL for roles whose password is not one and the same all the time: a token, or one of two."""

from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base
from django.utils.module_loading import import_string
from psycopg2 import OperationalError


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that signs in by what is good now.

    With `settings.DATABASE_TOKEN`, the dotted path of what makes it, by a new token for every connection. With a
    `PASSWORD_NEXT`, while a rotation is under way, by whichever of two passwords the server takes.
    """

    def get_connection_params(self) -> dict[str, Any]:
        """Return psycopg2's parameters."""
        params: dict[str, Any] = super().get_connection_params()
        if settings.DATABASE_TOKEN:
            make = import_string(settings.DATABASE_TOKEN)
            params["password"] = make(
                host=params["host"], port=int(params["port"]), user=params["user"], region=settings.AWS_REGION
            )
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; psycopg2 tells no SQLSTATE of a refusal at the door, and the server's words depend on its locale."""
        coming = self.settings_dict.get("PASSWORD_NEXT")
        if not coming:
            return super().get_new_connection(conn_params)
        try:
            return super().get_new_connection({**conn_params, "password": coming})
        except (OperationalError, UnicodeDecodeError):  # a refusal in EUC-JP is read as UTF-8, and stumbles
            return super().get_new_connection(conn_params)
