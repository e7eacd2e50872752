"""Addresses of a stage whose files pass through the application: project/urls.py chooses them when it is imported."""

from api.integrations.storage import relayed_urls
from project import urls

urlpatterns = [*relayed_urls.urlpatterns, *urls.urlpatterns]
handler404, handler500 = urls.handler404, urls.handler500
