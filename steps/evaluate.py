"""EvaluateModel: measure a model on the test images, compare it with production, and write the decision page."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jobs.entry_point import run_job
from jobs.files import sha256_of, staged, write_json
from steps.classifier.model_archive import MODEL_NAME, unpacked
from steps.classifier.model_info import ModelInfo, load_info
from steps.classifier.scoring import Scored, score
from steps.dataset.files import Dataset, Manifest, load_dataset, load_manifest
from steps.decision_page.figures import draw_figures
from steps.decision_page.page import Subject, render
from steps.errors import DatasetError, ModelError, StepError
from steps.evaluation import champion
from steps.evaluation.answers import answers
from steps.evaluation.evaluation import Archive, Evaluation, evaluate
from steps.evaluation.gates import Limits
from steps.evaluation.kept_photos import kept_photos
from steps.evaluation.model_quality import model_quality
from steps.evaluation.robustness import Exam


@dataclass(frozen=True)
class Options:
    """Command-line options of EvaluateModel."""

    model: Path
    champion: Path
    test: Path
    others_test: Path
    manifest: Path
    output: Path
    minimum_accuracy: float
    minimum_coverage: float
    maximum_regression: float
    minimum_robust_accuracy: float
    maximum_others_decided: float
    rebased_from: str | None = None  # the ARN of the model package with the same archive in another image

    @property
    def limits(self) -> Limits:
        """The limits of the quality gates."""
        return Limits(
            accuracy=self.minimum_accuracy,
            coverage=self.minimum_coverage,
            regression=self.maximum_regression,
            robust_accuracy=self.minimum_robust_accuracy,
            others_decided=self.maximum_others_decided,
        )


@dataclass(frozen=True)
class EvaluationInputs:
    """The test photos and further ones, the challenger, and the champion if there is one."""

    manifest: Manifest
    test: Dataset
    exam: Exam
    info: ModelInfo
    challenger: Scored
    champion: Scored | None


def run(options: Options) -> Evaluation:
    """Evaluate and write everything or nothing; raises StepError."""
    inputs = gather(options)
    labels, challenger, rival = inputs.test.labels, inputs.challenger, inputs.champion
    assessed = champion.assess(labels, challenger, rival, inputs.exam) if rival else None
    archive = Archive(challenger.archive_bytes, challenger.latency)
    beyond = inputs.exam.measure(challenger.further, inputs.info.threshold)
    evaluation = evaluate(labels, challenger.probabilities, inputs.info, archive, assessed, options.limits, beyond)
    write(options, inputs, evaluation)
    return evaluation


def gather(options: Options) -> EvaluationInputs:
    """Read the test photos and let both models score them; raises StepError."""
    manifest = load_manifest(options.manifest)
    test, others = load_dataset(options.test, len(manifest.classes)), load_dataset(options.others_test, fewest=0)
    if missing := [name for name, count in test.counts(manifest.classes).items() if not count]:
        raise DatasetError(f"{options.test} has no image of '{missing[0]}', so nothing can be said about that class.")
    with unpacked(options.model / MODEL_NAME) as folder:
        info = load_info(folder)
    if info.classes != manifest.classes:
        raise ModelError(f"The model knows {info.classes}, and the test images are of {manifest.classes}.")
    exam = Exam.on(test, others.images)
    challenger, rival = _score_both(options.model / MODEL_NAME, champion.find(options.champion), test, exam)
    return EvaluationInputs(manifest, test, exam, info, challenger, rival)


def _score_both(challenger: Path, rival: Path | None, test: Dataset, exam: Exam) -> tuple[Scored, Scored | None]:
    """What challenger and champion answer; scored once if they are the same archive, as where a version is rebased.

    The champion comes first: if it cannot be run, that shows before minutes went into the challenger.
    """
    archives = {sha256_of(path): path for path in (rival, challenger) if path}
    scores = {digest: score(path, test.images, exam.images) for digest, path in archives.items()}
    return scores[sha256_of(challenger)], scores[sha256_of(rival)] if rival else None


def write(options: Options, inputs: EvaluationInputs, evaluation: Evaluation) -> None:
    """Write figures, page and the JSON files."""
    test, probabilities = inputs.test, inputs.challenger.probabilities
    kept = kept_photos(test, inputs.challenger)
    pictures = draw_figures(evaluation, test.labels, probabilities)
    subject = Subject(
        evaluation, inputs.info, inputs.manifest, test, probabilities, inputs.champion, options.rebased_from
    )
    page = render(subject, pictures)
    with staged(options.output) as stage:
        write_json(stage / "evaluation.json", evaluation.to_json() | {"kept_photos": kept.name})
        (stage / kept.name).write_bytes(kept.content)
        write_json(stage / "answers.json", answers(inputs.info, inputs.challenger, test.labels))
        write_json(stage / "model_quality.json", model_quality(test.labels, probabilities, evaluation))
        (stage / "decision.html").write_text(page, encoding="utf-8")
        (stage / "figures").mkdir()
        for picture in pictures:
            (stage / "figures" / f"{picture.name}.png").write_bytes(picture.png)


def parse(argv: Sequence[str]) -> Options:
    """The options on the command line."""
    parser = argparse.ArgumentParser(prog="steps.evaluate", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help=f"folder with {MODEL_NAME}")
    parser.add_argument("--champion", type=Path, required=True, help=f"folder with production's {MODEL_NAME}, or none")
    parser.add_argument("--test", type=Path, required=True, help="folder with data.npz")
    parser.add_argument("--others-test", type=Path, required=True, help="folder with data.npz of other things")
    parser.add_argument("--manifest", type=Path, required=True, help="folder with manifest.json")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--minimum-accuracy", type=float, required=True)
    parser.add_argument("--minimum-coverage", type=float, required=True)
    parser.add_argument("--maximum-regression", type=float, required=True, help="of accuracy, against the champion")
    parser.add_argument("--minimum-robust-accuracy", type=float, required=True, help="mean over all changes of photos")
    parser.add_argument("--maximum-others-decided", type=float, required=True, help="share of photos of other things")
    parser.add_argument("--rebased-from", help="model package with the same archive in another container image")
    return Options(**vars(parser.parse_args(argv)))


def main(argv: Sequence[str]) -> None:
    """Evaluate the model; a gate that fails is a result, not an error. Raises StepError."""
    evaluation = run(parse(argv))
    print(f"{'passed' if evaluation.passed else 'FAILED'}: {evaluation.verdict}")
    others = "not measured" if evaluation.others_decided is None else f"{evaluation.others_decided:.4f}"
    print(f"changed photos: robust_accuracy={evaluation.robust_accuracy:.4f} others_decided={others}")
    print(
        f"test accuracy={evaluation.accuracy:.4f} coverage={evaluation.coverage:.4f} "
        f"accuracy_of_accepted={evaluation.accuracy_of_accepted:.4f} roc_auc={evaluation.roc_auc:.4f}"
    )


if __name__ == "__main__":
    sys.exit(run_job(lambda: main(sys.argv[1:]), StepError))
