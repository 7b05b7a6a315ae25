"""The trained classifier: calibration, confidence threshold, and reading and scoring of model archives.

May import the network. Training, evaluation, the decision page and the entry points import it. Every model archive
contains `classifier`, whose `load_classifier` reads the model.
"""
