"""Stacks that fail, call by call against botocore's model of CloudFormation."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from botocore.stub import ANY, Stubber

from pipelines.aws import Aws
from pipelines.delivery.changes import apply_change, plan_change
from pipelines.delivery.stacks import Action, Stack, delete
from pipelines.delivery.templates import Template
from pipelines.errors import AwsError

STACK_ID = "arn:aws:cloudformation:eu-west-1:123456789012:stack/scones-test/1-2-3"
NOW = datetime(2026, 1, 2, tzinfo=UTC)
STACK = Stack("scones-test", Template("Resources: {Queue: {Type: 'AWS::SQS::Queue'}}"), {"Project": "scones"})


def has_status(stubber: Stubber, status: str, name: str = STACK_ID) -> None:
    found = {"StackId": STACK_ID, "StackName": "scones-test", "CreationTime": NOW, "StackStatus": status}
    found["Parameters"] = [{"ParameterKey": "Project", "ParameterValue": "scones"}]
    stubber.add_response("describe_stacks", {"Stacks": [found]}, {"StackName": name})


def bring_up(aws: Aws, stack: Stack) -> Action:
    return apply_change(aws, plan_change(aws, stack))


def is_missing(stubber: Stubber) -> None:
    stubber.add_client_error("describe_stacks", "ValidationError", "Stack with id scones-test does not exist", 400)


def happened(stubber: Stubber, *events: tuple[str, str, str, str | None], name: str = STACK_ID) -> None:
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
    stubber.add_response("describe_stack_events", {"StackEvents": listed}, {"StackName": name})


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


# By the stack's name AWS authorizes: to the ARN of a change set alone, the role `delivery` has no permission.
NAMED = {"StackName": "scones-test", "ChangeSetName": ANY}
CHANGE_SET = STACK_ID.replace("stack/", "changeSet/")
ARGUMENTS = ("StackName", "TemplateBody", "Parameters", "Capabilities", "ChangeSetName", "ChangeSetType")


def has_change_set(stubber: Stubber, status: str = "CREATE_COMPLETE", **more: str) -> None:
    """A stack with another template, for which a change set is made that has become so."""
    has_status(stubber, "UPDATE_COMPLETE", "scones-test")
    stubber.add_response("get_template", {"TemplateBody": "an older one"}, {"StackName": "scones-test"})
    stubber.add_response("create_change_set", {"Id": CHANGE_SET}, dict.fromkeys(ARGUMENTS, ANY))
    stubber.add_response("describe_change_set", {"Status": status, **more}, NAMED)


def has_changes(stubber: Stubber) -> None:
    """The change set's two pages."""
    change = {"Action": "Modify", "LogicalResourceId": "Queue", "ResourceType": "AWS::SQS::Queue"}
    pages = [
        {"Changes": [{"ResourceChange": change | {"Replacement": "True"}}], "NextToken": "more"},
        {"Changes": [{"ResourceChange": change | {"Action": "Remove", "LogicalResourceId": "Old"}}]},
    ]
    stubber.add_response("describe_change_set", pages[0], NAMED)
    stubber.add_response("describe_change_set", pages[1], {**NAMED, "NextToken": "more"})


def test_a_failed_update(aws: Aws, cloudformation: Stubber) -> None:
    has_change_set(cloudformation)
    has_changes(cloudformation)
    cloudformation.add_response("execute_change_set", {}, NAMED)
    has_status(cloudformation, "UPDATE_ROLLBACK_COMPLETE", "scones-test")
    events = [
        ("Queue", "AWS::SQS::Queue", "UPDATE_FAILED", "cannot be encrypted"),
        ("scones-test", "AWS::CloudFormation::Stack", "UPDATE_IN_PROGRESS", "User Initiated"),
    ]
    happened(cloudformation, *events, name="scones-test")
    with pytest.raises(AwsError, match=r"Queue \(AWS::SQS::Queue\): cannot be encrypted"):
        bring_up(aws, STACK)


def test_what_an_update_changes_is_told_before_it_is_made(aws: Aws, cloudformation: Stubber) -> None:
    has_change_set(cloudformation)
    has_changes(cloudformation)
    change = plan_change(aws, replace(STACK, parameters={"Project": "other"}))
    assert change.describe().splitlines() == [
        "scones-test: to be updated",
        "  Project: scones → other",
        "  modify Queue (AWS::SQS::Queue), which is made anew (true)",
        "  remove Old (AWS::SQS::Queue)",
    ]


@pytest.mark.parametrize(
    "reason", ["No updates are to be performed.", "The submitted information didn't contain changes."]
)
def test_an_update_without_effect(reason: str, aws: Aws, cloudformation: Stubber) -> None:
    has_change_set(cloudformation, "FAILED", StatusReason=reason)
    cloudformation.add_response("delete_change_set", {}, NAMED)
    assert bring_up(aws, STACK) == "unchanged"


def test_a_template_that_is_refused(aws: Aws, cloudformation: Stubber) -> None:
    has_change_set(cloudformation, "FAILED", StatusReason="Unresolved resource dependencies [Topic]")
    cloudformation.add_response("delete_change_set", {}, NAMED)
    with pytest.raises(AwsError, match=r"scones-test cannot be changed so: Unresolved resource dependencies"):
        bring_up(aws, STACK)


def test_a_stack_as_it_should_be_is_left_alone(aws: Aws, cloudformation: Stubber) -> None:
    has_status(cloudformation, "CREATE_COMPLETE", "scones-test")
    cloudformation.add_response("get_template", {"TemplateBody": STACK.template.body}, {"StackName": "scones-test"})
    assert bring_up(aws, STACK) == "unchanged"


def test_a_broken_stack_is_deleted_first(aws: Aws, cloudformation: Stubber) -> None:
    for _ in range(2):  # looked at for the plan, and before the deletion
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
