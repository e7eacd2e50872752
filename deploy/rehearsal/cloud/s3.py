"""Buckets and their policies."""

import json
from collections.abc import Callable
from typing import Any, ClassVar

from botocore.exceptions import ClientError

from deploy.rehearsal.cloud.resource import CloudError, Context, Gone, Properties, ResourceType, hold, pick, text


def _lifecycle(rules: list[Properties]) -> list[dict[str, Any]]:
    """Lifecycle rules in the words of a template -> those of the API."""
    told = []
    for rule in rules:
        entry: dict[str, Any] = {
            "ID": rule["Id"],
            "Status": rule["Status"],
            "Filter": {"Prefix": rule.get("Prefix", "")},
        }
        if "ExpirationInDays" in rule:
            entry["Expiration"] = {"Days": int(rule["ExpirationInDays"])}
        if "NoncurrentVersionExpiration" in rule:
            days = int(rule["NoncurrentVersionExpiration"]["NoncurrentDays"])
            entry["NoncurrentVersionExpiration"] = {"NoncurrentDays": days}
        if "AbortIncompleteMultipartUpload" in rule:
            days = int(rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"])
            entry["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": days}
        unknown = rule.keys() - {
            "Id",
            "Status",
            "Prefix",
            "ExpirationInDays",
            "NoncurrentVersionExpiration",
            "AbortIncompleteMultipartUpload",
        }
        if unknown:
            raise CloudError(f"the local cloud does not know lifecycle property {', '.join(sorted(unknown))}")
        told.append(entry)
    return told


def _rule_read(rule: dict[str, Any]) -> Properties:
    told: Properties = {"Id": rule["ID"], "Status": rule["Status"]}
    prefix = rule.get("Filter", {}).get("Prefix")
    if prefix:
        told["Prefix"] = prefix
    if "Expiration" in rule:
        told["ExpirationInDays"] = rule["Expiration"]["Days"]
    for key in ("NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"):
        if key in rule:
            told[key] = rule[key]
    return told


class Bucket(ResourceType):
    """A bucket with the properties that our templates use; another property is refused."""

    name = "AWS::S3::Bucket"
    replace_on = frozenset({"BucketName"})
    known: ClassVar[frozenset[str]] = frozenset(
        {
            "BucketName",
            "PublicAccessBlockConfiguration",
            "OwnershipControls",
            "BucketEncryption",
            "VersioningConfiguration",
            "LifecycleConfiguration",
            "CorsConfiguration",
            "ObjectLockEnabled",
            "ObjectLockConfiguration",
            "Tags",
        }
    )

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        hold("a bucket", properties, self.known)
        name = properties.get("BucketName") or context.name().lower()
        arguments: dict[str, Any] = {"Bucket": name}
        if context.region != "us-east-1":
            arguments["CreateBucketConfiguration"] = {"LocationConstraint": context.region}
        if properties.get("ObjectLockEnabled") in (True, "true"):
            arguments["ObjectLockEnabledForBucket"] = True
        context.client("s3").create_bucket(**arguments)
        self._configure(name, properties, context)
        return name, self._attributes(name, context)

    def _attributes(self, name: str, context: Context) -> Properties:
        return {
            "Arn": f"arn:aws:s3:::{name}",
            "DomainName": f"{name}.s3.amazonaws.com",
            "RegionalDomainName": f"{name}.s3.{context.region}.amazonaws.com",
        }

    def _configure(self, name: str, properties: Properties, context: Context) -> None:
        s3 = context.client("s3")
        block = properties.get("PublicAccessBlockConfiguration")
        if block:
            s3.put_public_access_block(
                Bucket=name,
                PublicAccessBlockConfiguration={key: value in (True, "true") for key, value in block.items()},
            )
        if "OwnershipControls" in properties:
            s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls=properties["OwnershipControls"])
        if "BucketEncryption" in properties:
            s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration=_encryption(properties))
        if "VersioningConfiguration" in properties:
            s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=properties["VersioningConfiguration"])
        if "LifecycleConfiguration" in properties:
            rules = _lifecycle(properties["LifecycleConfiguration"]["Rules"])
            s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
        if "CorsConfiguration" in properties:
            rules = [_cors(rule) for rule in properties["CorsConfiguration"]["CorsRules"]]
            s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": rules})
        lock = properties.get("ObjectLockConfiguration")
        if lock:
            kept = lock["Rule"]["DefaultRetention"]
            rule = {"DefaultRetention": {"Mode": kept["Mode"], "Days": int(kept["Days"])}}
            configuration = {"ObjectLockEnabled": lock["ObjectLockEnabled"], "Rule": rule}
            s3.put_object_lock_configuration(Bucket=name, ObjectLockConfiguration=configuration)
        if context.all_tags(properties):
            s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": context.all_tags(properties)})

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        s3 = context.client("s3")
        removing: dict[str, Callable[..., object]] = {
            "CorsConfiguration": s3.delete_bucket_cors,
            "LifecycleConfiguration": s3.delete_bucket_lifecycle,
            "BucketEncryption": s3.delete_bucket_encryption,
            "Tags": s3.delete_bucket_tagging,
        }
        for key, remove in removing.items():
            if key in old and key not in new:
                remove(Bucket=physical_id)
        self._configure(physical_id, new, context)
        return self._attributes(physical_id, context)

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        try:
            context.client("s3").delete_bucket(Bucket=physical_id)
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchBucket":
                raise

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        s3 = context.client("s3")
        try:
            s3.head_bucket(Bucket=physical_id)
        except ClientError as error:
            raise Gone(physical_id) from error

        def ask(call: Callable[..., dict[str, Any]], key: str) -> Any:
            try:
                return call(Bucket=physical_id)[key]
            except (ClientError, KeyError):
                return None

        told: Properties = {"BucketName": physical_id}
        told["PublicAccessBlockConfiguration"] = ask(s3.get_public_access_block, "PublicAccessBlockConfiguration")
        told["OwnershipControls"] = ask(s3.get_bucket_ownership_controls, "OwnershipControls")
        told["BucketEncryption"] = _encryption_read(ask(s3.get_bucket_encryption, "ServerSideEncryptionConfiguration"))
        told["VersioningConfiguration"] = pick({"Status": ask(s3.get_bucket_versioning, "Status")}, ("Status",))
        rules = ask(s3.get_bucket_lifecycle_configuration, "Rules")
        told["LifecycleConfiguration"] = {"Rules": [_rule_read(rule) for rule in rules]} if rules else None
        cors = ask(s3.get_bucket_cors, "CORSRules")
        told["CorsConfiguration"] = {"CorsRules": [_cors_read(rule) for rule in cors]} if cors else None
        lock = ask(s3.get_object_lock_configuration, "ObjectLockConfiguration")
        told["ObjectLockConfiguration"] = _lock_read(lock)
        told["ObjectLockEnabled"] = lock is not None
        told["Tags"] = context.own_tags(ask(s3.get_bucket_tagging, "TagSet") or [])
        return {key: value for key, value in told.items() if value is not None}


def _encryption(properties: Properties) -> dict[str, Any]:
    rules = []
    for rule in properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]:
        default = rule["ServerSideEncryptionByDefault"]
        told: dict[str, Any] = {"ApplyServerSideEncryptionByDefault": default}
        if "BucketKeyEnabled" in rule:
            told["BucketKeyEnabled"] = rule["BucketKeyEnabled"] in (True, "true")
        rules.append(told)
    return {"Rules": rules}


def _encryption_read(found: dict[str, Any] | None) -> Properties | None:
    if found is None:
        return None
    rules = []
    for rule in found["Rules"]:
        told: Properties = {"ServerSideEncryptionByDefault": rule["ApplyServerSideEncryptionByDefault"]}
        if rule.get("BucketKeyEnabled"):
            told["BucketKeyEnabled"] = True
        rules.append(told)
    return {"ServerSideEncryptionConfiguration": rules}


def _cors(rule: Properties) -> dict[str, Any]:
    return {
        "ID": rule["Id"],
        "AllowedOrigins": rule["AllowedOrigins"],
        "AllowedMethods": rule["AllowedMethods"],
        "AllowedHeaders": rule["AllowedHeaders"],
        "ExposeHeaders": rule["ExposedHeaders"],
        "MaxAgeSeconds": int(rule["MaxAge"]),
    }


def _cors_read(rule: dict[str, Any]) -> Properties:
    return {
        "Id": rule.get("ID"),
        "AllowedOrigins": rule["AllowedOrigins"],
        "AllowedMethods": rule["AllowedMethods"],
        "AllowedHeaders": rule.get("AllowedHeaders"),
        "ExposedHeaders": rule.get("ExposeHeaders"),
        "MaxAge": rule.get("MaxAgeSeconds"),
    }


def _lock_read(found: dict[str, Any] | None) -> Properties | None:
    if found is None or "Rule" not in found:
        return found
    kept = {key: value for key, value in found["Rule"]["DefaultRetention"].items() if value}
    return {**found, "Rule": {"DefaultRetention": kept}}


class BucketPolicy(ResourceType):
    """A bucket's policy."""

    name = "AWS::S3::BucketPolicy"
    replace_on = frozenset({"Bucket"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        policy = text(properties["PolicyDocument"])
        context.client("s3").put_bucket_policy(Bucket=properties["Bucket"], Policy=policy)
        return properties["Bucket"], {}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        return self.create(new, context)[1]

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        try:
            context.client("s3").delete_bucket_policy(Bucket=physical_id)
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchBucket":
                raise

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        try:
            found = context.client("s3").get_bucket_policy(Bucket=physical_id)["Policy"]
        except ClientError as error:
            raise Gone(physical_id) from error
        return {"Bucket": physical_id, "PolicyDocument": json.loads(found)}
