"""Addresses of the relayed store; project/urls.py includes them where files travel through the function."""

from django.urls import path

from api.integrations.storage.relayed import ADDRESS
from api.integrations.storage.relayed_views import download, upload

urlpatterns = [path(ADDRESS, upload), path(f"{ADDRESS}/<path:key>", download)]
