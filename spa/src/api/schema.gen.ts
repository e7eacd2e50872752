// Made from /openapi.yaml by "npm run generate"; do not edit.

export interface paths {
    "/api/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Active people, and whether they can sign in or are invited */
        get: operations["getAccounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/assignments/{assignment_id}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approve, return or reject */
        post: operations["postDecision"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/attachments/{attachment_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a file out of a draft */
        delete: operations["deleteAttachment"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/attachments/{attachment_id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Check what arrived; look at `state` of the answer */
        post: operations["postAttachmentConfirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/attachments/{attachment_id}/download": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An address from which to download a file, good for two minutes */
        get: operations["getAttachmentDownload"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/attachments/{attachment_id}/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new form for a file that has not arrived */
        post: operations["postAttachmentUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/departments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find departments by code or name */
        get: operations["getDepartments"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/inbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What waits for me, oldest first */
        get: operations["getInbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Whom a link invites */
        post: operations["postInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/invitation/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Choose a password by a link, once, and be signed in; wherever else the person was signed in, that ends */
        post: operations["postInvitationPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Invite people to choose a password, for the first time or anew; an open invitation of theirs ends */
        post: operations["postInvitations"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/invitations/{invitation_id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take an invitation back: its link opens nothing any more */
        post: operations["postRevoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who am I */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Choose my language */
        patch: operations["patchMe"];
        trace?: never;
    };
    "/api/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What I was told, newest first */
        get: operations["getNotices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/notices/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mark what I was told as read */
        post: operations["postReadNotices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/organization/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take over what a preview showed, and nothing else */
        post: operations["postOrganizationImport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/organization/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What files of the organisation would change, or what is wrong with them; nothing is changed */
        post: operations["postOrganizationPreview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/outbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Messages to other systems, oldest first */
        get: operations["getOutbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/outbox/{message_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try a message again that was given up */
        post: operations["postRetry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/outbox/{message_id}/settle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Record that a message that was given up has been done by hand */
        post: operations["postSettle"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find active people by name, reading, number or user name */
        get: operations["getPeople"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proposal-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The types of proposal */
        get: operations["getProposalTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proposals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists of proposals, newest first */
        get: operations["getProposals"];
        put?: never;
        /** Begin a proposal */
        post: operations["postProposals"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proposals/{proposal_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One proposal */
        get: operations["getProposal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Edit a draft or a returned proposal */
        patch: operations["patchProposal"];
        trace?: never;
    };
    "/api/proposals/{proposal_id}/attachments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Attach a file: say what is coming, get the form to send it */
        post: operations["postAttachments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proposals/{proposal_id}/comments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Comment */
        post: operations["postComments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proposals/{proposal_id}/copy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin a proposal of mine with the content of this one */
        post: operations["postCopy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proposals/{proposal_id}/pull-back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pull back to draft, before anyone decided */
        post: operations["postPullBack"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proposals/{proposal_id}/route-preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who would be asked if the saved draft were submitted now */
        get: operations["getRoutePreview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proposals/{proposal_id}/seen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that I have seen what was circulated to me */
        post: operations["postSeen"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proposals/{proposal_id}/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Submit */
        post: operations["postSubmit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proposals/{proposal_id}/viewers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Circulate to people who do not decide */
        post: operations["postViewers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/proposals/{proposal_id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Withdraw for good */
        post: operations["postWithdraw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in */
        post: operations["postSession"];
        /** Sign out */
        delete: operations["deleteSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A person by name. */
        AccountDocument: {
            email: string;
            employee_number: string;
            has_password: boolean;
            id: number;
            /** @description The latest one. */
            invitation: components["schemas"]["InvitationDocument"] | null;
            is_administrator: boolean;
            kana: string;
            name: string;
            name_en: string;
            post: components["schemas"]["CurrentPost"] | null;
            /** @enum {string} */
            state: "uninvited" | "pending" | "expired" | "ready";
            username: string;
        };
        AccountDocumentPage: {
            /** @description Cursor of the next page; null at the end. */
            next: string | null;
            results: components["schemas"]["AccountDocument"][];
        };
        AssignmentDocument: {
            /** Format: date-time */
            asked_at: string | null;
            decision: components["schemas"]["DecisionDocument"] | null;
            id: number;
            person: components["schemas"]["Name"];
            /** @enum {string} */
            state: "waiting" | "pending" | "decided" | "void" | "reassigned";
            title: string;
        };
        AttachmentDocument: {
            content_type: string;
            /** Format: date-time */
            created_at: string;
            id: number;
            name: string;
            /**
             * @description Why it is `refused`; null in any other state.
             * @enum {string|null}
             */
            reason: "wrong_size" | "wrong_digest" | "infected" | "not_scanned" | null;
            /** @description Hex. */
            sha256: string;
            /** @description Bytes. */
            size: number;
            /**
             * @description `expected`: not sent yet; `quarantined`: being scanned; `available`: for all who may see it.
             * @enum {string}
             */
            state: "expected" | "quarantined" | "available" | "refused";
            uploaded_by: components["schemas"]["Name"];
        };
        /** @description What may be attached on this stage. */
        AttachmentLimits: {
            kinds: components["schemas"]["FileKindDocument"][];
            /** @description Bytes that one file may have. */
            largest: number;
            /** @description Files that one proposal may have. */
            most: number;
        };
        AttachmentUpload: {
            attachment: components["schemas"]["AttachmentDocument"];
            upload: components["schemas"]["UploadForm"];
        };
        ChangeDocument: {
            /** @description How people know the row: its code or number, and its name. */
            name: string;
            values: components["schemas"]["FieldChangeDocument"][];
        };
        ChangesDocument: {
            count: number;
            /** @enum {string} */
            kind: "added" | "changed" | "deactivated" | "reactivated";
            /** @enum {string} */
            noun: "departments" | "people" | "posts";
            /** @description At most 200 of them. */
            rows: components["schemas"]["ChangeDocument"][];
        };
        CommentDocument: {
            /** Format: date-time */
            at: string;
            body: string;
            id: number;
            person: components["schemas"]["Name"];
        };
        CopiedProposal: {
            /** @description Files beside the copied proposal; they are not copied. */
            files: number;
            /** @description Fields of the copied proposal that the new one does not have. */
            left_out: components["schemas"]["LeftOutField"][];
            proposal: components["schemas"]["ProposalDocument"];
        };
        CurrentPost: {
            department: components["schemas"]["DepartmentRef"];
            title: string;
        };
        DecisionDocument: {
            comment: string;
            /** Format: date-time */
            decided_at: string;
            /** @enum {string} */
            verdict: "approve" | "return" | "reject";
        };
        DepartmentRef: {
            code: string;
            id: number;
            name: string;
            name_en: string;
        };
        DownloadDocument: {
            /** Format: date-time */
            expires_at: string;
            /** @description Open it soon; it always downloads, under the file's own name. */
            url: string;
        };
        EditedProposal: {
            content?: {
                [key: string]: unknown;
            };
            /** Format: int64 */
            post?: number;
            title?: string;
            /** @description `version` of the draft that was edited. */
            version: number;
        };
        FieldChangeDocument: {
            name: string;
            new: string;
            old: string;
        };
        /** @description What is wrong with one field. */
        FieldError: {
            code: string;
            detail: string;
            /** @description JSON pointer (RFC 6901) to the field in what was sent. */
            pointer: string;
        };
        FileKindDocument: {
            content_type: string;
            /** @description Without a dot, in small letters. */
            extension: string;
        };
        FileProblem: {
            code: string;
            column: string;
            file: string;
            /** @description 1 is the first; null where the whole file is meant. */
            line: number | null;
            problem: string;
            remedy: string;
            value: string;
        };
        FoundDepartment: {
            code: string;
            id: number;
            name: string;
            name_en: string;
            /** @description From the root to the department above this one. */
            path: components["schemas"]["DepartmentRef"][];
        };
        FoundDepartmentPage: {
            /** @description Cursor of the next page; null at the end. */
            next: string | null;
            results: components["schemas"]["FoundDepartment"][];
        };
        /** @description A person by name. */
        FoundPerson: {
            employee_number: string;
            id: number;
            kana: string;
            name: string;
            name_en: string;
            post: components["schemas"]["CurrentPost"] | null;
        };
        FoundPersonPage: {
            /** @description Cursor of the next page; null at the end. */
            next: string | null;
            results: components["schemas"]["FoundPerson"][];
        };
        HistoryEvent: {
            /** Format: date-time */
            at: string;
            /** @description Id of the file that was added, removed, refused. */
            attachment: number | null;
            comment: string;
            /** @enum {string} */
            kind: "created" | "submitted" | "approved" | "completed" | "returned" | "rejected" | "withdrawn" | "pulled_back" | "commented" | "circulated" | "acknowledged" | "attachment_added" | "attachment_removed" | "attachment_refused" | "message_retried" | "message_settled";
            person: components["schemas"]["Name"];
            revision: number;
            /** @description Id of the person it was circulated to. */
            viewer: number | null;
        };
        ImportFiles: {
            /** @description People who leave, as an administrator typed it, where the preview has `must_confirm`. */
            deactivating?: number | null;
            /** @description Of the preview that was shown. */
            digest: string;
            files: components["schemas"]["SentFiles"];
        };
        InboxItem: {
            /** Format: date-time */
            asked_at: string;
            assignment_id: number;
            proposal: components["schemas"]["WaitingProposal"];
            step: components["schemas"]["StepName"];
        };
        InboxItemPage: {
            /** @description All that wait, counted up to 100. */
            count: number;
            /** @description Cursor of the next page; null at the end. */
            next: string | null;
            results: components["schemas"]["InboxItem"][];
        };
        InvitationDocument: {
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            expires_at: string;
            id: number;
            /** Format: date-time */
            revoked_at: string | null;
            /**
             * Format: date-time
             * @description When the letter with the link left.
             */
            sent_at: string | null;
            /** Format: date-time */
            used_at: string | null;
        };
        Invite: {
            people: number[];
        };
        /** @description A person by name. */
        Invited: {
            /** Format: date-time */
            expires_at: string;
            /** @description Whether one was chosen before. */
            has_password: boolean;
            id: number;
            /** @enum {string} */
            language: "ja" | "en";
            name: string;
            name_en: string;
            /** @description Characters. */
            shortest_password: number;
            username: string;
        };
        /** @description A person by name. */
        InvitedAccount: {
            email: string;
            employee_number: string;
            has_password: boolean;
            id: number;
            /** @description The latest one. */
            invitation: components["schemas"]["InvitationDocument"] | null;
            is_administrator: boolean;
            kana: string;
            /** @description To hand over, where no letter brings it; no other answer ever has it. */
            link: string | null;
            name: string;
            name_en: string;
            post: components["schemas"]["CurrentPost"] | null;
            /** @enum {string} */
            state: "uninvited" | "pending" | "expired" | "ready";
            username: string;
        };
        InvitedAccounts: {
            results: components["schemas"]["InvitedAccount"][];
        };
        LeftAloneDocument: {
            count: number;
            /** @enum {string} */
            noun: "departments" | "people" | "posts";
            source_name: string;
        };
        LeftOutField: {
            /**
             * @description `gone`: the form has no such field any more; `unfit`: what was written does not fit it any more.
             * @enum {string}
             */
            because: "gone" | "unfit";
            label: string;
            label_en: string;
        };
        Link: {
            token: string;
        };
        LookAtFiles: {
            files: components["schemas"]["SentFiles"];
        };
        /** @description A person by name. */
        Me: {
            /** @description What may be attached; null where nothing can be. */
            attachments: components["schemas"]["AttachmentLimits"] | null;
            employee_number: string;
            id: number;
            is_administrator: boolean;
            kana: string;
            /** @enum {string} */
            language: "ja" | "en";
            name: string;
            name_en: string;
            posts: components["schemas"]["PostRef"][];
            username: string;
        };
        MessageDocument: {
            attempts: number;
            /** Format: date-time */
            created_at: string;
            /** @description Kind of the last failure. */
            error: string;
            id: number;
            kind: string;
            /** Format: date-time */
            next_attempt_at: string;
            proposal: number | null;
            settlement: string;
            /** @enum {string} */
            state: "waiting" | "done" | "dead" | "settled";
        };
        MessageDocumentPage: {
            /** @description Cursor of the next page; null at the end. */
            next: string | null;
            results: components["schemas"]["MessageDocument"][];
        };
        MyAssignment: {
            id: number;
            /** @description Order of the step by which I am asked. */
            step: number;
        };
        /** @description A person by name. */
        Name: {
            id: number;
            name: string;
            name_en: string;
        };
        NewAttachment: {
            /**
             * @description What the browser says of the file; may be empty.
             * @default
             */
            content_type: string;
            name: string;
            /** @description SHA-256 of the bytes, hex in small letters. */
            sha256: string;
            /**
             * Format: int64
             * @description Bytes.
             */
            size: number;
        };
        NewComment: {
            body: string;
        };
        NewCopy: {
            /**
             * Format: uuid
             * @description As for a new proposal.
             */
            key?: string;
            /**
             * Format: int64
             * @description Id of one of my posts. Left out: the copied proposal's if that is mine, else my primary one.
             */
            post?: number;
        };
        NewDecision: {
            /** @default  */
            comment: string;
            /** @description The revision that was read. */
            revision: number;
            /** @enum {string} */
            verdict: "approve" | "return" | "reject";
        };
        NewPassword: {
            password: string;
            token: string;
        };
        NewProposal: {
            content?: {
                [key: string]: unknown;
            };
            /**
             * Format: uuid
             * @description Chosen by the page for this draft. Sent again with the same key, the draft is not made again: 200 answers it as it is, and nothing of what was sent is written.
             */
            key?: string;
            /**
             * Format: int64
             * @description Id of one of my posts.
             */
            post: number;
            /** @default  */
            title: string;
            /** @description Code of the proposal type. */
            type: string;
        };
        NewViewers: {
            /** @description Ids of people; those it was circulated to already are left as they are. */
            people: number[];
        };
        NoticeDocument: {
            /** Format: date-time */
            at: string;
            id: number;
            is_read: boolean;
            /** @enum {string} */
            kind: "your_turn" | "reminder" | "completed" | "returned" | "rejected" | "commented" | "circulated";
            proposal: number;
            title: string;
        };
        NoticeDocumentPage: {
            /** @description Cursor of the next page; null at the end. */
            next: string | null;
            results: components["schemas"]["NoticeDocument"][];
            /** @description Counted up to 100. */
            unread: number;
        };
        OptionalComment: {
            /** @default  */
            comment: string;
        };
        OrganizationImported: {
            /** @description Rows. */
            changed: number;
        };
        OrganizationPreview: {
            /** @description Of how many; 0 where nothing needs to be confirmed. */
            active: number;
            /** @description Kinds of which there are any. */
            changes: components["schemas"]["ChangesDocument"][];
            /** @description By which it can be applied; null where it cannot. */
            digest: string | null;
            /** @description People who would be deactivated. */
            leaving: number;
            left_alone: components["schemas"]["LeftAloneDocument"][];
            /** @description Whether `leaving` must be typed to apply it. */
            must_confirm: boolean;
            problem_count: number;
            /** @description At most 500 of them. */
            problems: components["schemas"]["FileProblem"][];
            unread_columns: components["schemas"]["UnreadColumnDocument"][];
        };
        /** @description A person by name. */
        PersonRef: {
            id: number;
            name: string;
            name_en: string;
            post: components["schemas"]["PostName"];
        };
        PlannedHolder: {
            person: components["schemas"]["Name"];
            title: string;
        };
        PlannedStepDocument: {
            asked: components["schemas"]["PlannedHolder"][];
            name: string;
            name_en: string;
            needed: number;
            /** @enum {string|null} */
            skip_reason: "vacant" | "applicant" | "not_above" | "asked_later" | null;
        };
        /** @description A post as it was called when a proposal was submitted. */
        PostName: {
            department: string;
            department_en: string;
            title: string;
        };
        /** @description One of a person's own posts. */
        PostRef: {
            department: components["schemas"]["DepartmentRef"];
            id: number;
            is_primary: boolean;
            rank: number;
            title: string;
        };
        Preferences: {
            /** @enum {string} */
            language: "ja" | "en";
        };
        /** @description Why something was refused; further members carry the values that `detail` names. */
        Problem: {
            /** @enum {string} */
            code: "administrators_only" | "already_decided" | "applicant_sees_anyway" | "attachment_empty" | "attachment_name_invalid" | "attachment_not_arrived" | "attachment_not_expected" | "attachment_not_ready" | "attachment_too_large" | "attachment_type_refused" | "attachments_off" | "attachments_unfinished" | "comment_needed" | "database_busy" | "decisions_made" | "forbidden" | "form_invalid" | "invalid_input" | "invitation_closed" | "invitation_not_valid" | "locked_out" | "mass_deactivation" | "method_not_allowed" | "no_such_assignment" | "no_such_attachment" | "no_such_invitation" | "no_such_message" | "no_such_person" | "no_such_proposal" | "no_such_type" | "nobody_to_invite" | "not_acceptable" | "not_allowed" | "not_dead" | "not_found" | "not_json" | "not_signed_in" | "not_your_post" | "organization_moved" | "organization_not_usable" | "password_not_strong" | "route_empty" | "server_error" | "settlement_needed" | "sign_in_failed" | "stale_draft" | "stale_revision" | "storage_unavailable" | "token_not_valid" | "too_large" | "too_many_attachments" | "too_many_attempts" | "too_many_viewers" | "unsupported_media_type" | "wrong_state";
            /** @description A sentence for the person, in the language that was asked for. */
            detail: string;
            errors?: components["schemas"]["FieldError"][];
            status: number;
            title: string;
            type: string;
        };
        ProposalDocument: {
            actions: ("edit" | "attach" | "submit" | "withdraw" | "pull_back" | "comment" | "circulate" | "acknowledge" | "copy" | "approve" | "return" | "reject")[];
            amount: number | null;
            applicant: components["schemas"]["PersonRef"];
            assignment: components["schemas"]["MyAssignment"] | null;
            /** @description Of the working copy for the applicant who is writing, of the latest revision for others. */
            attachments: components["schemas"]["AttachmentDocument"][];
            comments: components["schemas"]["CommentDocument"][];
            content: unknown;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            decided_at: string | null;
            decision_number: string | null;
            /** @description JSON Schema of the content. */
            form: unknown;
            history: components["schemas"]["HistoryEvent"][];
            id: number;
            /** @description Id of the post in which the applicant applies. */
            post: number;
            references: components["schemas"]["References"];
            /** @description 0 before it was first submitted. */
            revision: number;
            route: components["schemas"]["StepDocument"][];
            /** @enum {string} */
            state: "draft" | "in_progress" | "returned" | "approved" | "rejected" | "withdrawn";
            /** Format: date-time */
            submitted_at: string | null;
            title: string;
            type: components["schemas"]["TypeName"];
            /** Format: date-time */
            updated_at: string;
            /** @description Counts edits; send it back with an edit. */
            version: number;
            /** @description Whom it was circulated to, in the order in which it was. */
            viewers: components["schemas"]["ViewerDocument"][];
        };
        ProposalItem: {
            amount: number | null;
            applicant: components["schemas"]["PersonRef"];
            /** Format: date-time */
            created_at: string;
            decision_number: string | null;
            id: number;
            /** @enum {string} */
            state: "draft" | "in_progress" | "returned" | "approved" | "rejected" | "withdrawn";
            /** Format: date-time */
            submitted_at: string | null;
            title: string;
            type: components["schemas"]["TypeName"];
            /** Format: date-time */
            updated_at: string;
            waiting_for: components["schemas"]["Name"][];
        };
        ProposalItemPage: {
            /** @description Cursor of the next page; null at the end. */
            next: string | null;
            results: components["schemas"]["ProposalItem"][];
        };
        ProposalTypeDocument: {
            code: string;
            description: string;
            description_en: string;
            /** @description JSON Schema of the content. */
            form: unknown;
            name: string;
            name_en: string;
        };
        ProposalTypes: {
            results: components["schemas"]["ProposalTypeDocument"][];
        };
        ReadNotices: {
            /**
             * Format: int64
             * @description Id of the newest notice that was shown.
             */
            up_to: number;
        };
        /** @description Names of what the content refers to by id. */
        References: {
            departments: components["schemas"]["DepartmentRef"][];
            people: components["schemas"]["Name"][];
        };
        RoutePreview: {
            steps: components["schemas"]["PlannedStepDocument"][];
        };
        SentFile: {
            /** @description Base64 of the file as it is, in whatever encoding. */
            content: string;
            /** @description By which problems name it. */
            name: string;
        };
        SentFiles: {
            departments: components["schemas"]["SentFile"];
            people: components["schemas"]["SentFile"];
            posts: components["schemas"]["SentFile"];
        };
        Session: {
            /** Format: date-time */
            expires_at: string;
            person: components["schemas"]["Me"];
            token: string;
        };
        Settlement: {
            /** @description What was done by hand, and how. */
            comment: string;
        };
        SignIn: {
            password: string;
            username: string;
        };
        StepDocument: {
            assignments: components["schemas"]["AssignmentDocument"][];
            id: number;
            name: string;
            name_en: string;
            needed: number;
            order: number;
            /** @enum {string|null} */
            skip_reason: "vacant" | "applicant" | "not_above" | "asked_later" | null;
            /** @enum {string} */
            state: "waiting" | "active" | "done" | "skipped" | "void";
        };
        StepName: {
            name: string;
            name_en: string;
        };
        Submission: {
            /** @description `version` of the draft that is submitted. */
            version: number;
        };
        TypeName: {
            code: string;
            name: string;
            name_en: string;
        };
        Unread: {
            /** @description Counted up to 100. */
            unread: number;
        };
        UnreadColumnDocument: {
            file: string;
            name: string;
        };
        UploadForm: {
            /**
             * Format: date-time
             * @description After this, ask /upload for a new form.
             */
            expires_at: string;
            /** @description Form fields to send as they are, before the bytes (`file`). */
            fields: {
                [key: string]: string;
            };
            /** @description Where to send it: multipart/form-data, POST. Success is status 204. */
            url: string;
        };
        /** @description Someone it was circulated to (回覧). */
        ViewerDocument: {
            /** Format: date-time */
            added_at: string;
            added_by: components["schemas"]["Name"];
            person: components["schemas"]["Name"];
            /**
             * Format: date-time
             * @description When they said that they had seen it.
             */
            seen_at: string | null;
        };
        WaitingProposal: {
            amount: number | null;
            applicant: components["schemas"]["PersonRef"];
            id: number;
            revision: number;
            /** Format: date-time */
            submitted_at: string;
            title: string;
            type: components["schemas"]["TypeName"];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getAccounts: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                cursor?: string;
                limit?: number;
                q?: string;
                state?: "uninvited" | "pending" | "expired" | "ready";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountDocumentPage"];
                };
            };
            /** @description A problem; `code` is one of `administrators_only`, `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postDecision: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                assignment_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDecision"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalDocument"];
                };
            };
            /** @description A problem; `code` is one of `already_decided`, `comment_needed`, `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `no_such_assignment`, `no_such_proposal`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `stale_revision`, `token_not_valid`, `too_large`, `unsupported_media_type`, `wrong_state`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteAttachment: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                attachment_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `no_such_attachment`, `no_such_proposal`, `not_acceptable`, `not_allowed`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`, `wrong_state`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postAttachmentConfirm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                attachment_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttachmentDocument"];
                };
            };
            /** @description A problem; `code` is one of `attachment_not_arrived`, `attachments_off`, `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `no_such_attachment`, `no_such_proposal`, `not_acceptable`, `not_allowed`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `storage_unavailable`, `token_not_valid`, `too_large`, `unsupported_media_type`, `wrong_state`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAttachmentDownload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                attachment_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DownloadDocument"];
                };
            };
            /** @description A problem; `code` is one of `attachment_not_ready`, `attachments_off`, `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `no_such_attachment`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `storage_unavailable`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postAttachmentUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                attachment_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttachmentUpload"];
                };
            };
            /** @description A problem; `code` is one of `attachment_not_expected`, `attachments_off`, `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `no_such_attachment`, `no_such_proposal`, `not_acceptable`, `not_allowed`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `storage_unavailable`, `token_not_valid`, `too_large`, `unsupported_media_type`, `wrong_state`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDepartments: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                cursor?: string;
                limit?: number;
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FoundDepartmentPage"];
                };
            };
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getInbox: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InboxItemPage"];
                };
            };
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Link"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invited"];
                };
            };
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `invalid_input`, `invitation_not_valid`, `method_not_allowed`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `too_many_attempts`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postInvitationPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPassword"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `invalid_input`, `invitation_not_valid`, `method_not_allowed`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `password_not_strong`, `server_error`, `token_not_valid`, `too_large`, `too_many_attempts`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postInvitations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Invite"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitedAccounts"];
                };
            };
            /** @description A problem; `code` is one of `administrators_only`, `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `nobody_to_invite`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postRevoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                invitation_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountDocument"];
                };
            };
            /** @description A problem; `code` is one of `administrators_only`, `database_busy`, `forbidden`, `invalid_input`, `invitation_closed`, `method_not_allowed`, `no_such_invitation`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Preferences"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getNotices: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticeDocumentPage"];
                };
            };
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postReadNotices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReadNotices"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Unread"];
                };
            };
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postOrganizationImport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImportFiles"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationImported"];
                };
            };
            /** @description A problem; `code` is one of `administrators_only`, `database_busy`, `forbidden`, `invalid_input`, `mass_deactivation`, `method_not_allowed`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `organization_moved`, `organization_not_usable`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postOrganizationPreview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LookAtFiles"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrganizationPreview"];
                };
            };
            /** @description A problem; `code` is one of `administrators_only`, `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOutbox: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                cursor?: string;
                limit?: number;
                state?: "waiting" | "done" | "dead" | "settled";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageDocumentPage"];
                };
            };
            /** @description A problem; `code` is one of `administrators_only`, `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postRetry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                message_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageDocument"];
                };
            };
            /** @description A problem; `code` is one of `administrators_only`, `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `no_such_message`, `not_acceptable`, `not_dead`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postSettle: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                message_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Settlement"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageDocument"];
                };
            };
            /** @description A problem; `code` is one of `administrators_only`, `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `no_such_message`, `not_acceptable`, `not_dead`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `settlement_needed`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPeople: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                cursor?: string;
                limit?: number;
                q?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FoundPersonPage"];
                };
            };
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getProposalTypes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalTypes"];
                };
            };
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getProposals: {
        parameters: {
            query?: {
                /** @description `next` of the page before. */
                cursor?: string;
                limit?: number;
                /** @description `all` is for administrators. */
                scope?: "mine" | "decided" | "circulated" | "all";
                state?: "draft" | "in_progress" | "returned" | "approved" | "rejected" | "withdrawn";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalItemPage"];
                };
            };
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postProposals: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProposal"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalDocument"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalDocument"];
                };
            };
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `form_invalid`, `invalid_input`, `method_not_allowed`, `no_such_type`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `not_your_post`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getProposal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proposal_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalDocument"];
                };
            };
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `no_such_proposal`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patchProposal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proposal_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditedProposal"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalDocument"];
                };
            };
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `form_invalid`, `invalid_input`, `method_not_allowed`, `no_such_proposal`, `not_acceptable`, `not_allowed`, `not_found`, `not_json`, `not_signed_in`, `not_your_post`, `server_error`, `stale_draft`, `token_not_valid`, `too_large`, `unsupported_media_type`, `wrong_state`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postAttachments: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proposal_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAttachment"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttachmentUpload"];
                };
            };
            /** @description A problem; `code` is one of `attachment_empty`, `attachment_name_invalid`, `attachment_too_large`, `attachment_type_refused`, `attachments_off`, `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `no_such_proposal`, `not_acceptable`, `not_allowed`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `storage_unavailable`, `token_not_valid`, `too_large`, `too_many_attachments`, `unsupported_media_type`, `wrong_state`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postComments: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proposal_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewComment"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalDocument"];
                };
            };
            /** @description A problem; `code` is one of `comment_needed`, `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `no_such_proposal`, `not_acceptable`, `not_allowed`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`, `wrong_state`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postCopy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proposal_id: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NewCopy"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CopiedProposal"];
                };
            };
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CopiedProposal"];
                };
            };
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `form_invalid`, `invalid_input`, `method_not_allowed`, `no_such_proposal`, `no_such_type`, `not_acceptable`, `not_allowed`, `not_found`, `not_json`, `not_signed_in`, `not_your_post`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postPullBack: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proposal_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalDocument"];
                };
            };
            /** @description A problem; `code` is one of `database_busy`, `decisions_made`, `forbidden`, `invalid_input`, `method_not_allowed`, `no_such_proposal`, `not_acceptable`, `not_allowed`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`, `wrong_state`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getRoutePreview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proposal_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoutePreview"];
                };
            };
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `no_such_proposal`, `not_acceptable`, `not_allowed`, `not_found`, `not_json`, `not_signed_in`, `not_your_post`, `route_empty`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`, `wrong_state`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postSeen: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proposal_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalDocument"];
                };
            };
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `no_such_proposal`, `not_acceptable`, `not_allowed`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`, `wrong_state`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postSubmit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proposal_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Submission"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalDocument"];
                };
            };
            /** @description A problem; `code` is one of `attachments_unfinished`, `database_busy`, `forbidden`, `form_invalid`, `invalid_input`, `method_not_allowed`, `no_such_proposal`, `not_acceptable`, `not_allowed`, `not_found`, `not_json`, `not_signed_in`, `not_your_post`, `route_empty`, `server_error`, `stale_draft`, `token_not_valid`, `too_large`, `unsupported_media_type`, `wrong_state`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postViewers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proposal_id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewViewers"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalDocument"];
                };
            };
            /** @description A problem; `code` is one of `applicant_sees_anyway`, `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `no_such_person`, `no_such_proposal`, `not_acceptable`, `not_allowed`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `too_many_viewers`, `unsupported_media_type`, `wrong_state`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postWithdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                proposal_id: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["OptionalComment"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalDocument"];
                };
            };
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `no_such_proposal`, `not_acceptable`, `not_allowed`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`, `wrong_state`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `invalid_input`, `locked_out`, `method_not_allowed`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `sign_in_failed`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `invalid_input`, `method_not_allowed`, `not_acceptable`, `not_found`, `not_json`, `not_signed_in`, `server_error`, `token_not_valid`, `too_large`, `unsupported_media_type`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
