"""Enforcing IAM: jobs, functions, state machines and pipelines may do what their roles' policies say, and no more."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.server.embedded import LocalAws, start
from tests.local.conftest import BUCKET, IMAGE, REGION, client, zipped
from tests.local.sagemaker.test_pipelines import definition, processing

ACCOUNT = "123456789012"
ALLOW_S3 = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": f"arn:aws:s3:::{BUCKET}/open/*"}
FUNCTION = """
import boto3
def handler(event, context):
    s3 = boto3.client("s3")
    s3.put_object(Bucket=event["bucket"], Key=event["key"], Body=b"1")
    return boto3.client("sts").get_caller_identity()["Arn"]
"""
CALLER = """
import boto3, json
def handler(event, context):
    client = boto3.client(event["service"])
    answer = getattr(client, event["call"])(**event["members"])
    return json.loads(json.dumps(answer, default=str))
"""
MakeRole = Callable[..., str]


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A local AWS that enforces IAM."""
    with start(tmp_path_factory.mktemp("strict"), REGION, enforce_iam=True) as local_aws:
        bucket = {"LocationConstraint": REGION}
        client(local_aws, "s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=bucket)
        yield local_aws


@pytest.fixture(scope="module")
def role(strict: LocalAws) -> MakeRole:
    """`role(name, service, *statements)` makes a role; its ARN."""
    iam = client(strict, "iam")

    def make(name: str, service: str, *statements: dict[str, Any], **more: Any) -> str:
        principal = {"Service": f"{service}.amazonaws.com"}
        trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
        if statements:
            policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
            iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=policy)
        return str(arn)

    return make


@pytest.fixture(scope="module")
def job(strict: LocalAws, wait: Any) -> Callable[..., dict[str, Any]]:
    """`job(name, role, key)`: run a job that writes to a key by its own client; its description."""
    sagemaker = client(strict, "sagemaker")
    code = "import boto3, sys; boto3.client('s3').put_object(Bucket=sys.argv[1], Key=sys.argv[2], Body=b'1')"

    def run(name: str, role: str, key: str) -> dict[str, Any]:
        cluster = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}
        sagemaker.create_processing_job(
            ProcessingJobName=name,
            ProcessingResources={"ClusterConfig": cluster},
            AppSpecification={"ImageUri": IMAGE, "ContainerEntrypoint": ["python3", "-c", code, BUCKET, key]},
            RoleArn=role,
        )
        describe = lambda: sagemaker.describe_processing_job(ProcessingJobName=name)  # noqa: E731
        return dict(wait(describe, "ProcessingJobStatus", "Completed", "Failed"))

    return run


def test_a_job_may_do_what_its_role_may(role: MakeRole, job: Any) -> None:
    arn = role("job", "sagemaker", ALLOW_S3)
    assert job("allowed", arn, "open/x")["ProcessingJobStatus"] == "Completed"
    denied = job("denied", arn, "secret/x")
    assert denied["ProcessingJobStatus"] == "Failed"
    assert "AccessDenied" in denied["FailureReason"]
    assert f"s3:PutObject on resource: arn:aws:s3:::{BUCKET}/secret/x" in denied["FailureReason"]


def test_a_role_must_exist_and_trust_the_service(role: MakeRole, job: Any) -> None:
    for number, arn in enumerate((f"arn:aws:iam::{ACCOUNT}:role/nobody", role("for-lambda", "lambda", ALLOW_S3))):
        with pytest.raises(ClientError, match="Could not assume role"):
            job(f"untrusted-{number}", arn, "open/x")


def test_inputs_are_read_as_the_role(strict: LocalAws, role: MakeRole, wait: Any) -> None:
    arn = role("blind", "sagemaker", {**ALLOW_S3, "Action": "s3:PutObject"})
    sagemaker = client(strict, "sagemaker")
    text = definition([processing("Read", "true", [f"s3://{BUCKET}/open/x"])]).replace(
        f"arn:aws:iam::{ACCOUNT}:role/tests", arn
    )
    create = {"Effect": "Allow", "Action": ["sagemaker:CreateProcessingJob", "iam:PassRole"], "Resource": "*"}
    runner = role("runner", "sagemaker", create)
    sagemaker.create_pipeline(PipelineName="reads", PipelineDefinition=text, RoleArn=runner)
    done = execute(sagemaker, "reads", wait)
    assert done["PipelineExecutionStatus"] == "Failed"
    assert "AccessDenied" in done["FailureReason"]
    assert "s3:ListBucket" in done["FailureReason"]


def execute(sagemaker: Any, name: str, wait: Any) -> dict[str, Any]:
    arn = sagemaker.start_pipeline_execution(PipelineName=name)["PipelineExecutionArn"]
    describe = lambda: sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)  # noqa: E731
    return dict(wait(describe, "PipelineExecutionStatus", "Succeeded", "Failed"))


def test_a_pipeline_may_start_what_its_role_may(strict: LocalAws, role: MakeRole, wait: Any) -> None:
    sagemaker = client(strict, "sagemaker")
    arn = role("powerless", "sagemaker")
    sagemaker.create_pipeline(PipelineName="no", PipelineDefinition=definition([processing("A", "true")]), RoleArn=arn)
    done = execute(sagemaker, "no", wait)
    assert "is not authorized to perform: sagemaker:CreateProcessingJob on resource" in done["FailureReason"]


@pytest.fixture(scope="module")
def function(strict: LocalAws, role: MakeRole) -> str:
    arn = role("function", "lambda", ALLOW_S3)
    functions = client(strict, "lambda")
    return str(
        functions.create_function(
            FunctionName="writer",
            Runtime="python3.11",
            Role=arn,
            Handler="handler.handler",
            Code={"ZipFile": zipped(FUNCTION)},
            Timeout=20,
        )["FunctionArn"]
    )


def test_a_function_may_do_what_its_role_may(strict: LocalAws, function: str) -> None:
    def call(key: str) -> Any:
        payload = json.dumps({"bucket": BUCKET, "key": key})
        return json.load(client(strict, "lambda").invoke(FunctionName=function, Payload=payload)["Payload"])

    assert call("open/y").startswith(f"arn:aws:sts::{ACCOUNT}:assumed-role/function/")
    assert "AccessDenied" in call("secret/y")["errorMessage"]


def test_a_state_machine_may_call_what_its_role_may(strict: LocalAws, role: MakeRole, function: str, wait: Any) -> None:
    states = client(strict, "stepfunctions")
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": function, "Payload": {"bucket": BUCKET, "key": "open/z"}},
        "End": True,
    }
    text = json.dumps({"StartAt": "Call", "States": {"Call": task}})
    invoke = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": function}

    def run(name: str, arn: str) -> dict[str, Any]:
        machine = states.create_state_machine(name=name, definition=text, roleArn=arn)["stateMachineArn"]
        execution = states.start_execution(stateMachineArn=machine)["executionArn"]
        describe = lambda: states.describe_execution(executionArn=execution)  # noqa: E731
        return dict(wait(describe, "status", "SUCCEEDED", "FAILED"))

    assert run("may", role("may", "states", invoke))["status"] == "SUCCEEDED"
    denied = run("may-not", role("may-not", "states"))
    assert denied["status"] == "FAILED"
    assert "is not authorized to perform: lambda:InvokeFunction" in denied["cause"]


def test_an_event_starts_a_pipeline_as_its_targets_role(strict: LocalAws, role: MakeRole, wait: Any) -> None:
    sagemaker, events, sqs = (client(strict, name) for name in ("sagemaker", "events", "sqs"))
    runner = role("for-events-pipeline", "sagemaker")
    text = definition([{"Name": "End", "Type": "Fail", "Arguments": {"ErrorMessage": "it ran"}}])
    arn = sagemaker.create_pipeline(PipelineName="by-event", PipelineDefinition=text, RoleArn=runner)["PipelineArn"]
    url = sqs.create_queue(QueueName="undelivered")["QueueUrl"]
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:undelivered"
    rule = events.put_rule(Name="r", EventPattern='{"source": ["x"]}')["RuleArn"]
    let_in(sqs, url, queue, "events", rule)
    target = {"Id": "1", "Arn": arn, "RoleArn": role("no-start", "events"), "DeadLetterConfig": {"Arn": queue}}
    events.put_targets(Rule="r", Targets=[target])
    events.put_events(Entries=[{"Source": "x", "DetailType": "t", "Detail": "{}"}])
    receive = lambda: {"n": len(sqs.receive_message(QueueUrl=url).get("Messages", []))}  # noqa: E731
    wait(receive, "n", 1, seconds=20)
    assert sagemaker.list_pipeline_executions(PipelineName="by-event")["PipelineExecutionSummaries"] == []


def test_a_removed_permission_is_missed_at_once(strict: LocalAws, role: MakeRole, job: Any) -> None:
    arn = role("shrinking", "sagemaker", ALLOW_S3)
    assert job("before", arn, "open/s")["ProcessingJobStatus"] == "Completed"
    client(strict, "iam").delete_role_policy(RoleName="shrinking", PolicyName="all")
    assert "AccessDenied" in job("after", arn, "open/s")["FailureReason"]


@pytest.fixture(scope="module")
def call(strict: LocalAws, role: MakeRole) -> Callable[..., dict[str, Any]]:
    """`call(name, statement, service, call, members)`: what a function with this permission gets for a call."""
    functions = client(strict, "lambda")

    def run(name: str, statement: dict[str, Any], service: str, call: str, **members: Any) -> dict[str, Any]:
        if not [each for each in functions.list_functions()["Functions"] if each["FunctionName"] == name]:
            create(functions, name, role(name, "lambda", {"Effect": "Allow", **statement}))
        event = json.dumps({"service": service, "call": call, "members": members})
        return dict(json.load(functions.invoke(FunctionName=name, Payload=event)["Payload"]))

    return run


def create(functions: Any, name: str, role: str) -> str:
    answer = functions.create_function(
        FunctionName=name,
        Runtime="python3.11",
        Role=role,
        Handler="handler.handler",
        Code={"ZipFile": zipped(CALLER)},
        Timeout=20,
    )
    return str(answer["FunctionArn"])


def let_in(sqs: Any, url: str, queue: str, service: str, source: str) -> None:
    """Give a queue a policy that lets a service send on behalf of a resource."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": source}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})


def test_conditions_are_held_against_the_request(strict: LocalAws, call: Any) -> None:
    statement = {
        "Action": "s3:ListBucket",
        "Resource": f"arn:aws:s3:::{BUCKET}",
        "Condition": {"StringLike": {"s3:prefix": "open/*"}, "IpAddress": {"aws:SourceIp": "127.0.0.0/8"}},
    }
    lists = ("lists", statement, "s3", "list_objects_v2")
    assert "errorMessage" not in call(*lists, Bucket=BUCKET, Prefix="open/x")
    assert "AccessDenied" in call(*lists, Bucket=BUCKET, Prefix="secret/x")["errorMessage"]
    assert "AccessDenied" in call(*lists, Bucket=BUCKET)["errorMessage"]


def test_the_namespace_of_metrics(strict: LocalAws, call: Any) -> None:
    condition = {"StringLike": {"cloudwatch:namespace": "/aws/sagemaker/*"}}
    statement = {"Action": "cloudwatch:PutMetricData", "Resource": "*", "Condition": condition}
    puts = ("puts", statement, "cloudwatch", "put_metric_data")
    metric = {"MetricName": "m", "Value": 1}
    assert "errorMessage" not in call(*puts, Namespace="/aws/sagemaker/x", MetricData=[metric])
    assert "AccessDenied" in call(*puts, Namespace="other", MetricData=[metric])["errorMessage"]


def test_tags_of_requests_and_resources(strict: LocalAws, call: Any) -> None:
    condition = {"StringEquals": {"aws:RequestTag/team": "a"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}
    statement = {"Action": "sagemaker:CreateModelPackageGroup", "Resource": "*", "Condition": condition}
    creates = ("creates", statement, "sagemaker", "create_model_package_group")
    mine, other = {"Key": "team", "Value": "a"}, {"Key": "team", "Value": "b"}
    assert "AccessDenied" in call(*creates, ModelPackageGroupName="g")["errorMessage"]
    assert "AccessDenied" in call(*creates, ModelPackageGroupName="g", Tags=[other])["errorMessage"]
    assert "ModelPackageGroupArn" in call(*creates, ModelPackageGroupName="tagged", Tags=[mine])
    client(strict, "sagemaker").create_model_package_group(ModelPackageGroupName="untagged")
    condition = {"StringEquals": {"aws:ResourceTag/team": "a"}}
    statement = {"Action": "sagemaker:DescribeModelPackageGroup", "Resource": "*", "Condition": condition}
    describes = ("describes", statement, "sagemaker", "describe_model_package_group")
    assert call(*describes, ModelPackageGroupName="tagged")["ModelPackageGroupName"] == "tagged"
    assert "AccessDenied" in call(*describes, ModelPackageGroupName="untagged")["errorMessage"]


def test_a_trust_policys_condition_counts(strict: LocalAws, role: MakeRole) -> None:
    functions = client(strict, "lambda")
    mine = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:trusted"
    arn = role("of-trusted", "lambda", Condition={"ArnEquals": {"aws:SourceArn": mine}})
    event = json.dumps({"service": "sts", "call": "get_caller_identity", "members": {}})
    create(functions, "trusted", arn)
    assert "of-trusted" in json.load(functions.invoke(FunctionName="trusted", Payload=event)["Payload"])["Arn"]
    create(functions, "not-trusted", arn)
    with pytest.raises(ClientError, match="Could not assume role"):
        functions.invoke(FunctionName="not-trusted", Payload=event)


def test_a_trust_policy_may_name_one_job(role: MakeRole, job: Any) -> None:
    mine = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:processing-job/named"
    arn = role("of-one-job", "sagemaker", ALLOW_S3, Condition={"ArnEquals": {"aws:SourceArn": mine}})
    assert job("named", arn, "open/named")["ProcessingJobStatus"] == "Completed"
    with pytest.raises(ClientError, match="Could not assume role"):
        job("not-named", arn, "open/x")


def test_a_trust_policy_may_name_one_endpoint(strict: LocalAws, role: MakeRole, wait: Any) -> None:
    """What does not let the endpoint in fails it; what does gets to the model, which is missing."""
    sagemaker = client(strict, "sagemaker")
    mine = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/named"
    arn = role("of-one-endpoint", "sagemaker", ALLOW_S3, Condition={"ArnEquals": {"aws:SourceArn": mine}})
    model = {"Image": IMAGE, "ModelDataUrl": f"s3://{BUCKET}/open/none.tar.gz"}
    sagemaker.create_model(ModelName="none", PrimaryContainer=model, ExecutionRoleArn=arn)
    variant = {"VariantName": "v", "ModelName": "none", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName="none", ProductionVariants=[variant])
    for name, reason in (("named", "NoSuchKey"), ("not-named", "Could not assume role")):
        sagemaker.create_endpoint(EndpointName=name, EndpointConfigName="none")
        describe = lambda name=name: sagemaker.describe_endpoint(EndpointName=name)  # noqa: E731
        assert reason in wait(describe, "EndpointStatus", "Failed")["FailureReason"]


def test_a_rule_needs_the_functions_leave(strict: LocalAws, function: str, wait: Any) -> None:
    events, s3, functions, sqs = (client(strict, name) for name in ("events", "s3", "lambda", "sqs"))
    rule = events.put_rule(Name="calls", EventPattern='{"source": ["calls"]}')["RuleArn"]
    url = sqs.create_queue(QueueName="not-called")["QueueUrl"]
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:not-called"
    let_in(sqs, url, queue, "events", rule)
    path = {"InputPath": "$.detail", "DeadLetterConfig": {"Arn": queue}}
    events.put_targets(Rule="calls", Targets=[{"Id": "1", "Arn": function, **path}])
    entry = {"Source": "calls", "DetailType": "t", "Detail": json.dumps({"bucket": BUCKET, "key": "open/event"})}
    events.put_events(Entries=[entry])
    receive = lambda: {"n": len(sqs.receive_message(QueueUrl=url).get("Messages", []))}  # noqa: E731
    wait(receive, "n", 1, seconds=20)
    functions.add_permission(
        FunctionName=function,
        StatementId="rule",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=rule,
    )
    events.put_events(Entries=[entry])
    wait(lambda: {"n": s3.list_objects_v2(Bucket=BUCKET, Prefix="open/event")["KeyCount"]}, "n", 1, seconds=20)


def test_a_topic_needs_the_queues_leave(strict: LocalAws) -> None:
    sns, sqs = client(strict, "sns"), client(strict, "sqs")
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    url = sqs.create_queue(QueueName="alarmed")["QueueUrl"]
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:alarmed"
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    with pytest.raises(ClientError, match=r"sns\.amazonaws\.com is not authorized to perform: sqs:SendMessage"):
        sns.publish(TopicArn=topic, Message="m")
    let_in(sqs, url, queue, "sns", topic)
    sns.publish(TopicArn=topic, Message="m")
    assert len(sqs.receive_message(QueueUrl=url)["Messages"]) == 1


def test_what_one_running_state_machine_may_another_may_not(
    strict: LocalAws, role: MakeRole, function: str, wait: Any
) -> None:
    states = client(strict, "stepfunctions")
    call = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": function, "Payload": {"bucket": BUCKET, "key": "open/map"}},
        "End": True,
    }
    processor = {"StartAt": "Call", "States": {"Call": call}}
    each = {"Type": "Map", "ItemProcessor": processor, "End": True}
    pause = {"Type": "Wait", "Seconds": 5, "Next": "Each"}
    slow = json.dumps({"StartAt": "Pause", "States": {"Pause": pause, "Each": each}})
    quick = json.dumps({"StartAt": "Each", "States": {"Each": each}})
    invoke = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": function}
    roles = (role("both-may", "states", invoke), role("both-may-not", "states"))

    def start(name: str, text: str, arn: str) -> str:
        machine = states.create_state_machine(name=name, definition=text, roleArn=arn)["stateMachineArn"]
        return str(states.start_execution(stateMachineArn=machine, input="[1, 2]")["executionArn"])

    def ended(execution: str) -> dict[str, Any]:
        describe = lambda: states.describe_execution(executionArn=execution)  # noqa: E731
        return dict(wait(describe, "status", "SUCCEEDED", "FAILED"))

    first, second = start("slow", slow, roles[0]), start("quick", quick, roles[1])
    denied = ended(second)
    assert states.describe_execution(executionArn=first)["status"] == "RUNNING"
    assert "role/both-may-not is not authorized to perform: lambda:InvokeFunction" in denied["cause"]
    assert ended(first)["status"] == "SUCCEEDED"


def test_a_state_machines_role_must_trust_step_functions(strict: LocalAws, role: MakeRole) -> None:
    text = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
    source = {"ArnLike": {"aws:SourceArn": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:trusted*"}}
    of_trusted = role("of-trusted-machines", "states", Condition=source)
    create = client(strict, "stepfunctions").create_state_machine
    create(name="trusted", definition=text, roleArn=of_trusted)
    for arn in (of_trusted, role("for-jobs", "sagemaker")):
        with pytest.raises(ClientError, match=r"allows principal .states\.amazonaws\.com"):
            create(name="untrusted", definition=text, roleArn=arn)
