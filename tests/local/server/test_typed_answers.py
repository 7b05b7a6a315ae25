"""A client understands every answer, whatever moto lacks or breaks in, in each protocol."""

import json
import subprocess
import sys

from tests.conftest import REPOSITORY

# A service of each protocol and signing name, as far as they are special; `benchmarks/typed_answers.py` has them all.
SERVICES = (
    *("sagemaker", "sagemaker-runtime", "lambda", "events", "stepfunctions", "scheduler", "pipes", "iam", "sts", "sqs"),
    *("sns", "logs", "cloudwatch", "cloudformation", "ssm", "dynamodb", "ecr", "kms", "s3", "s3control", "route53"),
    *("eventbridgev2", "mediastore-data", "greengrass", "sesv2", "amp", "account"),
)


def test_every_answer_is_a_success_or_a_typed_error() -> None:
    argv = [sys.executable, "benchmarks/typed_answers.py", "--first", "40", "--services", *SERVICES]
    made = subprocess.run(argv, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    *untyped, counts = map(json.loads, made.stdout.splitlines())
    assert untyped == []
    assert counts["called"] > 500, counts
    assert counts["success"] > 80, counts
