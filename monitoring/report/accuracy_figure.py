"""The chart of the accuracy: measured and estimated shares of right answers with their intervals."""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from jobs.palette import LIGHT
from monitoring.judgement.accuracy import Accuracy
from monitoring.report.chart import Chart, chart

MOST_CLASSES = 20  # rows of classes that the chart shows; the table has all of them


@dataclass(frozen=True)
class Row:
    """A share with its interval; `estimated` where it comes from confidence and not from actual classes."""

    name: str
    share: float
    low: float
    high: float
    photos: int
    right: int | None = None

    @property
    def estimated(self) -> bool:
        """Whether nobody counted right answers."""
        return self.right is None


def rows_of(accuracy: Accuracy) -> list[Row]:
    """What the chart shows, from the top."""
    found = []
    if measured := accuracy.measured:
        named = {"all": measured.all, "decided automatically": measured.decided, **measured.classes}
        found = [
            Row(name, each.value, each.low, each.high, each.photos, each.right) for name, each in named.items() if each
        ]
    if promise := accuracy.estimated:
        found.append(Row("estimated from confidence", promise.share, promise.low, promise.high, promise.photos))
    return found


def accuracy_chart(accuracy: Accuracy) -> Chart | None:
    """The chart; None if nothing is known."""
    rows = rows_of(accuracy)
    if not rows:
        return None
    shown = [*rows[: MOST_CLASSES + 2], *(row for row in rows[MOST_CLASSES + 2 :] if row.estimated)]
    least = min(0.5, *(row.low for row in rows))
    return shares_chart(shown, "right answers", least, "Shares of right answers with their 95 % intervals")


def shares_chart(rows: list[Row], label: str, least: float, alt: str) -> Chart:
    """Shares with their intervals, from the least one up to 1; `label` says of what."""

    def draw(axes: Axes) -> None:
        for place, row in enumerate(rows):
            colour = LIGHT.series[2 if row.estimated else 0]
            axes.plot([row.low, row.high], [place, place], color=colour, linewidth=3, alpha=0.5)
            axes.plot([row.share], [place], marker="D" if row.estimated else "o", color=colour, markersize=7)
        axes.set_yticks(range(len(rows)), [row.name for row in rows])
        axes.set(xlabel=label, xlim=(least, 1.01), ylim=(len(rows) - 0.5, -0.5))  # the first row on top
        axes.xaxis.set_major_formatter(PercentFormatter(xmax=1, decimals=0, symbol=" %"))

    return chart(draw, 0.8 + 0.3 * len(rows), alt)
