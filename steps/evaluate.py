"""EvaluateModel: measure a model on the test images, and write the page that an approver decides on."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from steps import job
from steps.classifier import load_classifier
from steps.dataset import load_dataset, load_manifest
from steps.errors import DatasetError, ModelError
from steps.evaluation import Evaluation, Minimums, evaluate
from steps.figures import draw_figures
from steps.files import staged, write_json
from steps.model_archive import MODEL_NAME, unpacked
from steps.quality import model_quality
from steps.report import Subject, render


@dataclass(frozen=True)
class Options:
    """What EvaluateModel is asked for."""

    model: Path
    test: Path
    manifest: Path
    output: Path
    minimum_accuracy: float
    minimum_coverage: float


def run(options: Options) -> Evaluation:
    """Evaluate and write everything or nothing; raises StepError."""
    manifest = load_manifest(options.manifest)
    test = load_dataset(options.test, len(manifest.classes))
    if missing := [name for name, count in test.counts(manifest.classes).items() if not count]:
        raise DatasetError(f"{options.test} has no image of '{missing[0]}', so nothing can be said about that class.")
    with unpacked(options.model / MODEL_NAME) as folder:
        classifier = load_classifier(folder)
    if classifier.info.classes != manifest.classes:
        raise ModelError(f"The model knows {classifier.info.classes}, and the test images are of {manifest.classes}.")
    probabilities = classifier.probabilities(test.images)
    minimums = Minimums(options.minimum_accuracy, options.minimum_coverage)
    evaluation = evaluate(test.labels, probabilities, classifier.info, minimums)
    pictures = draw_figures(evaluation, test.labels, probabilities)
    page = render(Subject(evaluation, classifier.info, manifest, test, probabilities), pictures)
    with staged(options.output) as stage:
        write_json(stage / "evaluation.json", evaluation.to_json())
        write_json(stage / "model_quality.json", model_quality(test.labels, probabilities))
        (stage / "decision.html").write_text(page, encoding="utf-8")
        (stage / "figures").mkdir()
        for picture in pictures:
            (stage / "figures" / f"{picture.name}.png").write_bytes(picture.png)
    return evaluation


def parse(argv: Sequence[str]) -> Options:
    """The options on the command line."""
    parser = argparse.ArgumentParser(prog="steps.evaluate", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help=f"folder with {MODEL_NAME}")
    parser.add_argument("--test", type=Path, required=True, help="folder with data.npz")
    parser.add_argument("--manifest", type=Path, required=True, help="folder with manifest.json")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--minimum-accuracy", type=float, required=True)
    parser.add_argument("--minimum-coverage", type=float, required=True)
    return Options(**vars(parser.parse_args(argv)))


def main(argv: Sequence[str]) -> None:
    """Evaluate the model; a gate that fails is a result, not an error. Raises StepError."""
    evaluation = run(parse(argv))
    for gate in evaluation.gates:
        print(
            f"gate {gate.name}: {gate.value:.4f}, minimum {gate.minimum:.4f}, {'passed' if gate.passed else 'FAILED'}"
        )
    print(
        f"test accuracy={evaluation.accuracy:.4f} coverage={evaluation.coverage:.4f} "
        f"accuracy_of_accepted={evaluation.accuracy_of_accepted:.4f} roc_auc={evaluation.roc_auc:.4f}"
    )


if __name__ == "__main__":
    sys.exit(job.run(lambda: main(sys.argv[1:])))
