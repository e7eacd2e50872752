"""Addresses of the local store; project/urls.py includes them on a developer's machine only."""

from django.urls import path

from api.integrations.storage.local import ADDRESS
from api.integrations.storage.local_views import download, upload

urlpatterns = [path(ADDRESS, upload), path(f"{ADDRESS}/<path:key>", download)]
