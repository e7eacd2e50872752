from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    name = "api.organization"
    label = "organization"
