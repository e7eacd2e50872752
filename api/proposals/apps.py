from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    name = "api.proposals"
    label = "proposals"
