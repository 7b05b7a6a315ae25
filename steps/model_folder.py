"""The model folder that SageMaker packs as `model.tar.gz`: the model, and the code that serves it."""

import shutil
from pathlib import Path

from steps.classifier import Classifier, save_classifier
from steps.files import staged

STEPS = Path(__file__).parent
SERVING_MODULES = ("__init__", "arrays", "classifier", "errors", "images", "model")  # what inference.py imports


def write_model_folder(classifier: Classifier, folder: Path) -> None:
    """Write weights, `model.json` and `code/`, all of it or nothing."""
    with staged(folder) as stage:
        save_classifier(classifier, stage)
        package = stage / "code" / "steps"
        package.mkdir(parents=True)
        for name in SERVING_MODULES:
            shutil.copyfile(STEPS / f"{name}.py", package / f"{name}.py")
        shutil.copyfile(STEPS / "inference.py", stage / "code" / "inference.py")
        shutil.copyfile(STEPS / "inference_requirements.txt", stage / "code" / "requirements.txt")
