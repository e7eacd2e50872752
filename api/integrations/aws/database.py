"""Sign-in to Amazon RDS without a password: a signed token, good for fifteen minutes, made here and sent nowhere else.

Source: Amazon RDS User Guide, "IAM database authentication"; botocore's `generate_db_auth_token` makes the same.
"""

import datetime as dt

from api.integrations.aws.credentials import CredentialSource
from api.integrations.aws.signing import Signer

LASTS = dt.timedelta(minutes=15)
_source = CredentialSource()


def token(*, host: str, port: int, user: str, region: str) -> str:
    """Return what `user` signs in with in the place of a password; raises what `CredentialSource.current` raises.

    It begins a session and says nothing of how long that lasts. `host` must be the instance's own name.
    """
    at = dt.datetime.now(dt.UTC)
    signer = Signer(credentials=_source.current(at=at), region=region, service="rds-db")
    query = {"Action": "connect", "DBUser": user}
    return signer.signed_url("GET", f"{host}:{port}", "/", at=at, lasts=LASTS, query=query).removeprefix("https://")
