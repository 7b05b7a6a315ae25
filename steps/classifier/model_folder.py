"""The model folder that SageMaker packs as `model.tar.gz`: the model, and the code that serves it."""

import shutil
from pathlib import Path

from steps.classifier.classifier import Classifier, save_classifier
from steps.files import staged

STEPS = Path(__file__).parents[1]
SERVING_MODULES = (  # what inference.py imports
    *("__init__", "arrays", "errors", "images"),
    *("classifier/__init__", "classifier/classifier"),
    *("network/__init__", "network/architecture"),
)


def write_model_folder(classifier: Classifier, folder: Path) -> None:
    """Write weights, `model.json` and `code/`, all of it or nothing."""
    with staged(folder) as stage:
        save_classifier(classifier, stage)
        package = stage / "code" / "steps"
        for name in SERVING_MODULES:
            target = package / f"{name}.py"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(STEPS / f"{name}.py", target)
        shutil.copyfile(STEPS / "inference.py", stage / "code" / "inference.py")
        shutil.copyfile(STEPS / "inference_requirements.txt", stage / "code" / "requirements.txt")
