"""Answers PutMetricData, GetMetricStatistics, GetMetricData and ListMetrics in the place of moto's methods."""

from datetime import UTC, datetime, timedelta
from typing import Any

from local.metrics.distributions import Distribution, is_statistic, of_values
from local.metrics.series import Metric, Metrics, dimensions
from local.metrics.windows import by_period
from local.protocol.json_types import Record
from local.protocol.times import in_utc

MOST_POINTS = 1440  # that GetMetricStatistics answers
OLDEST, LATEST = timedelta(weeks=2), timedelta(hours=2)  # how far from now the time of a value may be


def put(metrics: Metrics, backend: Any, namespace: str, metric_data: list[Record]) -> None:
    """Keeps the values of PutMetricData; all of them, or none."""
    from moto.cloudwatch.exceptions import InvalidParameterValue

    now = datetime.now(UTC).timestamp()
    found = []
    for number, each in enumerate(metric_data, 1):
        backend._validate_parameters_put_metric_data(each, number)
        second = _seconds(each.get("Timestamp"))
        if not now - OLDEST.total_seconds() <= second <= now + LATEST.total_seconds():
            what = "must specify a time within the past two weeks, and no more than two hours in the future"
            raise InvalidParameterValue(f"The parameter MetricData.member.{number}.Timestamp {what}.")
        metric = _metric(backend, namespace, each["MetricName"], each.get("Dimensions") or [])
        if values := _values(each):
            found.append((metric, second, values, each.get("Unit") or ""))
    for kept in found:
        metrics.put(*kept)


def _values(given: Record) -> Distribution | None:
    """The values of one entry of PutMetricData; None if there are none."""
    if sums := given.get("StatisticValues"):
        count, total, least, most = (float(sums[name]) for name in ("SampleCount", "Sum", "Minimum", "Maximum"))
        return Distribution(count, total, least, most) if count > 0 else None
    values = [float(value) for value in given.get("Values") or [given.get("Value", 0)]]
    counts = [float(count) for count in given.get("Counts") or [1] * len(values)]
    counted: dict[float, float] = {}
    for value, count in zip(values, counts, strict=True):
        if count > 0:
            counted[value] = counted.get(value, 0) + count
    return of_values(counted) if counted else None


def metric_statistics(metrics: Metrics, response: Any) -> Any:
    """Answers GetMetricStatistics, with percentiles."""
    from moto.cloudwatch.exceptions import InvalidParameterCombination, InvalidParameterValue
    from moto.core.responses import ActionResult

    wanted = [*response._get_param("Statistics", []), *response._get_param("ExtendedStatistics", [])]
    period = _period(response._get_param("Period"))
    start, end = _seconds(response._get_param("StartTime")), _seconds(response._get_param("EndTime"))
    if not wanted:
        raise InvalidParameterCombination("Must specify either Statistics or ExtendedStatistics")
    if start >= end:
        raise InvalidParameterValue("The parameter StartTime must be less than the parameter EndTime.")
    if (end - start) / period > MOST_POINTS:
        raise InvalidParameterCombination(
            f"You have requested up to {(end - start) / period:,.0f} datapoints, which exceeds the limit of 1,440."
        )
    name, backend = response._get_param("MetricName"), response.cloudwatch_backend
    metric = _metric(backend, response._get_param("Namespace"), name, response._get_param("Dimensions", []))
    unit = response._get_param("Unit") or metrics.unit(metric)
    found = _found(metrics, backend, metric, start // period * period, end, unit)
    points = [_point(second, values, wanted, unit) for second, values in by_period(found, period)]
    return ActionResult({"Label": name, "Datapoints": points})


def _point(second: int, values: Distribution, wanted: list[str], unit: str) -> Record:
    """A data point of GetMetricStatistics' answer."""
    found = {name: value for name in wanted if (value := values.statistic(name)) is not None}
    percentiles = {name: value for name, value in found.items() if name.startswith("p")}
    plain = {name: value for name, value in found.items() if name not in percentiles}
    more = {"ExtendedStatistics": percentiles} if percentiles else {}
    return {"Timestamp": datetime.fromtimestamp(second, UTC), **plain, **more, **({"Unit": unit} if unit else {})}


def metric_data(
    metrics: Metrics,
    backend: Any,
    queries: list[Record],
    start_time: datetime,
    end_time: datetime,
    scan_by: str = "TimestampDescending",
) -> list[Record]:
    """The results of GetMetricData."""
    from moto.cloudwatch.exceptions import ValidationError

    start, end = _seconds(start_time), _seconds(end_time)
    if start >= end:
        raise ValidationError("The parameter EndTime must be greater than StartTime.")
    results = []
    for query in queries:
        stat = query.get("MetricStat")
        if stat is None or not is_statistic(stat["Stat"]):
            what = f"the statistic '{stat['Stat']}'" if stat else "an Expression"
            raise ValidationError(f"The local AWS does not compute {what} of GetMetricData")
        if query.get("ReturnData", True):
            results.append(_result(metrics, backend, query, (start, end), newest_first=scan_by != "TimestampAscending"))
    return results


def _result(metrics: Metrics, backend: Any, query: Record, span: tuple[float, float], *, newest_first: bool) -> Record:
    stat, period = query["MetricStat"], _period(query["MetricStat"]["Period"])
    asked = stat["Metric"]
    metric = _metric(backend, asked["Namespace"], asked["MetricName"], asked.get("Dimensions") or [])
    found = _found(metrics, backend, metric, span[0] // period * period, span[1], stat.get("Unit") or "")
    points = [(second, values.statistic(stat["Stat"])) for second, values in by_period(found, period)]
    points = [(second, value) for second, value in points if value is not None]
    if newest_first:
        points.reverse()
    return {
        "id": query["Id"],
        "label": query.get("Label") or asked["MetricName"],
        "timestamps": [datetime.fromtimestamp(second, UTC) for second, _ in points],
        "values": [value for _, value in points],
        "status_code": "Complete",
    }


def _period(given: Any) -> int:
    """A period in seconds. Raises InvalidParameterValue for one that is not positive."""
    from moto.cloudwatch.exceptions import InvalidParameterValue

    if int(given) < 1:
        raise InvalidParameterValue("The parameter Period must be at least 1.")
    return int(given)


def _found(
    metrics: Metrics, backend: Any, metric: Metric, start: float, end: float, unit: str
) -> list[tuple[int, Distribution]]:
    """The values of a metric: of ours, and of those that moto computes when it is asked (sizes of buckets)."""
    found = metrics.within(metric, start, end, unit)
    if metric.namespace == "AWS/S3":
        computed = [each for each in backend.aws_metric_data if _same(each, metric) and unit in ("", each.unit)]
        times = [(int(_seconds(each.timestamp)), of_values({float(each.value): 1})) for each in computed]
        found += [(second, values) for second, values in times if start <= second < end]
    return sorted(found, key=lambda item: item[0])


def _same(datum: Any, metric: Metric) -> bool:
    given = dimensions({each.name: each.value for each in datum.dimensions})
    return (datum.namespace, datum.name, given) == (metric.namespace, metric.name, metric.dimensions)


def all_metrics(metrics: Metrics, backend: Any) -> list[Any]:
    """All metrics, as moto lists them."""
    from moto.cloudwatch.models import MetricDatumBase

    own = [each for each in metrics.metrics() if each.place == _place(backend)]
    listed = [
        MetricDatumBase(
            each.namespace, each.name, [{"Name": name, "Value": value} for name, value in each.dimensions], None
        )
        for each in own
    ]
    return [*listed, *backend.aws_metric_data]


def _metric(backend: Any, namespace: str, name: str, given: list[Record]) -> Metric:
    return Metric(_place(backend), namespace, name, dimensions({each["Name"]: each["Value"] for each in given}))


def _place(backend: Any) -> str:
    return f"{backend.account_id}/{backend.region_name}"


def _seconds(moment: datetime | None) -> float:
    """Seconds since 1970 of a time, which is in UTC if it does not say; of now if there is none."""
    return in_utc(moment or datetime.now(UTC)).timestamp()
