"""Files beside a proposal. Their bytes never pass through here: the page sends them to the store, and reads them there.

1. `POST /api/proposals/{id}/attachments` says what is coming and answers a form.
2. The page sends the form's fields and then the bytes, as `file`, to the form's `url` by multipart/form-data.
3. `POST /api/attachments/{id}/confirm` lets the server check what arrived.
"""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.proposals import operations, outside
from api.proposals.models import Attachment
from api.proposals.ports import Upload
from api.rest.attachment_document import AttachmentDocument, attachment_document
from api.rest.endpoint import LARGEST_ID, Endpoint, Input, Output, describe

CHANGE_PROBLEMS = ("no_such_attachment", "no_such_proposal", "not_allowed", "wrong_state")
STORE_PROBLEMS = ("attachments_off", "storage_unavailable")


class NewAttachment(Input):
    name = serializers.CharField(allow_blank=True, max_length=1000, trim_whitespace=False)
    content_type = serializers.CharField(
        allow_blank=True, max_length=200, default="", help_text="What the browser says of the file; may be empty."
    )
    size = serializers.IntegerField(min_value=0, max_value=LARGEST_ID, help_text="Bytes.")
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$", help_text="SHA-256 of the bytes, hex in small letters.")


class UploadForm(Output):
    url = serializers.CharField(help_text="Where to send it: multipart/form-data, POST. Success is status 204.")
    fields = serializers.DictField(  # type: ignore[assignment]  # declared fields are taken off the class
        child=serializers.CharField(), help_text="Form fields to send as they are, before the bytes (`file`)."
    )
    expires_at = serializers.DateTimeField(help_text="After this, ask /upload for a new form.")


class AttachmentUpload(Output):
    attachment = AttachmentDocument()
    upload = UploadForm()


class DownloadDocument(Output):
    url = serializers.CharField(help_text="Open it soon; it always downloads, under the file's own name.")
    expires_at = serializers.DateTimeField()


class AttachmentsEndpoint(Endpoint):
    @describe(
        "Attach a file: say what is coming, get the form to send it",
        body=NewAttachment,
        answers={201: AttachmentUpload},
        problems=(
            "no_such_proposal",
            "not_allowed",
            "wrong_state",
            *STORE_PROBLEMS,
            "attachment_name_invalid",
            "attachment_type_refused",
            "attachment_empty",
            "attachment_too_large",
            "too_many_attachments",
        ),
    )
    def post(self, request: Request, data: dict[str, Any], proposal_id: int) -> Response:
        attachment, upload = operations.add_attachment(
            proposal_id=proposal_id,
            **data,
            by=self.person,
            at=timezone.now(),
            store=outside.attachment_store(),
        )
        return Response(_upload(attachment, upload, request), status=201)


class AttachmentEndpoint(Endpoint):
    @describe("Take a file out of a draft", answers={204: None}, problems=CHANGE_PROBLEMS)
    def delete(self, request: Request, attachment_id: int) -> Response:
        operations.remove_attachment(attachment_id=attachment_id, by=self.person, at=timezone.now())
        return Response(status=204)


class AttachmentUploadEndpoint(Endpoint):
    @describe(
        "A new form for a file that has not arrived",
        answers={200: AttachmentUpload},
        problems=(*CHANGE_PROBLEMS, *STORE_PROBLEMS, "attachment_not_expected"),
    )
    def post(self, request: Request, attachment_id: int) -> Response:
        attachment, upload = operations.renew_upload(
            attachment_id=attachment_id, by=self.person, at=timezone.now(), store=outside.attachment_store()
        )
        return Response(_upload(attachment, upload, request))


class AttachmentConfirmEndpoint(Endpoint):
    @describe(
        "Check what arrived; look at `state` of the answer",
        answers={200: AttachmentDocument},
        problems=(*CHANGE_PROBLEMS, *STORE_PROBLEMS, "attachment_not_arrived"),
    )
    def post(self, request: Request, attachment_id: int) -> Response:
        attachment = operations.confirm_attachment(
            attachment_id=attachment_id,
            by=self.person,
            at=timezone.now(),
            store=outside.attachment_store(),
            scanner=outside.malware_scanner(),
        )
        return Response(attachment_document(attachment))


class AttachmentDownloadEndpoint(Endpoint):
    @describe(
        "An address from which to download a file, good for two minutes",
        answers={200: DownloadDocument},
        problems=("no_such_attachment", *STORE_PROBLEMS, "attachment_not_ready"),
    )
    def get(self, request: Request, attachment_id: int) -> Response:
        download = operations.offer_download(
            attachment_id=attachment_id, by=self.person, at=timezone.now(), store=outside.attachment_store()
        )
        return Response({"url": request.build_absolute_uri(download.url), "expires_at": download.expires_at})


def _upload(attachment: Attachment, upload: Upload, request: Request) -> dict[str, Any]:
    return {
        "attachment": attachment_document(attachment),
        "upload": {
            # A store on this host gives a path; where that is, only the request knows.
            "url": request.build_absolute_uri(upload.url),
            "fields": upload.fields,
            "expires_at": upload.expires_at,
        },
    }
