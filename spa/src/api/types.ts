/** Short names for what openapi.yaml describes. */
import type { components, operations } from '@/api/schema.gen'

type Schemas = components['schemas']

export type Me = Schemas['Me']
export type Post = Schemas['PostRef']
export type PersonRef = Schemas['PersonRef']
export type PostName = Schemas['PostName']
export type InboxItem = Schemas['InboxItem']
export type ProposalRow = Schemas['ProposalItem']
export type Proposal = Schemas['ProposalDocument']
export type ProposalType = Schemas['ProposalTypeDocument']
export type Attachment = Schemas['AttachmentDocument']
export type AttachmentLimits = Schemas['AttachmentLimits']
export type UploadForm = Schemas['UploadForm']
export type State = Proposal['state']
export type Step = Schemas['StepDocument']
export type PlannedStep = Schemas['PlannedStepDocument']
export type Event = Schemas['HistoryEvent']
export type Verdict = Schemas['DecisionDocument']['verdict']
export type Content = NonNullable<Schemas['NewProposal']['content']>
export type References = Schemas['References']
export type FoundPerson = Schemas['FoundPerson']
export type FoundDepartment = Schemas['FoundDepartment']
export type Viewer = Schemas['ViewerDocument']
export type Copied = Schemas['CopiedProposal']
export type Notice = Schemas['NoticeDocument']
export type Message = Schemas['MessageDocument']
export type Scope = NonNullable<NonNullable<operations['getProposals']['parameters']['query']>['scope']>
