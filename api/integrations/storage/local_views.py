"""The local store's two addresses, on a developer's machine only: they answer as S3 does, in status and in manner."""

import hashlib
import tempfile
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from api.integrations.storage.form_policy import UploadRefused
from api.integrations.storage.local import LocalStore, from_settings
from api.integrations.storage.signed_here import error
from api.proposals.ports import StoreUnavailable


class Arriving(FileUploadHandler):
    """Writes the one file of an upload to disk as it comes in, counting and hashing; holds one chunk at a time."""

    def __init__(self, folder: Path, *, largest: int) -> None:
        super().__init__()
        self.size = 0
        self._largest = largest
        self._digest = hashlib.sha256()
        self._file: IO[bytes] = tempfile.NamedTemporaryFile(dir=folder, delete=False)  # noqa: SIM115  closed by `close`
        self.path = Path(self._file.name)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> bytes | None:
        self.size += len(raw_data)
        if self.size > self._largest:
            raise StopUpload(connection_reset=False)  # the rest is read and thrown away, so that we can answer
        self._digest.update(raw_data)
        self._file.write(raw_data)
        return None

    def file_complete(self, _size: int) -> Any:
        self._file.flush()
        return self.path  # all that Django does with it is to put it into request.FILES

    def close(self) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take one file by a signed form: 204 once it lies in its place, else S3's error."""
    store = from_settings()
    arriving = Arriving(store.incoming(), largest=settings.ATTACHMENTS_LARGEST)
    try:
        request.upload_handlers = [arriving]
        store.keep(arriving.path, key=_allowed_key(request, arriving, store))
    except UploadRefused as refused:
        return error(refused.status, refused.code, refused.message)
    except (BadRequest, MultiPartParserError, RequestDataTooBig, UnreadablePostError) as problem:
        return error(400, "MalformedPOSTRequest", str(problem))
    finally:
        arriving.close()
    return HttpResponse(status=204)


def _allowed_key(request: HttpRequest, arriving: Arriving, store: LocalStore) -> str:
    """Read the whole upload and return the key that it is allowed to have; raises `UploadRefused`."""
    fields = request.POST.dict()
    store.hold(fields, size=arriving.size, sha256=arriving.sha256, at=timezone.now())
    if "file" not in request.FILES:
        raise UploadRefused(400, "InvalidArgument", "POST requires exactly one file upload per request.")
    return str(fields["key"])


@require_safe
def download(request: HttpRequest, key: str) -> HttpResponseBase:
    """Give one file out by a signed address, as a download."""
    store = from_settings()
    query = request.GET.dict()
    if refusal := store.refusal(key, query, at=timezone.now()):
        return refusal
    try:
        file = store.path_of(key).open("rb")
    except (FileNotFoundError, StoreUnavailable):
        return error(404, "NoSuchKey", "The specified key does not exist.")
    response = FileResponse(file, content_type=query["response-content-type"])
    response["Content-Disposition"] = query["response-content-disposition"]
    response["Cache-Control"] = query["response-cache-control"]
    return response
