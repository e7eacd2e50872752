"""The relayed store's two addresses: they answer as S3 does, in status and in manner.

Whoever comes shows a leave that the application gave to a person who may, for one file and a short time; nothing else
is asked, as S3 asks nothing else.
"""

import hashlib
import logging
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from api.integrations.storage.form_policy import UploadRefused
from api.integrations.storage.relayed import LARGEST, from_settings
from api.integrations.storage.signed_here import error
from api.proposals.ports import StoreUnavailable

logger = logging.getLogger(__name__)


class Held(FileUploadHandler):
    """Holds the one file of an upload in memory, where its event already is."""

    def __init__(self) -> None:
        super().__init__()
        self.content = bytearray()

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> bytes | None:
        if len(self.content) + len(raw_data) > LARGEST:
            raise StopUpload(connection_reset=False)
        self.content += raw_data
        return None

    def file_complete(self, _size: int) -> Any:
        return self  # all that Django does with it is to put it into request.FILES


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take one file by a signed form: 204 once it lies in the bucket, else S3's error."""
    held = Held()
    try:
        request.upload_handlers = [held]
        fields = request.POST.dict()
        content = bytes(held.content)
        if "file" not in request.FILES:
            # Also where the file was longer than any form allows, and reading it was given up.
            return error(400, "EntityTooLarge", f"One file of at most {LARGEST} bytes is expected.")
        from_settings().take(content, fields, sha256=hashlib.sha256(content).hexdigest(), at=timezone.now())
    except UploadRefused as refused:
        return error(refused.status, refused.code, refused.message)
    except (BadRequest, MultiPartParserError, RequestDataTooBig, UnreadablePostError) as problem:
        return error(400, "MalformedPOSTRequest", str(problem))
    except StoreUnavailable as unavailable:
        return _unavailable(unavailable)
    return HttpResponse(status=204)


@require_safe
def download(request: HttpRequest, key: str) -> HttpResponse:
    """Give one file out by a signed address, as a download."""
    store, query = from_settings(), request.GET.dict()
    if refusal := store.refusal(key, query, at=timezone.now()):
        return refusal
    try:
        content = store.read(key)
    except StoreUnavailable as unavailable:
        return _unavailable(unavailable)
    if content is None:
        return error(404, "NoSuchKey", "The specified key does not exist.")
    response = HttpResponse(content, content_type=query["response-content-type"])
    response["Content-Disposition"] = query["response-content-disposition"]
    response["Cache-Control"] = query["response-cache-control"]
    # It is on the page's own origin: whatever a browser makes of it, it can do nothing there.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _unavailable(reason: StoreUnavailable) -> HttpResponse:
    logger.error("The bucket of files does not answer: %s", reason)
    return error(503, "ServiceUnavailable", "Please try again.")
