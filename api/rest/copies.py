"""Begin a proposal with the content of another one."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.proposals import operations
from api.proposals.operations.copies import LeftOutBecause
from api.rest.endpoint import LARGEST_ID, Endpoint, Input, Output, describe
from api.rest.proposal_document import ProposalDocument, document


class NewCopy(Input):
    post = serializers.IntegerField(
        min_value=1,
        max_value=LARGEST_ID,
        required=False,
        help_text="Id of one of my posts. Left out: the copied proposal's if that is mine, else my primary one.",
    )
    key = serializers.UUIDField(required=False, help_text="As for a new proposal.")


class LeftOutField(Output):
    label = serializers.CharField()  # type: ignore[assignment]  # declared fields are taken off the class
    label_en = serializers.CharField()
    because = serializers.ChoiceField(
        choices=[because.value for because in LeftOutBecause],
        help_text="`gone`: the form has no such field any more; `unfit`: what was written does not fit it any more.",
    )


class CopiedProposal(Output):
    proposal = ProposalDocument()
    left_out = LeftOutField(many=True, help_text="Fields of the copied proposal that the new one does not have.")
    files = serializers.IntegerField(help_text="Files beside the copied proposal; they are not copied.")


class CopyEndpoint(Endpoint):
    @describe(
        "Begin a proposal of mine with the content of this one",
        body=NewCopy,
        answers={201: CopiedProposal, 200: CopiedProposal},
        problems=("no_such_proposal", "not_allowed", "no_such_type", "not_your_post", "form_invalid"),
    )
    def post(self, request: Request, data: dict[str, Any], proposal_id: int) -> Response:
        copied = operations.copy_proposal(
            proposal_id=proposal_id,
            by=self.person,
            at=timezone.now(),
            post_id=data.get("post"),
            key=data.get("key"),
        )
        answer = {
            "proposal": document(copied.proposal.pk, reader=self.person),
            "left_out": [
                {"label": part.label["ja"], "label_en": part.label["en"], "because": part.because}
                for part in copied.left_out
            ],
            "files": copied.files,
        }
        return Response(answer, status=201 if copied.is_new else 200)
