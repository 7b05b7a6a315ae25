"""Statistics and constraints of images in Model Monitor's shapes; the features are those that captures have, too.

Schemas: "Schema for Statistics (statistics.json file)" and "Schema for Constraints (constraints.json file)", Amazon
SageMaker Developer Guide. Everything is 0 to 1: brightness and contrast are mean and standard deviation of luma (ITU-R
601), sharpness is the mean difference of luma between neighbouring pixels, saturation the mean of HSV's.
`monitoring.features.images` computes the same of what the endpoint captured.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from steps.arrays import Images
from steps.dataset.files import Dataset

BUCKETS = 10  # as the prebuilt Model Monitor's
THRESHOLD = 0.1  # of every comparison: the prebuilt Model Monitor's default

Column = NDArray[np.float64] | NDArray[np.str_]


def features(dataset: Dataset, classes: Sequence[str]) -> dict[str, Column]:
    """The columns (N,) that describe the images; `predicted` has their actual classes, which a good model predicts."""
    described = [_image_features(image) for image in dataset.images]
    columns: dict[str, Column] = {name: np.array([each[name] for each in described]) for name in described[0]}
    return {**columns, "predicted": np.array(classes)[dataset.labels]}


def _image_features(pixels: Images) -> dict[str, float]:
    image = Image.fromarray(pixels)
    luma = np.asarray(image.convert("L"), dtype=np.float64) / 255
    return {
        "brightness": float(luma.mean()),
        "contrast": float(luma.std()),
        "saturation": float(np.asarray(image.convert("HSV"), dtype=np.float64)[:, :, 1].mean() / 255),
        "sharpness": float((np.abs(np.diff(luma, axis=0)).mean() + np.abs(np.diff(luma, axis=1)).mean()) / 2),
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
