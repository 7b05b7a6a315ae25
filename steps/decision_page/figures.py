"""The figures of the decision page, as PNG bytes."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from jobs.figures import styled
from jobs.pages import percent
from jobs.palette import LIGHT
from steps.arrays import Labels, Probabilities
from steps.evaluation.evaluation import Evaluation
from steps.evaluation.measurements import Measurements
from steps.evaluation.roc import roc_curve

DPI = 160
SIZE = (5.0, 4.0)  # inches
MOST_LEVEL_NAMES = 3  # classes; the names of more would run into each other
CHALLENGER, PRODUCTION, *_ = LIGHT.series
REFERENCE = LIGHT.muted
SHADES = LinearSegmentedColormap.from_list("shades", [LIGHT.paper, CHALLENGER])
DARK_SHARE = 0.8  # of the deepest shade; on darker ones white is easier to read than ink
SERIES = "tableau-colorblind10"  # colours that most people can tell apart


@dataclass(frozen=True)
class Picture:
    """A figure: file name without extension, title, what it shows for those who cannot see it, and the PNG."""

    name: str
    title: str
    description: str
    png: bytes


def draw_figures(evaluation: Evaluation, labels: Labels, probabilities: Probabilities) -> tuple[Picture, ...]:
    """Confusion matrix, risk–coverage curve, reliability diagram and ROC curve of predictions (N, classes)."""
    with styled(LIGHT):
        return (
            _confusion_matrix(evaluation),
            _risk_coverage(evaluation),
            _reliability(evaluation),
            _roc(evaluation, labels, probabilities),
        )


def _canvas(x: str, y: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=SIZE, dpi=DPI, layout="constrained")
    axes = figure.subplots()
    axes.set(xlabel=x, ylabel=y)
    return figure, axes


def _png(figure: Figure) -> bytes:
    """The figure as PNG. Not by `Figure.savefig`, which draws everything twice."""
    buffer = io.BytesIO()
    FigureCanvasAgg(figure).print_png(buffer)  # type: ignore[no-untyped-call]  # matplotlib has no types here
    return buffer.getvalue()


def _confusion_matrix(evaluation: Evaluation) -> Picture:
    names = [name.replace("_", " ") for name in evaluation.classes]
    counts = [[evaluation.confusion_matrix[a][p] for p in evaluation.classes] for a in evaluation.classes]
    figure, axes = _canvas("Predicted", "Actual")
    _heatmap(axes, counts)
    places = [index + 0.5 for index in range(len(names))]
    axes.set_xticks(places, names)
    axes.set_yticks(places, names)
    if len(names) > MOST_LEVEL_NAMES:
        axes.set_xticks(places, names, rotation=30, ha="right", rotation_mode="anchor")
    told = "; ".join(f"of {sum(row)} {name}: {_row(row, names)}" for name, row in zip(names, counts, strict=True))
    return Picture(
        "confusion_matrix", "Which is taken for which", f"Confusion matrix. Actual class first: {told}.", _png(figure)
    )


def _heatmap(axes: Axes, counts: Sequence[Sequence[int]]) -> None:
    """Squares with a count each, the darker the more."""
    axes.pcolormesh(counts, cmap=SHADES, vmin=0, edgecolors="white", linewidth=1)
    dark = DARK_SHARE * max(map(max, counts))
    for y, row in enumerate(counts):
        for x, count in enumerate(row):
            ink = "white" if count > dark else LIGHT.ink
            axes.text(x + 0.5, y + 0.5, str(count), color=ink, size=15, ha="center", va="center")
    axes.set_aspect("equal")
    axes.invert_yaxis()
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)


def _row(row: Sequence[int], names: Sequence[str]) -> str:
    return ", ".join(f"{count} predicted {name}" for count, name in zip(row, names, strict=True))


def _risk_coverage(evaluation: Evaluation) -> Picture:
    figure, axes = _canvas("Coverage: share of photos decided automatically", "Risk: share of those that is wrong")
    production = _production(evaluation)
    if production:
        _risk_curve(axes, production, PRODUCTION, "in production", "--")
    _risk_curve(axes, evaluation, CHALLENGER, "this model", "-")
    axes.legend(loc="upper left")
    axes.set(xlim=(0, 1.02), ylim=(0, None))
    told = f"Risk against coverage. {_operation(evaluation)}"
    if production:
        told += f" The model in production: {_operation(production)}"
    return Picture("risk_coverage", "What the threshold buys", told, _png(figure))


def _risk_curve(axes: Axes, measured: Measurements, colour: str, name: str, line: str) -> None:
    points = measured.risk_coverage
    coverage, risk = [point.coverage for point in points], [1 - point.accuracy for point in points]
    axes.plot(coverage, risk, line, color=colour, linewidth=2, label=name)
    if measured.coverage > 0:
        label = f"threshold {measured.threshold:.3f}"
        axes.plot(measured.coverage, 1 - measured.accuracy_of_accepted, "o", color=colour, markersize=9, label=label)


def _operation(measured: Measurements) -> str:
    return (
        f"At the threshold {measured.threshold:.3f}, {percent(measured.coverage)} of the photos "
        f"are decided automatically and {percent(measured.accuracy_of_accepted)} of those are right."
    )


def _production(evaluation: Evaluation) -> Measurements | None:
    return evaluation.champion.measurements if evaluation.champion else None


def _reliability(evaluation: Evaluation) -> Picture:
    figure, axes = _canvas("Confidence", "Accuracy")
    axes.plot([0, 1], [0, 1], ":", color=REFERENCE, linewidth=1, label="perfect calibration")
    production = _production(evaluation)
    if production:
        _reliability_curve(axes, production, PRODUCTION, "in production", "--")
    _reliability_curve(axes, evaluation, CHALLENGER, "this model (area: photos)", "-")
    axes.set(xlim=(0.98 / len(evaluation.classes), 1.02), ylim=(0, 1.05))
    axes.legend(loc="lower right")
    told = (
        "Reliability diagram: accuracy of the predictions against their confidence. "
        f"Expected calibration error {evaluation.expected_calibration_error:.3f}"
        + (f"; of the model in production {production.expected_calibration_error:.3f}." if production else ".")
    )
    return Picture("reliability", "Does confidence mean what it says?", told, _png(figure))


def _reliability_curve(axes: Axes, measured: Measurements, colour: str, name: str, line: str) -> None:
    bins = measured.reliability
    confidence, accuracy = [entry.confidence for entry in bins], [entry.accuracy for entry in bins]
    sizes = [20 + 400 * entry.count / measured.test_images for entry in bins]
    axes.plot(confidence, accuracy, line, color=colour, linewidth=1)
    axes.scatter(confidence, accuracy, s=sizes, color=colour, alpha=0.7, label=name)


def _roc(evaluation: Evaluation, labels: Labels, probabilities: Probabilities) -> Picture:
    figure, axes = _canvas("False positive rate", "True positive rate")
    axes.plot([0, 1], [0, 1], "--", color=REFERENCE, linewidth=1)
    # Of two classes the second one's curve says everything: the first one's is its mirror image.
    shown = range(1, 2) if len(evaluation.classes) == 2 else range(len(evaluation.classes))
    axes.set_prop_cycle(matplotlib.style.library[SERIES]["axes.prop_cycle"])
    for index in shown:
        curve = roc_curve(labels == index, probabilities[:, index])
        name = evaluation.classes[index].replace("_", " ")
        axes.plot(curve.false_positive_rates, curve.true_positive_rates, linewidth=2, label=name)
    axes.set(xlim=(-0.01, 1), ylim=(0, 1.01))
    axes.legend(loc="lower right", title="positive class")
    told = f"Receiver operating characteristic; area under the curve {evaluation.roc_auc:.3f}."
    return Picture("roc", "Ranking, whatever the threshold", told, _png(figure))
