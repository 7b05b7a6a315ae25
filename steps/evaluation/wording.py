"""How measurements are called and written, on the decision page and by the command line; imports nothing heavy."""

SHARES = {
    "accuracy": "Accuracy",
    "coverage": "Decided automatically",
    "accuracy_of_accepted": "Right among those",
    "robust_accuracy": "Accuracy on changed photos",
    "others_decided": "Other things decided",
}
NUMBERS = {
    "threshold": "Confidence threshold",
    "expected_calibration_error": "Expected calibration error",
    "log_loss": "Log loss",
    "roc_auc": "Area under ROC curve",
}
NOTHING = "–"


def points(share: float) -> str:
    """A difference of shares in percentage points, with its sign; values that round to zero give `+0.0`."""
    return f"{round(100 * share, 1) + 0.0:+.1f}".replace("-", "−")
