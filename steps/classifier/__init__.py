"""The trained classifier: its calibration, its confidence threshold, and the archive it travels in.

Evaluation and entry points import it. Every model archive has this package, and is read by `load_classifier`.
"""

from steps.classifier.classifier import Classifier, load_classifier

__all__ = ["Classifier", "load_classifier"]
