"""The batch workflow: a distributed map over the photos of a source in S3, whose children classify some photos each.

Members of distributed maps: "Map state in Distributed mode" in AWS's developer guide for Step Functions.
"""

from typing import Any

from pipelines.definitions.workflows.inference import LAMBDA_FAULTS, PASSING, TIMEOUT_MARGIN, retry
from pipelines.definitions.workflows.stepfunctions_sdk import (
    Chain,
    Choice,
    ChoiceRule,
    DistributedMap,
    InvokeFunction,
    Workflow,
)
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names

BATCH_TIMEOUT_SECONDS = 24 * 3600
MOST_BATCH_BYTES = 100_000  # of a child's input: its output, which repeats all keys, must fit into 262,144
# How ItemReader reads each kind of source. A prefix has no objects to read but those that it lists.
READER_CONFIGS: dict[str, dict[str, str]] = {
    "prefix": {},
    "csv": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
    "json": {"InputType": "JSON"},
    "jsonl": {"InputType": "JSONL"},
    "inventory": {"InputType": "MANIFEST"},
}


def build_batch_workflow(settings: Settings, names: Names, client: Any) -> Workflow:  # noqa: ANN401 - a boto3 client
    """The state machine for many photos.

    Its input is `{"run": …, "source": {"format": …, "bucket": …, "key": …}}`, where the format is one of
    READER_CONFIGS, and the key that of a list of photos or, of a prefix, how the photos' keys begin.

    `client` is a Step Functions client.
    """
    return Workflow(
        name=names.batch_machine,
        definition=build_batch_definition(settings, names),
        role=names.role_arn("batch"),
        client=client,
        comment="Decides many photos, and writes a row for each below batches/ in the bucket",
        timeout_seconds=BATCH_TIMEOUT_SECONDS,
    )


def build_batch_definition(settings: Settings, names: Names) -> Chain:
    """The states: a choice of the source's format, and a map for each, since a reader's format cannot be a variable."""
    choose = Choice("ChooseSource")
    for source in READER_CONFIGS:
        choose.add_choice(ChoiceRule.StringEquals("$.source.format", source), _map(settings, names, source))
    return Chain([choose])


def _map(settings: Settings, names: Names, source: str) -> DistributedMap:
    return DistributedMap(
        f"{source.capitalize()}Photos",
        execution_type=settings.batch.child_type,
        iterator=_classify(settings, names, source),
        max_concurrency=settings.batch.max_concurrency,
        members={
            "ItemReader": _reader(names, source),
            "ItemBatcher": _batcher(settings),
            "ResultWriter": _writer(names),
            "ToleratedFailurePercentage": settings.batch.tolerated_failure_percentage,
        },
    )


def _reader(names: Names, source: str) -> dict[str, Any]:
    listing = source == "prefix"
    where = {"Bucket.$": "$.source.bucket", ("Prefix.$" if listing else "Key.$"): "$.source.key"}
    resource = f"arn:{names.partition.name}:states:::s3:{'listObjectsV2' if listing else 'getObject'}"
    config = {"ReaderConfig": READER_CONFIGS[source]} if READER_CONFIGS[source] else {}
    return {"Resource": resource, **config, "Parameters": where}


def _batcher(settings: Settings) -> dict[str, Any]:
    routes = {name: route.model_dump() for name, route in settings.workflow.routes.items()}
    return {
        "MaxItemsPerBatch": settings.batch.photos_per_call,
        "MaxInputBytesPerBatch": MOST_BATCH_BYTES,
        "BatchInput": {"run.$": "$.run", "source.$": "$.source", "routes": routes},
    }


def _writer(names: Names) -> dict[str, Any]:
    """Writes the rows of all children, one a line. Those of children that failed are their inputs and errors."""
    return {
        "Resource": f"arn:{names.partition.name}:states:::s3:putObject",
        "WriterConfig": {"OutputType": "JSONL", "Transformation": "FLATTEN"},
        "Parameters": {"Bucket": names.bucket, "Prefix.$": "States.Format('batches/{}/results', $.run)"},
    }


def _classify(settings: Settings, names: Names, source: str) -> InvokeFunction:
    task = InvokeFunction(
        f"Classify{source.capitalize()}",
        names.partition.name,
        parameters={"FunctionName": names.function_arn("classify-batch"), "Payload.$": "$"},
        timeout_seconds=settings.batch.lambda_timeout_seconds + TIMEOUT_MARGIN,
        output_path="$.Payload.rows",
    )
    task.add_retry(retry(settings, LAMBDA_FAULTS, first_delay=2))
    task.add_retry(retry(settings, PASSING, first_delay=1))
    return task
