"""The chart of how many photos the model sees turned: in the window, and of the test photos."""

from jobs.intervals import wilson_interval
from monitoring.judgement.eye import Eye
from monitoring.report.accuracy_figure import Row, shares_chart
from monitoring.report.chart import Chart


def turned_rows(eye: Eye | None) -> list[Row]:
    """What the chart shows, from the top; nothing where it is not known. Photos of the same thing count together."""
    if eye is None:
        return []
    window = wilson_interval(eye.share, max(eye.photos * eye.worth, 1.0))
    return [
        Row("these photos", eye.share, *window, eye.photos, eye.turned),
        _tested("test photos", eye.usual, eye.tested),
        _tested("test photos, if turned", eye.expected, eye.tested),
    ]


def turned_chart(eye: Eye | None) -> Chart | None:
    """The chart; None if nothing is known."""
    rows = turned_rows(eye)
    if not rows:
        return None
    alt = "Shares of photos that the model sees turned, with their 95 % intervals"
    return shares_chart(rows, "seen turned by the model", -0.01, alt)


def _tested(name: str, share: float, tested: int) -> Row:
    return Row(name, share, *wilson_interval(share, tested), tested, round(share * tested))
