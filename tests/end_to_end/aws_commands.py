"""Runs lines of the `aws` command with boto3 in this process: options are checked by botocore's models.

As much of AWS's command line as our documents use; starting the real one takes a second or two for each line.
"""

import json
import shlex
from collections.abc import Callable
from typing import Any

import jmespath
from botocore import xform_name

SERVICES = {"s3api": "s3"}  # whose names on the command line differ


def run_aws(line: str, client: Callable[[str], Any]) -> Any:
    """The answer to a line such as `aws sqs get-queue-url --queue-name NAME`, after its `--query`."""
    program, service, operation, *words = shlex.split(line)
    assert program == "aws", line
    made = client(SERVICES.get(service, service))
    method = operation.replace("-", "_")
    assert method in made.meta.method_to_api_mapping, f"{service} has no {operation}"
    shape = made.meta.service_model.operation_model(made.meta.method_to_api_mapping[method]).input_shape
    members = {xform_name(name, "-"): (name, member) for name, member in shape.members.items()}
    given = _options(words)
    query = given.pop("query", None)
    arguments = {members[name][0]: _value(members[name][1], values) for name, values in given.items()}
    answer = getattr(made, method)(**arguments)
    return jmespath.search(query[0], answer) if query else answer


def _options(words: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in words:
        if word.startswith("--"):
            latest = found.setdefault(word.removeprefix("--"), [])
        else:
            latest.append(word)
    return found


def _value(member: Any, words: list[str]) -> Any:
    if member.type_name == "list":
        return words
    [word] = words
    if member.type_name in {"structure", "map"}:
        return json.loads(word)
    return int(word) if member.type_name in {"integer", "long"} else word
