"""The evaluator on policies written by hand: what the other evaluator does not model, and what is refused."""

from typing import Any

import pytest

from deploy.closedness.patterns import HOLE
from deploy.closedness.policy import ANONYMOUS, Answer, Document, Principal, Request, decide
from tests.deploy.closedness.questions import FUNCTION, OURS, PERSON, STRANGER

SITE = "arn:aws:s3:::site/index.html"
ENDPOINT = "vpce-0a"


def statement(effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    return {"Effect": effect, "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::site/*", **elements}


def policy(*statements: Any, version: str = "2012-10-17") -> Document:
    return {"Version": version, "Statement": list(statements)}


def ask(
    document: Document, *, principal: Principal = ANONYMOUS, action: str = "s3:GetObject", **context: str
) -> Answer:
    held = {f"aws:{key}": value for key, value in context.items()}
    return decide(Request(action, SITE, principal, held), resource=document, identity=[], account=OURS).answer


THROUGH_OURS = policy(statement(Condition={"StringEquals": {"aws:SourceVpce": ENDPOINT}}))
UNLESS_OURS = policy(
    statement("Deny", Condition={"StringNotEquals": {"aws:SourceVpce": ENDPOINT}}),
    statement(),
)


class TestAnonymousCaller:
    @pytest.mark.parametrize("document", [THROUGH_OURS, UNLESS_OURS])
    def test_passes_through_our_endpoint_and_nowhere_else(self, document: Document) -> None:
        assert ask(document, SourceVpce=ENDPOINT) is Answer.ALLOWED
        assert ask(document, SourceVpce="vpce-0b") is Answer.DENIED
        assert ask(document) is Answer.DENIED

    def test_passes_a_condition_that_holds_when_the_key_is_missing(self) -> None:
        document = policy(statement(Condition={"StringEqualsIfExists": {"aws:SourceVpce": ENDPOINT}}))

        assert ask(document) is Answer.ALLOWED
        assert ask(document, SourceVpce="vpce-0b") is Answer.DENIED

    @pytest.mark.parametrize(
        ("principal", "answer"),
        [
            ("*", Answer.ALLOWED),
            ({"AWS": "*"}, Answer.ALLOWED),
            ({"AWS": OURS}, Answer.DENIED),
            ({"AWS": PERSON.arn}, Answer.DENIED),
            ({"Service": "s3.amazonaws.com"}, Answer.DENIED),
        ],
    )
    def test_is_meant_by_a_star_only(self, principal: Any, answer: Answer) -> None:
        assert ask(policy(statement(Principal=principal))) is answer

    def test_is_meant_where_others_are_excepted(self) -> None:
        document = policy(
            {"Effect": "Deny", "NotPrincipal": {"AWS": PERSON.arn}, "Action": "s3:*", "Resource": "*"}, statement()
        )

        assert ask(document) is Answer.DENIED
        assert ask(document, principal=PERSON) is Answer.ALLOWED

    def test_has_no_principal_arn(self) -> None:
        deny = statement("Deny", Condition={"ArnNotLike": {"aws:PrincipalArn": FUNCTION.role}})

        assert ask(policy(deny, statement())) is Answer.DENIED
        assert ask(policy(deny, statement()), principal=FUNCTION) is Answer.ALLOWED

    def test_has_the_account_anonymous(self) -> None:
        document = policy(statement(Condition={"StringNotEquals": {"aws:PrincipalAccount": OURS}}))

        assert ask(document) is Answer.ALLOWED
        assert ask(document, principal=PERSON) is Answer.DENIED


class TestStranger:
    def test_needs_the_resource_to_name_it(self) -> None:
        assert ask(policy(), principal=STRANGER) is Answer.DENIED
        request = Request("s3:GetObject", SITE, STRANGER)

        assert decide(request, resource=policy(statement()), account=OURS).allowed
        assert not decide(request, account=OURS).allowed
        assert not decide(request, resource=policy(statement()), identity=[policy()], account=OURS).allowed


class TestPolicyVariables:
    def test_are_plain_text_under_the_older_version(self) -> None:
        held = statement(Resource="arn:aws:s3:::${aws:SourceVpc}/*")

        assert ask(policy(held), SourceVpc="site") is Answer.ALLOWED
        assert ask(policy(held, version="2008-10-17"), SourceVpc="site") is Answer.DENIED

    def test_do_not_bring_wildcards_along(self) -> None:
        held = statement(Condition={"StringLike": {"aws:SourceVpce": "${aws:SourceVpc}"}})

        assert ask(policy(held), SourceVpc="vpce-*", SourceVpce="vpce-0a") is Answer.DENIED
        assert ask(policy(held), SourceVpc="vpce-0a", SourceVpce="vpce-0a") is Answer.ALLOWED


class TestRefusal:
    @pytest.mark.parametrize(
        ("held", "word"),
        [
            (statement(Condition={"BinaryEquals": {"aws:key": "QmlueQ=="}}), "BinaryEquals"),
            (statement(Condition={"StringSounds": {"aws:SourceVpce": "x"}}), "StringSounds"),
            (statement(Condition={"Sometimes:StringEquals": {"aws:SourceVpce": "x"}}), "Sometimes"),
            (statement(Condition=HOLE), "Condition"),
            (statement(Effect="Perhaps"), "Perhaps"),
            (statement(Principal={"Robot": "*"}), "Robot"),
            (statement(Principal={"AWS": "arn:aws:iam::123456789012:role/web*"}), "neither an ARN"),
            (statement(Action="GetObject"), "no service"),
            (statement(Action=HOLE), "action"),
            (statement(Resource=HOLE), "whether"),
            (statement(Bogus="x"), "Bogus"),
            (HOLE, "statement 1"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_names_what_is_not_known(self, held: Any, word: str) -> None:
        # As somebody of the account: a principal that is not known cannot be anonymous.
        request = Request("s3:GetObject", SITE, PERSON, {"aws:SourceVpce": "x"})
        decision = decide(request, resource=policy(held), identity=[], account=OURS)

        assert decision.answer is Answer.CANNOT_TELL
        assert any(word in doubt for doubt in decision.doubts)

    def test_is_not_needed_where_a_known_denial_decides(self) -> None:
        assert ask(policy(statement(Condition={"StringSounds": {"a": "b"}}), statement("Deny"))) is Answer.DENIED

    def test_covers_keys_that_a_question_leaves_open(self) -> None:
        document = policy(statement(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}))
        open_request = Request("s3:GetObject", SITE, settled=frozenset({"aws:SourceVpce"}))

        assert decide(open_request, resource=document).answer is Answer.CANNOT_TELL
        assert decide(Request("s3:GetObject", SITE), resource=document).answer is Answer.DENIED

    def test_is_not_needed_where_what_is_known_differs(self) -> None:
        document = policy(statement(Resource=f"arn:aws:s3:::other-{HOLE}/*"))

        assert ask(document) is Answer.DENIED
        assert ask(policy(statement(Resource=f"arn:aws:s3:::si{HOLE}/*"))) is Answer.CANNOT_TELL


class TestDecision:
    def test_names_the_statements_that_decide(self) -> None:
        (reason,) = decide(Request("s3:GetObject", SITE), resource=UNLESS_OURS).reasons

        assert (reason.policy, reason.index, reason.effect) == ("resource", 0, "Deny")


class TestBoundary:
    ALL = policy({"Effect": "Allow", "Action": "*", "Resource": "*"})

    def test_makes_a_denial_with_exceptions_meet_everybody(self) -> None:
        # Source: IAM User Guide, "NotPrincipal": not to be used for whoever has a permissions boundary.
        document = policy({"Effect": "Deny", "NotPrincipal": {"AWS": PERSON.arn}, "Action": "*", "Resource": "*"})
        request = Request("s3:GetObject", SITE, PERSON)

        assert decide(request, resource=document, account=OURS).allowed
        assert not decide(request, resource=document, boundary=self.ALL, account=OURS).allowed
