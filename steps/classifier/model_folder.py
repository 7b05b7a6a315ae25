"""The model folder that SageMaker packs as `model.tar.gz`: the model, and the code that serves it."""

import shutil
from pathlib import Path

from jobs.files import staged
from steps.classifier.classifier import Classifier, save_classifier

REPOSITORY = Path(__file__).parents[2]  # or the folder that a code bundle is unpacked in
SERVING_MODULES = (  # what inference.py imports
    *("photos/__init__", "photos/bodies", "photos/errors", "photos/limits", "photos/reading"),
    *("steps/__init__", "steps/arrays", "steps/errors"),
    *("steps/classifier/__init__", "steps/classifier/classifier", "steps/classifier/model_info"),
    *("steps/network/__init__", "steps/network/architecture", "steps/network/description"),
)


def write_model_folder(classifier: Classifier, folder: Path) -> None:
    """Write weights, `model.json` and `code/`, all of it or nothing."""
    with staged(folder) as stage:
        save_classifier(classifier, stage)
        for name in SERVING_MODULES:
            target = stage / "code" / f"{name}.py"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(REPOSITORY / f"{name}.py", target)
        shutil.copyfile(REPOSITORY / "steps" / "inference.py", stage / "code" / "inference.py")
        shutil.copyfile(REPOSITORY / "steps" / "inference_requirements.txt", stage / "code" / "requirements.txt")
