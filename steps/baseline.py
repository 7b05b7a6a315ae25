"""Statistics and constraints of images in Model Monitor's shapes; the features are those that captures have, too.

Schemas: "Schema for Statistics (statistics.json file)" and "Schema for Constraints (constraints.json file)", Amazon
SageMaker Developer Guide. Brightness and contrast are mean and standard deviation of luma (ITU-R 601) as 0 to 1.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from steps.dataset import Dataset

BUCKETS = 10  # as the prebuilt Model Monitor's
THRESHOLD = 0.1  # of every comparison: the prebuilt Model Monitor's default

Column = NDArray[np.float64] | NDArray[np.str_]


def features(dataset: Dataset, classes: Sequence[str]) -> dict[str, Column]:
    """The columns (N,) that describe the images; `predicted` has their actual classes, which a good model predicts."""
    luma = [np.asarray(Image.fromarray(image).convert("L"), dtype=np.float64) / 255 for image in dataset.images]
    return {
        "brightness": np.array([each.mean() for each in luma]),
        "contrast": np.array([each.std() for each in luma]),
        "predicted": np.array(classes)[dataset.labels],
    }


def statistics(columns: Mapping[str, Column]) -> dict[str, Any]:
    """The content of `statistics.json`."""
    rows = len(next(iter(columns.values())))
    described = [_described(name, column) for name, column in columns.items()]
    return {"version": 0, "dataset": {"item_count": rows}, "features": described}


def constraints(columns: Mapping[str, Column]) -> dict[str, Any]:
    """The content of `constraints.json`."""
    return {
        "version": 0,
        "features": [_constraint(name, column) for name, column in columns.items()],
        "monitoring_config": {
            "evaluate_constraints": "Enabled",
            "emit_metrics": "Enabled",
            "datatype_check_threshold": THRESHOLD,
            "domain_content_threshold": THRESHOLD,
            "distribution_constraints": {
                "perform_comparison": "Enabled",
                "comparison_threshold": THRESHOLD,
                "comparison_method": "Robust",
                "categorical_comparison_threshold": THRESHOLD,
                "categorical_drift_method": "LInfinity",
            },
        },
    }


def _described(name: str, column: Column) -> dict[str, Any]:
    return _text(name, column) if column.dtype.kind == "U" else _number(name, column)


def _number(name: str, column: Column) -> dict[str, Any]:
    values = column.astype(np.float64)
    heights, edges = np.histogram(values, bins=BUCKETS)
    buckets = [
        {"lower_bound": float(lower), "upper_bound": float(upper), "count": int(count)}
        for lower, upper, count in zip(edges[:-1], edges[1:], heights, strict=True)
    ]
    found = {
        "common": {"num_present": len(values), "num_missing": 0},
        "mean": float(values.mean()),
        "sum": float(values.sum()),
        "std_dev": float(values.std()),
        "min": float(values.min()),
        "max": float(values.max()),
        "distribution": {"kll": {"buckets": buckets}},
    }
    return {"name": name, "inferred_type": "Fractional", "numerical_statistics": found}


def _text(name: str, column: Column) -> dict[str, Any]:
    values, counts = np.unique(column, return_counts=True)
    buckets = [{"value": str(value), "count": int(count)} for value, count in zip(values, counts, strict=True)]
    found = {
        "common": {"num_present": len(column), "num_missing": 0},
        "distinct_count": len(values),
        "distribution": {"categorical": {"buckets": buckets}},
    }
    return {"name": name, "inferred_type": "String", "string_statistics": found}


def _constraint(name: str, column: Column) -> dict[str, Any]:
    found: dict[str, Any]
    if column.dtype.kind == "U":
        domains = [str(value) for value in np.unique(column)]
        found = {"inferred_type": "String", "string_constraints": {"domains": domains}}
    else:
        non_negative = bool((column.astype(np.float64) >= 0).all())
        found = {"inferred_type": "Fractional", "num_constraints": {"is_non_negative": non_negative}}
    return {"name": name, "completeness": 1.0, **found}
