from pipelines.review.keyboard import TAKEN, class_keys
from pipelines.settings.cifar100 import FINE_LABELS


def test_each_class_has_a_key_of_its_own() -> None:
    classes = ("bicycle", "motorcycle", "bus", "pickup_truck", "streetcar")
    assert class_keys(classes) == {
        "bicycle": "b", "motorcycle": "m", "bus": "1", "pickup_truck": "p", "streetcar": "t",
    }  # fmt: skip


def test_more_classes_than_keys() -> None:
    keys = class_keys(FINE_LABELS)
    assert len(set(keys.values())) == len(keys) == 26 + 9 - len(TAKEN)
    assert not set(keys.values()) & set(TAKEN)
