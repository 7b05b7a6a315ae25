"""The status page tells whoever has its address what the local AWS does, and nobody else."""

import json
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from local.server.embedded import LocalAws
from tests.local.support import ROLE, Wait, client

HOSTILE = "<script>alert(1)</script>"
MACHINE = {"StartAt": "Greet", "States": {"Greet": {"Type": "Pass", "End": True}}}


@pytest.fixture(scope="module")
def address(aws: LocalAws, data: Path) -> str:
    """The address that `scones local up` shows."""
    return str(json.loads((data / "server.json").read_text())["status_page"])


@pytest.fixture(scope="module")
def execution(aws: LocalAws, wait: Wait) -> str:
    """The ARN of an execution with a page's worst words in its input."""
    states = client(aws, "stepfunctions")
    machine = states.create_state_machine(name="status", definition=json.dumps(MACHINE), roleArn=ROLE)
    arn = states.start_execution(stateMachineArn=machine["stateMachineArn"], input=json.dumps({"said": HOSTILE}))
    wait(lambda: states.describe_execution(executionArn=arn["executionArn"]), "status", "SUCCEEDED")
    return str(arn["executionArn"])


def get(url: str, **headers: str) -> HTTPResponse:
    found: HTTPResponse = urllib.request.urlopen(urllib.request.Request(url, headers=headers))
    return found


def test_the_overview_links_to_each_execution(address: str, execution: str) -> None:
    page = get(address)
    text = page.read().decode()
    assert execution in text
    assert "<h2>Endpoints" in text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


def test_an_execution_has_its_states_and_its_input_as_text(address: str, execution: str) -> None:
    text = get(f"{address}execution?arn={urllib.parse.quote(execution)}").read().decode()
    assert "Greet" in text
    assert "SUCCEEDED" in text
    assert HOSTILE not in text
    assert "&lt;script&gt;" in text


def test_an_alarm_has_its_state_and_its_reason_as_text(aws: LocalAws, address: str) -> None:
    cloudwatch = client(aws, "cloudwatch")
    metric = {"Namespace": "Bakery", "MetricName": "Shown", "Statistic": "Sum", "Period": 60, "EvaluationPeriods": 1}
    cloudwatch.put_metric_alarm(
        AlarmName="shown", Threshold=1, ComparisonOperator="GreaterThanThreshold", TreatMissingData="ignore", **metric
    )
    cloudwatch.set_alarm_state(AlarmName="shown", StateValue="ALARM", StateReason=HOSTILE)
    text = get(address).read().decode()
    row = text[text.index("<td>shown</td>") :].split("</tr>")[0]
    assert '<td class="bad">ALARM</td>' in row
    assert "&lt;script&gt;" in row
    cloudwatch.delete_alarms(AlarmNames=["shown"])


def test_a_job_has_its_log(address: str, sagemaker: Any, wait: Wait) -> None:
    from tests.local.sagemaker.support import start_processing

    start_processing(sagemaker, "status-log", "sh", "-c", "echo read me; exit 3")
    wait(lambda: sagemaker.describe_processing_job(ProcessingJobName="status-log"), "ProcessingJobStatus", "Failed")
    link = "logs?group=/aws/sagemaker/ProcessingJobs&amp;stream=status-log/"
    assert link in get(address).read().decode()
    assert "read me" in get(address + link.replace("&amp;", "&")).read().decode()
    assert "Nothing was logged." in get(f"{address}logs?group=/none").read().decode()


@pytest.mark.parametrize("change", ["other key", "no key", "another page", "no such execution"])
def test_nobody_else_sees_it(address: str, change: str) -> None:
    root = address.rstrip("/").rpartition("/")[0]
    url, code = {
        "other key": (f"{root}/{'x' * 32}/", 403),
        "no key": (f"{root}/", 403),
        "another page": (f"{address}secrets", 404),
        "no such execution": (
            f"{address}execution?arn=arn:aws:states:eu-west-1:123456789012:execution:status:none",
            404,
        ),
    }[change]
    with pytest.raises(urllib.error.HTTPError) as refused:
        get(url)
    assert refused.value.code == code


def test_a_web_page_does_not_reach_it(address: str) -> None:
    for headers in ({"Origin": "http://example.com"}, {"Host": "example.com"}):
        with pytest.raises(urllib.error.HTTPError) as refused:
            get(address, **headers)
        assert refused.value.code == 403
