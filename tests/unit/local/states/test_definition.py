import json
from typing import Any

import pytest

from local.protocol.errors import ValidationError
from local.states.definition import refuse_definition

PASS = {"Type": "Pass", "End": True}


def machine(state: dict[str, Any], **more: Any) -> str:
    return json.dumps({"StartAt": "A", "States": {"A": state}, **more})


def map_state(mode: str, state: dict[str, Any]) -> dict[str, Any]:
    processor = {"ProcessorConfig": {"Mode": mode}, "StartAt": "B", "States": {"B": state}}
    return {"Type": "Map", "ItemProcessor": processor, "End": True}


@pytest.mark.parametrize(
    ("definition", "named"),
    [
        (machine(map_state("INLINE", {**PASS, "Credentials": {"RoleArn": "r"}})), r"Credentials \(state 'B'\)"),
        (
            machine({"Type": "Parallel", "Branches": [json.loads(machine({**PASS, "Credentials": {"RoleArn": "r"}}))]}),
            "Credentials",
        ),
        (machine({"Type": "Task", "Resource": "arn:aws:states:eu-west-1:1:activity:a"}), "activities"),
        (machine({"Type": "Map", "ItemReader": {"ReaderConfig": {"InputType": "PARQUET"}}}), "InputType PARQUET of"),
        (
            machine({"Type": "Map", "ItemReader": {"ReaderConfig": {"ManifestType": "ATHENA_DATA"}}}),
            "ManifestType ATHEN",
        ),
        (machine({"Type": "Map", "ItemReader": {"ReaderConfig": {"Unheard": "NONE"}}}), "Unheard of"),
        (machine({"Type": "Map", "ResultWriter": {"WriterConfig": {"OutputType": "JSONL"}}}), "OutputType JSONL of"),
        (
            machine({"Type": "Task", "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync"}),
            "Resource arn:aws:states:::sagemaker",
        ),
    ],
)
def test_what_the_engine_cannot_run_is_refused(definition: str, named: str) -> None:
    with pytest.raises(ValidationError, match=f"does not execute {named}"):
        refuse_definition(definition)


@pytest.mark.parametrize(
    "definition",
    [
        machine(PASS, QueryLanguage="JSONata"),
        machine({**PASS, "Assign": {"x": 1}}),
        machine(map_state("DISTRIBUTED", PASS)),
        machine({**PASS, "Credentials": {}}),
        machine({"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:1:function:f", "End": True}),
        machine({"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": True}),
        machine({"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sagemaker:describeEndpoint", "End": True}),
        "{",
        "[]",
        '{"States": ["A"]}',
        '{"States": {"A": 1, "B": {"Branches": null, "ItemProcessor": "x"}}}',
    ],
)
def test_what_it_runs_or_refuses_itself_is_left_to_it(definition: str) -> None:
    refuse_definition(definition)
