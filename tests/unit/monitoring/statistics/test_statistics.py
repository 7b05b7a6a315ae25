from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from monitoring.profiles.profile import Profile
from monitoring.statistics.statistics import numerical_feature, statistics, string_feature


def test_numbers_keep_the_shape_of_model_monitor() -> None:
    feature = numerical_feature("confidence", pd.Series([0.5, 0.7, 0.9, None])).to_json()
    found = feature["numerical_statistics"]
    assert feature["inferred_type"] == "Fractional"
    assert found["common"] == {"num_present": 3, "num_missing": 1}
    assert found["mean"] == pytest.approx(0.7)
    assert found["sum"] == pytest.approx(2.1)
    assert found["std_dev"] == pytest.approx(np.std([0.5, 0.7, 0.9]))
    assert (found["min"], found["max"]) == (0.5, 0.9)
    buckets = found["distribution"]["kll"]["buckets"]
    assert len(buckets) == 10
    assert sum(bucket["count"] for bucket in buckets) == 3
    assert all(left["upper_bound"] == right["lower_bound"] for left, right in pairwise(buckets))


def test_texts_keep_the_shape_of_model_monitor() -> None:
    feature = string_feature("predicted", pd.Series(["b", "a", "b", None], dtype="string")).to_json()
    assert feature == {
        "name": "predicted",
        "inferred_type": "String",
        "string_statistics": {
            "common": {"num_present": 3, "num_missing": 1},
            "distinct_count": 2,
            "distribution": {"categorical": {"buckets": ({"value": "a", "count": 1}, {"value": "b", "count": 2})}},
        },
    }


def test_a_column_without_values_has_no_numbers() -> None:
    feature = numerical_feature("width", pd.Series([None, None], dtype="float64")).to_json()
    assert feature["numerical_statistics"] == {"common": {"num_present": 0, "num_missing": 2}}


def test_every_feature_accounts_for_every_photo(found: Profile) -> None:
    document = statistics(found.counts).to_json()
    assert document["dataset"] == {"item_count": 9}
    for feature in document["features"]:
        (shape,) = (value for key, value in feature.items() if key.endswith("_statistics"))
        assert sum(shape["common"].values()) == 9
