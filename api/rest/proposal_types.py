"""The types of proposal that can be begun, each with the form to fill in."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.proposals import queries
from api.rest.endpoint import Endpoint, Output, describe
from api.rest.inbox import TypeName


class ProposalTypeDocument(TypeName):
    description = serializers.CharField(allow_blank=True)
    description_en = serializers.CharField(allow_blank=True)
    form = serializers.JSONField(help_text="JSON Schema of the content.")


class ProposalTypes(Output):
    results = ProposalTypeDocument(many=True)


class ProposalTypesEndpoint(Endpoint):
    @describe("The types of proposal", answers={200: ProposalTypes})
    def get(self, request: Request) -> Response:
        return Response(
            {
                "results": [
                    {
                        "code": form.type.code,
                        "name": form.type.name,
                        "name_en": form.type.name_en,
                        "description": form.type.description,
                        "description_en": form.type.description_en,
                        "form": form.schema,
                    }
                    for form in queries.published_types()
                ]
            }
        )
