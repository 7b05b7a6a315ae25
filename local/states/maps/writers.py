"""ResultWriter.

moto: writes a manifest that names no files. AWS: writes the results of child executions into a file for each outcome,
and a manifest that names them; what cannot be written is States.ResultWriterFailed.
"""

import json
from typing import Any

from local.protocol.json_types import Record
from local.states.maps.children import FAILED, PENDING, SUCCEEDED, Child, results

FILES = (FAILED, PENDING, SUCCEEDED)
EXTENSIONS = {"JSON": "json", "JSONL": "jsonl"}


def files(children: list[Child], config: Record) -> dict[str, bytes]:
    """The contents of the files for each outcome that there was, by name."""
    kind, transformation = config.get("OutputType", "JSON"), config.get("Transformation", "NONE")
    found = {}
    for outcome in FILES:
        members = [child for child in children if outcome_of(child) == outcome]
        if members:
            rows = [json.dumps(row, ensure_ascii=False) for row in results(members, transformation)]
            content = "\n".join(rows) + "\n" if kind == "JSONL" else f"[{','.join(rows)}]"
            found[f"{outcome}_0.{EXTENSIONS[kind]}"] = content.encode()
    return found


def outcome_of(child: Child) -> str:
    """The file to which a child execution belongs; what was aborted or timed out has failed."""
    return FAILED if child.unsuccessful else child.status if child.status == SUCCEEDED else PENDING


def write(s3: Any, map_run_arn: str, parameters: Record, contents: dict[str, bytes]) -> Record:
    """Writes the files and the manifest below the prefix; the state's output. Raises botocore's ClientError."""
    bucket, prefix = parameters["Bucket"], str(parameters.get("Prefix", "")).rstrip("/")
    folder = "/".join(part for part in (prefix, map_run_arn.rpartition(":")[2]) if part)
    named: dict[str, list[Record]] = {outcome: [] for outcome in FILES}
    for name, content in contents.items():
        key = f"{folder}/{name}"
        s3.put_object(Bucket=bucket, Key=key, Body=content)
        named[name.rpartition("_")[0]].append({"Key": key, "Size": len(content)})
    manifest = {"DestinationBucket": bucket, "MapRunArn": map_run_arn, "ResultFiles": named}
    key = f"{folder}/manifest.json"
    s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(manifest, indent=2).encode())
    return {"MapRunArn": map_run_arn, "ResultWriterDetails": {"Bucket": bucket, "Key": key}}
