"""The trained classifier: calibration, confidence threshold, and reading and scoring model archives.

Evaluation and entry points import it. Every model archive contains this package; `load_classifier` reads the model.
"""

from steps.classifier.classifier import Classifier, load_classifier

__all__ = ["Classifier", "load_classifier"]
