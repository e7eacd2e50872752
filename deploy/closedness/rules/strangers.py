"""What every policy is asked about strangers: what is theirs, what is nobody's, and what nobody knows the owner of."""

from deploy.closedness.findings import Found
from deploy.closedness.patterns import HOLE
from deploy.closedness.policy import Document, statements, texts
from deploy.closedness.witnesses import STRANGER_ACCOUNT
from deploy.closedness.world import Path, Thing, Undecided, World

OF_NOBODY = frozenset(
    {
        "ecr:GetAuthorizationToken",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
    }
)
"""Calls that know no resource: they serve the caller's own account, whatever is asked.

Source: Service Authorization Reference, Amazon Elastic Container Registry; Amazon Session Manager Message Gateway.
"""
AWS_BUCKETS = (
    "starport-layer-bucket",
    "amazonlinux",
    "patch-baseline-snapshot",
    "amazon-ssm",
    "aws-ssm",
    "elasticbeanstalk-",
)
"""Parts of the names of buckets that AWS itself keeps for everybody to read."""
STRANGE_OWNER = {
    "aws:ResourceAccount": STRANGER_ACCOUNT,
    "s3:ResourceAccount": STRANGER_ACCOUNT,
    "aws:ResourceOrgID": "o-stranger",
    "aws:ResourceOrgPaths": "o-stranger/r-stranger/ou-stranger/",
}
"""What policies see of a resource that is somebody else's."""


def unknown_buckets(thing: Thing, path: Path, document: Document, world: World) -> Found:
    """Yield a question for each bucket of nobody known that a policy allows something on."""
    for place, statement in enumerate(statements(document)):
        if not isinstance(statement, dict) or statement.get("Effect") != "Allow":
            continue
        for text in texts(statement.get("Resource", [])):
            bucket = text.rpartition(":::")[2].split("/")[0]
            known = bucket in world.buckets or any(name in bucket for name in AWS_BUCKETS) or HOLE in bucket
            # Patterns were asked about as what a stranger may have.
            if text.startswith("arn:") and ":s3:::" in text and not known and not set(bucket) & set("*?$"):
                yield Undecided(thing, (*path, "Statement", place), f"whose {text} is")
                return
