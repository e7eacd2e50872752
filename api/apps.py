"""The application as a whole: management commands and translations live here."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"
    label = "api"
