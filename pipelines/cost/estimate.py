"""Computes what an environment costs a month, and what a million photos cost."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.cost import prices
from pipelines.cost.assumptions import HOURS_A_MONTH, Assumptions
from pipelines.cost.prices import InstancePrices
from pipelines.definitions.images.own import builds_images
from pipelines.settings.model import Settings

MILLION = 1_000_000
DAYS_A_MONTH = 30
WEEKS_A_MONTH = 52 / 12
KB_A_GB = 1_000_000
ALARMS_OF_SCALING = 2


@dataclass(frozen=True)
class Item:
    """What one thing costs in US dollars: a month whatever comes, and a million photos. `how` says of what.

    `more` is what a month may cost besides, as load wants it.
    """

    name: str
    month: float
    million: float
    how: str
    more: float = 0.0

    def at(self, photos: int) -> float:
        """What it costs in a month with so many photos."""
        return self.month + self.million * photos / MILLION


def estimate(settings: Settings, assumed: Assumptions, instances: InstancePrices) -> list[Item]:
    """All items.

    Raises:
        ConfigurationError: the price of an instance type is not known.
    """
    return [*_standing(settings, assumed, instances), *_by_photo(settings, assumed)]


def _standing(settings: Settings, assumed: Assumptions, instances: InstancePrices) -> Iterator[Item]:
    """What costs the same whatever comes."""
    endpoint, training, processing = settings.endpoint, settings.training, settings.processing
    hour, hours = instances.hour(endpoint.instance_type), HOURS_A_MONTH * endpoint.opening.share
    least, most = endpoint.instances
    count = f"{least} to {most}" if least < most else f"{least}"
    how = f"{count} × {endpoint.instance_type} × {hours:.0f} h × ${hour}"
    yield Item("endpoint", least * hour * hours, 0, how, (most - least) * hour * hours)
    jobs = instances.hour(processing.instance_type)
    once = (
        training.instance_count * instances.hour(training.instance_type) * assumed.training_minutes
        + jobs * assumed.processing_minutes
    ) / 60
    runs_on = f"{training.instance_count} × {training.instance_type}, {processing.instance_type}"
    how = f"{assumed.trainings_a_month} × ({runs_on})"
    yield Item("training", assumed.trainings_a_month * once, 0, how)
    watching = DAYS_A_MONTH * assumed.monitoring_minutes / 60 * jobs
    yield Item(
        "monitoring", watching, 0, f"{DAYS_A_MONTH} × {assumed.monitoring_minutes} min of {processing.instance_type}"
    )
    pushes, minutes = assumed.pushes_a_month, assumed.test_minutes + assumed.deploy_minutes
    building = pushes * minutes * (prices.CODEBUILD_MINUTE + prices.CODEPIPELINE_MINUTE)
    following = assumed.trainings_a_month * (assumed.training_minutes + assumed.processing_minutes)
    waited = following * (prices.CODEBUILD_MINUTE + prices.CODEPIPELINE_MINUTE)
    connected = bool(settings.delivery.connection)
    how = f"{pushes} × {minutes} min, and {following} min of following the training" if connected else "no connection"
    yield Item("delivery", building + waited if connected else 0, 0, how)
    if builds_images(settings):
        weekly = WEEKS_A_MONTH * assumed.image_minutes * prices.CODEBUILD_MINUTE
        stored = assumed.image_gb * prices.ECR_GB_MONTH
        how = f"{WEEKS_A_MONTH:.1f} × {assumed.image_minutes} min, {assumed.image_gb} GB in the registry"
        yield Item("container images", weekly + stored, 0, how)
    alarms = assumed.alarms + (ALARMS_OF_SCALING if endpoint.scaling.enabled else 0)
    seen = alarms * prices.ALARM_MONTH + assumed.dashboards * prices.DASHBOARD_MONTH
    yield Item("alarms, dashboard", seen, 0, f"{alarms} alarms, {assumed.dashboards} dashboard")
    looks = HOURS_A_MONTH * 6 * prices.TRANSITION
    yield Item("hourly look", looks, 0, f"{HOURS_A_MONTH} executions of 6 transitions")


def _by_photo(settings: Settings, assumed: Assumptions) -> Iterator[Item]:
    """What a million photos cost."""
    yield Item(
        "workflow", 0, MILLION * assumed.transitions * prices.TRANSITION, f"{assumed.transitions} transitions a photo"
    )
    gb_seconds = assumed.call_seconds * settings.lambdas.memory_mb / 1024
    calls = MILLION * assumed.calls * (prices.LAMBDA_CALL + gb_seconds * prices.LAMBDA_GB_SECOND)
    how = f"{assumed.calls} calls × {assumed.call_seconds} s × {settings.lambdas.memory_mb} MB a photo"
    yield Item("functions", 0, calls, how)
    captured = settings.endpoint.capture_percentage / 100
    stored = MILLION * (assumed.photo_kb + captured * assumed.capture_kb) / KB_A_GB
    kept = stored * prices.S3_GB_MONTH * assumed.kept_months
    how = f"{stored:,.0f} GB for {assumed.kept_months} months"
    yield Item("storage of photos, captures", 0, kept, how)
    yield Item(
        "S3 requests, events", 0, MILLION * (prices.S3_PUT + prices.S3_GET + prices.EVENT), "one of each a photo"
    )
    yield Item("logs", 0, MILLION * assumed.log_kb / KB_A_GB * prices.LOG_GB, f"{assumed.log_kb} KB a photo")
    yield Item("traces", 0, MILLION * assumed.traced_share * prices.TRACE, f"{assumed.traced_share:.0%} of the photos")
