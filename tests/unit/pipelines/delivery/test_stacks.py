"""Stacks that fail, call by call against botocore's model of CloudFormation."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.stub import ANY, Stubber

from pipelines.aws import Aws
from pipelines.delivery.stacks import Stack, bring_up, delete
from pipelines.delivery.templates import Template
from pipelines.errors import AwsError

STACK_ID = "arn:aws:cloudformation:eu-west-1:123456789012:stack/scones-test/1-2-3"
NOW = datetime(2026, 1, 2, tzinfo=UTC)
STACK = Stack("scones-test", Template("Resources: {Queue: {Type: 'AWS::SQS::Queue'}}"), {"Project": "scones"})


def has_status(stubber: Stubber, status: str, name: str = STACK_ID) -> None:
    found = {"StackId": STACK_ID, "StackName": "scones-test", "CreationTime": NOW, "StackStatus": status}
    found["Parameters"] = [{"ParameterKey": "Project", "ParameterValue": "scones"}]
    stubber.add_response("describe_stacks", {"Stacks": [found]}, {"StackName": name})


def is_missing(stubber: Stubber) -> None:
    stubber.add_client_error("describe_stacks", "ValidationError", "Stack with id scones-test does not exist", 400)


def happened(stubber: Stubber, *events: tuple[str, str, str, str | None]) -> None:
    """Events, the newest first, as CloudFormation lists them: resource, type, status, reason."""
    listed = [
        {
            "StackId": STACK_ID,
            "EventId": str(number),
            "StackName": "scones-test",
            "Timestamp": NOW - timedelta(seconds=number),
            "LogicalResourceId": resource,
            "ResourceType": kind,
            "ResourceStatus": status,
            **({"ResourceStatusReason": reason} if reason else {}),
        }
        for number, (resource, kind, status, reason) in enumerate(events)
    ]
    stubber.add_response("describe_stack_events", {"StackEvents": listed}, {"StackName": STACK_ID})


def test_the_reasons_of_a_failed_creation_are_told(aws: Aws, cloudformation: Stubber) -> None:
    is_missing(cloudformation)
    cloudformation.add_response(
        "create_stack",
        {"StackId": STACK_ID},
        {
            "StackName": "scones-test",
            "TemplateBody": STACK.template.body,
            "Parameters": [{"ParameterKey": "Project", "ParameterValue": "scones"}],
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
        },
    )
    has_status(cloudformation, "ROLLBACK_COMPLETE")
    happened(
        cloudformation,
        ("scones-test", "AWS::CloudFormation::Stack", "ROLLBACK_COMPLETE", None),
        ("Topic", "AWS::SNS::Topic", "CREATE_FAILED", "Resource creation cancelled"),
        ("Queue", "AWS::SQS::Queue", "CREATE_FAILED", "a queue of this name exists"),
        ("Role", "AWS::IAM::Role", "CREATE_FAILED", "not authorized to perform: iam:CreateRole"),
        ("scones-test", "AWS::CloudFormation::Stack", "CREATE_IN_PROGRESS", "User Initiated"),
        ("Old", "AWS::SQS::Queue", "CREATE_FAILED", "of an earlier attempt"),
    )
    with pytest.raises(AwsError) as caught:
        bring_up(aws, STACK)
    assert str(caught.value) == (
        "the stack scones-test failed:\n"
        "  Role (AWS::IAM::Role): not authorized to perform: iam:CreateRole\n"
        "  Queue (AWS::SQS::Queue): a queue of this name exists"
    )


def test_a_failed_update(aws: Aws, cloudformation: Stubber) -> None:
    has_status(cloudformation, "UPDATE_COMPLETE", "scones-test")
    cloudformation.add_response("get_template", {"TemplateBody": "an older one"}, {"StackName": "scones-test"})
    cloudformation.add_response(
        "update_stack",
        {"StackId": STACK_ID},
        dict.fromkeys(("StackName", "TemplateBody", "Parameters", "Capabilities"), ANY),
    )
    has_status(cloudformation, "UPDATE_ROLLBACK_COMPLETE")
    happened(
        cloudformation,
        ("Queue", "AWS::SQS::Queue", "UPDATE_FAILED", "cannot be encrypted"),
        ("scones-test", "AWS::CloudFormation::Stack", "UPDATE_IN_PROGRESS", "User Initiated"),
    )
    with pytest.raises(AwsError, match=r"Queue \(AWS::SQS::Queue\): cannot be encrypted"):
        bring_up(aws, STACK)


def test_an_update_without_effect(aws: Aws, cloudformation: Stubber) -> None:
    has_status(cloudformation, "CREATE_COMPLETE", "scones-test")
    cloudformation.add_response("get_template", {"TemplateBody": "another comment"}, {"StackName": "scones-test"})
    cloudformation.add_client_error("update_stack", "ValidationError", "No updates are to be performed.")
    assert bring_up(aws, STACK) == "unchanged"


def test_a_stack_as_it_should_be_is_left_alone(aws: Aws, cloudformation: Stubber) -> None:
    has_status(cloudformation, "CREATE_COMPLETE", "scones-test")
    cloudformation.add_response("get_template", {"TemplateBody": STACK.template.body}, {"StackName": "scones-test"})
    assert bring_up(aws, STACK) == "unchanged"


def test_a_broken_stack_is_deleted_first(aws: Aws, cloudformation: Stubber) -> None:
    for _ in range(2):
        has_status(cloudformation, "ROLLBACK_COMPLETE", "scones-test")
    cloudformation.add_response("delete_stack", {}, {"StackName": "scones-test"})
    has_status(cloudformation, "DELETE_COMPLETE")
    cloudformation.add_response("create_stack", {"StackId": STACK_ID}, None)
    has_status(cloudformation, "CREATE_COMPLETE")
    assert bring_up(aws, STACK) == "replaced"


def test_a_failed_deletion(aws: Aws, cloudformation: Stubber) -> None:
    has_status(cloudformation, "CREATE_COMPLETE", "scones-test")
    cloudformation.add_response("delete_stack", {}, {"StackName": "scones-test"})
    has_status(cloudformation, "DELETE_FAILED")
    happened(cloudformation, ("Bucket", "AWS::S3::Bucket", "DELETE_FAILED", "the bucket is not empty"))
    with pytest.raises(AwsError, match="the bucket is not empty"):
        delete(aws, "scones-test")


def test_deleting_what_is_not_there(aws: Aws, cloudformation: Stubber) -> None:
    is_missing(cloudformation)
    assert delete(aws, "scones-test") is False
