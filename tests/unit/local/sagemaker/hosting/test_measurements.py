"""Requests to an endpoint become metrics, in the units and with the dimensions of AWS."""

from local.metrics.publishing import PUBLISHED
from local.metrics.series import Metric, Metrics, dimensions
from local.sagemaker.hosting.measurements import Measurement, Measurements, Served

PLACE = "1/eu-west-1"
OLD, NEW = Served("e", "AllTraffic", "old"), Served("e", "AllTraffic", "new")
NOON = 1_800_000_000.0


def metric(name: str, **given: str) -> Metric:
    return Metric(PLACE, "AWS/SageMaker", name, dimensions({"EndpointName": "e", "VariantName": "AllTraffic", **given}))


def test_requests_are_counted_for_the_variant_and_for_its_configuration() -> None:
    metrics = Metrics()
    measurements = Measurements(metrics, PLACE)
    measurements.note(Measurement(OLD, 200, 0.030, 0.020, NOON, instances=4))
    measurements.note(Measurement(OLD, 400, 0.030, 0.020, NOON + 1, instances=4))
    measurements.note(Measurement(NEW, 500, 0.200, 0.100, NOON + 1))
    measurements.note(Measurement(NEW, 503, 0.200, 0.100, NOON + 2))

    def read(name: str, statistic: str, unit: str = "None", **more: str) -> list[float | None]:
        found = metrics.within(metric(name, **more), NOON, NOON + 10, unit)
        return [values.statistic(statistic) for _, values in found]

    assert {each.name for each in metrics.metrics()} == set(PUBLISHED["AWS/SageMaker"])
    assert read("Invocations", "Sum") == [1, 2, 1]
    assert read("InvocationsPerInstance", "Sum") == [0.25, 1.25, 1]
    assert read("Invocation4XXErrors", "Sum") == [0, 1, 0]
    assert read("Invocation5XXErrors", "Sum") == [0, 1, 1]
    assert read("Invocation5XXErrors", "Average", EndpointConfigName="new") == [1, 1]
    assert read("Invocation5XXErrors", "Average", EndpointConfigName="old") == [0, 0]
    assert read("ModelLatency", "Maximum", "Microseconds") == [20_000, 100_000, 100_000]
    assert read("OverheadLatency", "p99", "Microseconds", EndpointConfigName="old") == [10_000, 10_000]


def test_nothing_is_counted_twice() -> None:
    metrics = Metrics()
    measurements = Measurements(metrics, PLACE)
    measurements.note(Measurement(OLD, 200, 0.1, 0.1, NOON))
    measurements.count()
    measurements.count()
    assert [values.count for _, values in metrics.within(metric("Invocations"), NOON, NOON + 1)] == [1]
