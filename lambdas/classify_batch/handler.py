"""Entry point of the function `classify-batch`."""

import os
from collections import Counter
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.classify_batch.batch import Batch
from lambdas.classify_batch.parts import recall, remember
from lambdas.classify_batch.service import Clients, classify
from lambdas.classify_image.models import endpoint_name
from lambdas.shared.clients import client
from lambdas.shared.environment import variable
from lambdas.shared.logging import logged, logger


@logged
def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001
    """Returns `{"rows": […]}`, a row for each photo of the batch; raises errors of `lambdas.shared.errors`.

    A batch that this run has answered before is not asked about again: its rows are read from S3.
    """
    batch, bucket, endpoint = Batch.parse(event), variable(os.environ, "BUCKET"), endpoint_name(os.environ)
    logger.append_keys(run=batch.run, batch=batch.digest, photos=len(batch.items), endpoint_name=endpoint)
    s3 = client("s3")
    known = recall(s3, bucket, batch)
    rows = known if known is not None else classify(Clients(s3, client("sagemaker-runtime")), endpoint, batch)
    if known is None:
        remember(s3, bucket, batch, rows)
    logger.append_keys(answered_before=known is not None, decisions=Counter(row["decision"] for row in rows))
    return {"rows": rows}
