"""Buckets: private, encrypted, kept as long as needed, and telling of uploads."""

import json

from aws.templates import Resources


def test_the_bucket_is_encrypted_and_versioned(storage: Resources) -> None:
    bucket = storage["Bucket"]["Properties"]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == {"Fn::If": ["HasKey", "aws:kms", "AES256"]}


def test_every_bucket_is_private_and_takes_tls_only(everything: Resources) -> None:
    buckets = {name: each["Properties"] for name, each in everything.items() if each["Type"] == "AWS::S3::Bucket"}
    policies = [each["Properties"] for each in everything.values() if each["Type"] == "AWS::S3::BucketPolicy"]
    assert {each["Bucket"]["Ref"] for each in policies} == set(buckets)
    for bucket in buckets.values():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
        assert bucket["LifecycleConfiguration"]["Rules"]
    for policy in policies:
        [statement] = policy["PolicyDocument"]["Statement"]
        assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_models_never_expire(storage: Resources) -> None:
    rules = storage["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    expiring = {rule["Prefix"] for rule in rules if "ExpirationInDays" in rule}
    assert expiring == {
        "capture/",
        "profiles/profile-",
        "reports/",
        "photos/",
        "test-photos/",
        "checkpoints/",
        "backfill/",
        "batches/",
    }


def test_what_reaches_a_bucket_may_use_its_key(
    everything: Resources, application: Resources, delivery: Resources
) -> None:
    using = {"TestRole", "DeliveryRole", "PushRole", "ImageBuildRole"}
    using |= {each["Ref"] for each in application["UseTheKey"]["Properties"]["Roles"]}
    for name, role in everything.items():
        if role["Type"] == "AWS::IAM::Role":
            reaches = any(f'"s3:{verb}Object"' in json.dumps(role) for verb in ("Get", "Put"))
            assert (name in using) == reaches, name
    assert [each["Ref"] for each in delivery["UseTheKey"]["Properties"]["Roles"]] == ["TestRole", "DeliveryRole"]
    assert [each["Ref"] for each in delivery["PushUsesTheKey"]["Properties"]["Roles"]] == ["PushRole"]


def test_nothing_of_the_project_uploads_photos(application: Resources) -> None:
    """One that did could start executions without end."""
    for each in application.values():
        for policy in each["Properties"].get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                resources = json.dumps(statement.get("Resource", ""))
                assert "s3:PutObject" not in statement["Action"] or "/photos/" not in resources
