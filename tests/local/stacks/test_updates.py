"""An update leaves a stack with what its template and its parameters say, whatever it had before."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local.server.embedded import LocalAws
from tests.local.support import client

ASKED = {"Fn::Equals": [{"Ref": "Asked"}, "yes"]}


def template(delay: str = "0", **more: Any) -> dict[str, Any]:
    """A template whose queue depends on a parameter, and `more` resources."""
    properties = {"QueueName": "asked-for", "VisibilityTimeout": delay}
    queue = {"Type": "AWS::SQS::Queue", "Condition": "Asked", "Properties": properties}
    return {
        "Parameters": {"Asked": {"Type": "String"}},
        "Conditions": {"Asked": ASKED},
        "Resources": {"Queue": queue, "Topic": {"Type": "AWS::SNS::Topic"}, **more},
    }


@pytest.fixture
def update(aws: LocalAws) -> Iterator[Callable[..., None]]:
    """`update(template, asked)`: update a stack, which is made without the queue."""
    stacks = client(aws, "cloudformation")

    def members(body: dict[str, Any], asked: str) -> dict[str, Any]:
        parameters = [{"ParameterKey": "Asked", "ParameterValue": asked}]
        return {"StackName": "updates", "TemplateBody": json.dumps(body), "Parameters": parameters}

    stacks.create_stack(**members(template(), "no"))
    yield lambda body, asked: stacks.update_stack(**members(body, asked))
    stacks.delete_stack(StackName="updates")


def test_a_condition_makes_and_deletes(update: Callable[..., None], sqs: Any) -> None:
    def queues() -> int:
        return len(sqs.list_queues(QueueNamePrefix="asked-for").get("QueueUrls", []))

    update(template(delay="1"), "no")  # changes what there is not
    assert queues() == 0
    update(template(delay="1"), "yes")
    assert queues() == 1
    update(template(delay="2"), "no")
    assert queues() == 0
    update(template(delay="2"), "yes")
    assert queues() == 1


def test_what_was_taken_away_comes_back(update: Callable[..., None], sqs: Any) -> None:
    extra = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "taken-away"}}
    for resources, count in (({"Extra": extra}, 1), ({}, 0), ({"Extra": extra}, 1)):
        update(template(**resources), "no")
        assert len(sqs.list_queues(QueueNamePrefix="taken-away").get("QueueUrls", [])) == count


def test_a_bucket_keeps_versions_where_its_template_says_so(aws: LocalAws, s3: Any) -> None:
    stacks = client(aws, "cloudformation")

    def bucket(status: str) -> str:
        properties = {"BucketName": "kept-versions", "VersioningConfiguration": {"Status": status}}
        return json.dumps({"Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": properties}}})

    stacks.create_stack(StackName="versions", TemplateBody=bucket("Enabled"))
    first, second = (s3.put_object(Bucket="kept-versions", Key="a", Body=body)["VersionId"] for body in (b"1", b"2"))
    assert s3.get_object(Bucket="kept-versions", Key="a", VersionId=first)["Body"].read() == b"1"
    stacks.update_stack(StackName="versions", TemplateBody=bucket("Suspended"))
    assert s3.get_bucket_versioning(Bucket="kept-versions")["Status"] == "Suspended"
    for version in (first, second):
        s3.delete_object(Bucket="kept-versions", Key="a", VersionId=version)
    stacks.delete_stack(StackName="versions")


def test_a_role_may_do_what_its_template_says_now(aws: LocalAws) -> None:
    stacks, iam = client(aws, "cloudformation"), client(aws, "iam")

    def statement(action: str, **more: str) -> dict[str, Any]:
        return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, **more}]}

    def role(actions: dict[str, str], service: str, **more: Any) -> dict[str, str]:
        trust = statement("sts:AssumeRole", Principal=service)
        policies = [{"PolicyName": key, "PolicyDocument": statement(actions[key], Resource="*")} for key in actions]
        properties = {"RoleName": "changing", "AssumeRolePolicyDocument": trust, "Policies": policies, **more}
        body = {"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": properties}}}
        return {"StackName": "roles", "TemplateBody": json.dumps(body)}

    stacks.create_stack(**role({"reads": "s3:GetObject", "gone": "s3:PutObject"}, "one"))
    iam.put_role_policy(
        RoleName="changing", PolicyName="by-hand", PolicyDocument=json.dumps(statement("sqs:*", Resource="*"))
    )
    boundary = "arn:aws:iam::123456789012:policy/boundary"
    stacks.update_stack(
        **role({"reads": "s3:ListBucket"}, "two", PermissionsBoundary=boundary, MaxSessionDuration=7200)
    )
    found = iam.get_role(RoleName="changing")["Role"]
    assert found["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == "two"
    assert (found["PermissionsBoundary"]["PermissionsBoundaryArn"], found["MaxSessionDuration"]) == (boundary, 7200)
    assert sorted(iam.list_role_policies(RoleName="changing")["PolicyNames"]) == ["by-hand", "reads"]
    reads = iam.get_role_policy(RoleName="changing", PolicyName="reads")["PolicyDocument"]
    assert reads["Statement"][0]["Action"] == "s3:ListBucket"
    iam.delete_role_policy(RoleName="changing", PolicyName="by-hand")
    stacks.delete_stack(StackName="roles")
