"""The figures of the decision page, as PNG bytes."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from steps import metrics
from steps.arrays import Labels, Probabilities
from steps.evaluation import Evaluation
from steps.roc import roc_curve

DPI = 160
SIZE = (5.0, 4.0)  # inches
BLUE, ORANGE, GREY = "#1f5fa8", "#c2571a", "#777777"


@dataclass(frozen=True)
class Picture:
    """A figure: file name without extension, title, what it shows for those who cannot see it, and the PNG."""

    name: str
    title: str
    description: str
    png: bytes


def draw_figures(evaluation: Evaluation, labels: Labels, probabilities: Probabilities) -> tuple[Picture, ...]:
    """Confusion matrix, risk–coverage curve, reliability diagram and ROC curve of predictions (N, classes)."""
    return (
        _confusion_matrix(evaluation),
        _risk_coverage(evaluation),
        _reliability(evaluation, labels, probabilities),
        _roc(evaluation, labels, probabilities),
    )


def _canvas(x: str, y: str) -> tuple[Figure, Axes]:
    with sns.axes_style("whitegrid"):
        figure = Figure(figsize=SIZE, layout="constrained")
        axes = figure.subplots()
    axes.set(xlabel=x, ylabel=y)
    return figure, axes


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI)
    return buffer.getvalue()


def _confusion_matrix(evaluation: Evaluation) -> Picture:
    names = [name.replace("_", " ") for name in evaluation.classes]
    counts = [[evaluation.confusion_matrix[a][p] for p in evaluation.classes] for a in evaluation.classes]
    figure, axes = _canvas("", "")
    sns.heatmap(
        counts,
        annot=True,
        fmt="d",
        cmap="Blues",
        cbar=False,
        square=True,
        ax=axes,
        xticklabels=names,
        yticklabels=names,
        linewidths=1,
        annot_kws={"size": 15},
    )
    axes.set(xlabel="Predicted", ylabel="Actual")
    told = "; ".join(f"of {sum(row)} {name}: {_row(row, names)}" for name, row in zip(names, counts, strict=True))
    return Picture(
        "confusion_matrix", "Which is taken for which", f"Confusion matrix. Actual class first: {told}.", _png(figure)
    )


def _row(row: Sequence[int], names: Sequence[str]) -> str:
    return ", ".join(f"{count} predicted {name}" for count, name in zip(row, names, strict=True))


def _risk_coverage(evaluation: Evaluation) -> Picture:
    figure, axes = _canvas("Coverage: share of photos decided automatically", "Risk: share of those that is wrong")
    points = evaluation.risk_coverage
    axes.plot([point.coverage for point in points], [1 - point.accuracy for point in points], color=BLUE, linewidth=2)
    label = f"threshold {evaluation.threshold:.3f}"
    if evaluation.coverage > 0:
        axes.plot(
            evaluation.coverage, 1 - evaluation.accuracy_of_accepted, "o", color=ORANGE, markersize=9, label=label
        )
        axes.legend(loc="upper left")
    axes.set(xlim=(0, 1.02), ylim=(0, None))
    told = (
        f"Risk against coverage. At the threshold {evaluation.threshold:.3f}, {evaluation.coverage:.1%} of the photos "
        f"are decided automatically and {evaluation.accuracy_of_accepted:.1%} of those are right."
    )
    return Picture("risk_coverage", "What the threshold buys", told, _png(figure))


def _reliability(evaluation: Evaluation, labels: Labels, probabilities: Probabilities) -> Picture:
    figure, axes = _canvas("Confidence", "Accuracy")
    bins = metrics.reliability(labels, probabilities)
    axes.plot([0, 1], [0, 1], "--", color=GREY, linewidth=1, label="perfect calibration")
    confidence, accuracy = [entry.confidence for entry in bins], [entry.accuracy for entry in bins]
    axes.plot(confidence, accuracy, color=BLUE, linewidth=1)
    sizes = [30 + 500 * entry.count / len(labels) for entry in bins]
    axes.scatter(confidence, accuracy, s=sizes, color=BLUE, alpha=0.7, label="photos (area: how many)")
    axes.set(xlim=(0.98 / len(evaluation.classes), 1.02), ylim=(0, 1.05))
    axes.legend(loc="lower right")
    told = (
        "Reliability diagram: accuracy of the predictions against their confidence. "
        f"Expected calibration error {evaluation.expected_calibration_error:.3f}."
    )
    return Picture("reliability", "Does confidence mean what it says?", told, _png(figure))


def _roc(evaluation: Evaluation, labels: Labels, probabilities: Probabilities) -> Picture:
    figure, axes = _canvas("False positive rate", "True positive rate")
    axes.plot([0, 1], [0, 1], "--", color=GREY, linewidth=1)
    # Of two classes the second one's curve says everything: the first one's is its mirror image.
    shown = range(1, 2) if len(evaluation.classes) == 2 else range(len(evaluation.classes))
    colours = sns.color_palette("colorblind", len(evaluation.classes))
    for index in shown:
        curve = roc_curve(labels == index, probabilities[:, index])
        name = evaluation.classes[index].replace("_", " ")
        axes.plot(curve.false_positive_rates, curve.true_positive_rates, color=colours[index], linewidth=2, label=name)
    axes.set(xlim=(-0.01, 1), ylim=(0, 1.01))
    axes.legend(loc="lower right", title="positive class")
    told = f"Receiver operating characteristic; area under the curve {evaluation.roc_auc:.3f}."
    return Picture("roc", "Ranking, whatever the threshold", told, _png(figure))
