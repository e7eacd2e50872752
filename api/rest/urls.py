"""The API's addresses."""

from django.urls import path

from api.rest.attachments import (
    AttachmentConfirmEndpoint,
    AttachmentDownloadEndpoint,
    AttachmentEndpoint,
    AttachmentsEndpoint,
    AttachmentUploadEndpoint,
)
from api.rest.circulation import SeenEndpoint, ViewersEndpoint
from api.rest.coming_in import InvitationEndpoint, InvitationPasswordEndpoint
from api.rest.copies import CopyEndpoint
from api.rest.directory import DepartmentsEndpoint, PeopleEndpoint
from api.rest.endpoint import UnknownAddress
from api.rest.inbox import InboxEndpoint
from api.rest.invitations import AccountsEndpoint, InvitationsEndpoint, RevokeEndpoint
from api.rest.notices import NoticesEndpoint, ReadNoticesEndpoint
from api.rest.organization import OrganizationImportEndpoint, OrganizationPreviewEndpoint
from api.rest.outbox import OutboxEndpoint, RetryEndpoint, SettleEndpoint
from api.rest.proposal_actions import (
    CommentsEndpoint,
    DecisionEndpoint,
    PullBackEndpoint,
    RoutePreviewEndpoint,
    SubmitEndpoint,
    WithdrawEndpoint,
)
from api.rest.proposal_types import ProposalTypesEndpoint
from api.rest.proposals import ProposalEndpoint, ProposalsEndpoint
from api.rest.session import MeEndpoint, SessionEndpoint

urlpatterns = [
    path("api/session", SessionEndpoint.as_view()),
    path("api/me", MeEndpoint.as_view()),
    path("api/inbox", InboxEndpoint.as_view()),
    path("api/notices", NoticesEndpoint.as_view()),
    path("api/notices/read", ReadNoticesEndpoint.as_view()),
    path("api/outbox", OutboxEndpoint.as_view()),
    path("api/outbox/<int:message_id>/retry", RetryEndpoint.as_view()),
    path("api/outbox/<int:message_id>/settle", SettleEndpoint.as_view()),
    path("api/invitation", InvitationEndpoint.as_view()),
    path("api/invitation/password", InvitationPasswordEndpoint.as_view()),
    path("api/accounts", AccountsEndpoint.as_view()),
    path("api/invitations", InvitationsEndpoint.as_view()),
    path("api/invitations/<int:invitation_id>/revoke", RevokeEndpoint.as_view()),
    path("api/organization/preview", OrganizationPreviewEndpoint.as_view()),
    path("api/organization/import", OrganizationImportEndpoint.as_view()),
    path("api/people", PeopleEndpoint.as_view()),
    path("api/departments", DepartmentsEndpoint.as_view()),
    path("api/proposal-types", ProposalTypesEndpoint.as_view()),
    path("api/proposals", ProposalsEndpoint.as_view()),
    path("api/proposals/<int:proposal_id>", ProposalEndpoint.as_view()),
    path("api/proposals/<int:proposal_id>/route-preview", RoutePreviewEndpoint.as_view()),
    path("api/proposals/<int:proposal_id>/submit", SubmitEndpoint.as_view()),
    path("api/proposals/<int:proposal_id>/withdraw", WithdrawEndpoint.as_view()),
    path("api/proposals/<int:proposal_id>/pull-back", PullBackEndpoint.as_view()),
    path("api/proposals/<int:proposal_id>/comments", CommentsEndpoint.as_view()),
    path("api/proposals/<int:proposal_id>/viewers", ViewersEndpoint.as_view()),
    path("api/proposals/<int:proposal_id>/seen", SeenEndpoint.as_view()),
    path("api/proposals/<int:proposal_id>/copy", CopyEndpoint.as_view()),
    path("api/proposals/<int:proposal_id>/attachments", AttachmentsEndpoint.as_view()),
    path("api/attachments/<int:attachment_id>", AttachmentEndpoint.as_view()),
    path("api/attachments/<int:attachment_id>/upload", AttachmentUploadEndpoint.as_view()),
    path("api/attachments/<int:attachment_id>/confirm", AttachmentConfirmEndpoint.as_view()),
    path("api/attachments/<int:attachment_id>/download", AttachmentDownloadEndpoint.as_view()),
    path("api/assignments/<int:assignment_id>/decision", DecisionEndpoint.as_view()),
    path("api/<path:unknown>", UnknownAddress.as_view()),
]
