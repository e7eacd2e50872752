"""A cloud on this machine: moto, with a CloudFormation that keeps its word and the types it lacked or emptied.

moto's own CloudFormation skips types, drops properties and ignores conditions in updates, silently. Here every type
of our templates is made by the same AWS calls that a person would type, read back by describe calls, and a type or
property that is not known is an error. moto decides nothing about permissions: a green run proves no policy.

In tests: `with local_cloud(): ...`; boto3 then talks to it. `extend()` alone serves a process that runs moto's server.
"""

from deploy.rehearsal.cloud.install import extend, local_cloud
from deploy.rehearsal.cloud.resource import TYPES, Context, ResourceType

__all__ = ["TYPES", "Context", "ResourceType", "extend", "local_cloud"]
