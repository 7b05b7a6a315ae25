"""The verdict in words: whether the model is better than production, by how much, and how certain that is."""

from jobs.intervals import wilson_interval
from jobs.pages import percent
from steps.evaluation.champion import Champion
from steps.evaluation.measurements import Measurements
from steps.evaluation.paired import Comparison
from steps.evaluation.wording import points


def headline(champion: Champion | None, *, passed: bool) -> str:
    """The outcome in one line."""
    if not passed:
        return "Not good enough: it is not registered"
    if champion is None:
        return "Good enough to register; nothing in production to compare with"
    if champion.same_model:
        return "The same model as the one in production"
    if champion.comparison is None:
        return "Good enough to register, but not comparable with the one in production"
    by = f"{abs(100 * champion.comparison.difference):.1f} points"
    return {
        "better": f"Better than the one in production, by {by}",
        "worse": f"Worse than the one in production, by {by}; the gate allows it",
        "undecided": "No proven difference from the one in production",
    }[champion.comparison.outcome]


def explanation(measured: Measurements, champion: Champion | None) -> str:
    """The figures behind the outcome, in two or three sentences."""
    if champion is None:
        return f"{_alone(measured)} No version is approved yet, so there is no model in production to compare with."
    if champion.same_model:
        return f"{_alone(measured)} Its archive is the one that production serves, byte for byte."
    if champion.measurements is None or champion.comparison is None:
        return f"{_alone(measured)} The model in production cannot be compared: {champion.incomparable}."
    return _against(champion.measurements, champion.comparison)


def _alone(measured: Measurements) -> str:
    low, high = wilson_interval(measured.accuracy, measured.test_images)
    right = round(measured.accuracy * measured.test_images)
    return (
        f"It is right on {right} of {measured.test_images} test photos, {percent(measured.accuracy)} "
        f"(95 % interval {percent(low)} to {percent(high)})."
    )


def _against(production: Measurements, comparison: Comparison) -> str:
    right = comparison.both_right + comparison.only_challenger
    return (
        f"On the same {production.test_images} test photos it is right {right} times and production "
        f"{comparison.both_right + comparison.only_champion} times: {points(comparison.difference)} points, "
        f"95 % interval {points(comparison.low)} to {points(comparison.high)}. "
        f"It corrects {comparison.only_challenger} of production's mistakes and makes "
        f"{comparison.only_champion} that production does not (exact McNemar test: p = {comparison.p_value:.2g})."
    )
