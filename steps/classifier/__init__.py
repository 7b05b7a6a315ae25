"""The trained classifier: calibration, confidence threshold, and reading and scoring of model archives.

May import the network. Training, evaluation, the decision page and the entry points import it. Every model archive
contains it, and `load_classifier` reads the model.
"""

from steps.classifier.classifier import Classifier, load_classifier

__all__ = ["Classifier", "load_classifier"]
