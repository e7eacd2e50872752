// Made from /openapi.yaml by "npm run generate"; do not edit.

export interface paths {
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
        CommentDocument: {
            /** Format: date-time */
            at: string;
            body: string;
            id: number;
            person: components["schemas"]["Name"];
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
        /** @description What is wrong with one field. */
        FieldError: {
            code: string;
            detail: string;
            /** @description JSON pointer (RFC 6901) to the field in what was sent. */
            pointer: string;
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
            comment: string;
            /** @enum {string} */
            kind: "created" | "submitted" | "approved" | "completed" | "returned" | "rejected" | "withdrawn" | "pulled_back" | "commented";
            person: components["schemas"]["Name"];
            revision: number;
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
        /** @description A person by name. */
        Me: {
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
        NewComment: {
            body: string;
        };
        NewDecision: {
            /** @default  */
            comment: string;
            /** @description The revision that was read. */
            revision: number;
            /** @enum {string} */
            verdict: "approve" | "return" | "reject";
        };
        NewProposal: {
            content?: {
                [key: string]: unknown;
            };
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
        OptionalComment: {
            /** @default  */
            comment: string;
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
            skip_reason: "vacant" | "applicant" | "asked_later" | null;
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
            code: "already_decided" | "comment_needed" | "database_busy" | "decisions_made" | "forbidden" | "form_invalid" | "invalid_input" | "locked_out" | "method_not_allowed" | "no_such_assignment" | "no_such_proposal" | "no_such_type" | "not_acceptable" | "not_allowed" | "not_found" | "not_json" | "not_signed_in" | "not_your_post" | "route_empty" | "server_error" | "sign_in_failed" | "stale_draft" | "stale_revision" | "token_not_valid" | "too_large" | "unsupported_media_type" | "wrong_state";
            /** @description A sentence for the person, in the language that was asked for. */
            detail: string;
            errors?: components["schemas"]["FieldError"][];
            status: number;
            title: string;
            type: string;
        };
        ProposalDocument: {
            actions: ("edit" | "submit" | "withdraw" | "pull_back" | "comment" | "approve" | "return" | "reject")[];
            amount: number | null;
            applicant: components["schemas"]["PersonRef"];
            assignment: components["schemas"]["MyAssignment"] | null;
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
        /** @description Names of what the content refers to by id. */
        References: {
            departments: components["schemas"]["DepartmentRef"][];
            people: components["schemas"]["Name"][];
        };
        RoutePreview: {
            steps: components["schemas"]["PlannedStepDocument"][];
        };
        Session: {
            /** Format: date-time */
            expires_at: string;
            person: components["schemas"]["Me"];
            token: string;
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
            skip_reason: "vacant" | "applicant" | "asked_later" | null;
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
                scope?: "mine" | "decided" | "all";
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
            /** @description A problem; `code` is one of `database_busy`, `forbidden`, `form_invalid`, `invalid_input`, `method_not_allowed`, `no_such_proposal`, `not_acceptable`, `not_allowed`, `not_found`, `not_json`, `not_signed_in`, `not_your_post`, `route_empty`, `server_error`, `stale_draft`, `token_not_valid`, `too_large`, `unsupported_media_type`, `wrong_state`. */
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
