"""How many processes serve a model, and with how many threads. Pure."""

import os
from collections.abc import Mapping

WORKERS = "SAGEMAKER_MODEL_SERVER_WORKERS"  # as in AWS's containers
# A single image is too little work for two threads (docs/serving.md). Instead, each core has a process.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def worker_count(*environments: Mapping[str, str]) -> int:
    """The number of processes: what the first of the environments says that says something, or one for each core."""
    return int(next((found for each in environments if (found := each.get(WORKERS))), "") or os.cpu_count() or 1)
