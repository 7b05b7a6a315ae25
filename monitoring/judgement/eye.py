"""Whether the model itself sees photos turned: of a window more than of the test photos.

Its answers say how probable it is that each photo is upright. Of the test photos, EvaluateModel also measured what the
model says when they are turned on purpose, so that a share of turned photos can be told from how many are seen turned.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from monitoring.appearance.arrays import Floats
from monitoring.captures.payloads import TURNED
from monitoring.judgement.causes import NotCompared, limited, of_photos, percent
from monitoring.judgement.reference import Reference
from monitoring.profiles.profile import Counts
from monitoring.summaries.numbers import Numbers

FEWEST = 20  # photos that say something
PRIOR = 2  # test photos taken for seen turned, and as many for not seen so: few of them do not prove a share of 0
NOTHING = np.zeros(0)
WHAT = "upright"  # what is not compared


@dataclass(frozen=True)
class Eye:
    """How many of a window's photos are seen turned, and which shares of the test photos.

    `usual` is the share of the test photos as they are, `expected` that of the same photos, turned on purpose. `worth`
    is how many independent photos one of the window's is worth.
    """

    photos: int
    turned: int
    tested: int
    usual: float
    expected: float
    worth: float = 1.0

    @property
    def share(self) -> float:
        """The share that is seen turned."""
        return self.turned / self.photos

    @property
    def evidence(self) -> dict[str, float]:
        """What a cause says of it in `verdict.json`."""
        return limited({"seen_turned": self.share, "usually_seen_turned": self.usual})

    @property
    def text(self) -> str:
        """What the model sees, in words."""
        seen = of_photos(self.share, self.photos)
        return f"{seen} are seen turned by the model, {percent(self.usual)} of the test photos"

    def each(self, upright: Iterable[float | None]) -> Floats:
        """Which photos are seen turned, as 1 and 0; those of which nothing is said count as usual."""
        return np.array([self.usual if each is None else float(each < TURNED) for each in upright])

    @property
    def spread(self) -> float:
        """The variance of whether one good photo is seen turned."""
        likely = (self.usual * self.tested + PRIOR) / (self.tested + 2 * PRIOR)
        return likely * (1 - likely)

    @property
    def shift(self) -> float:
        """By how much the share rises if all photos are turned; 0 if the model does not see that."""
        return max(self.expected - self.usual, 0.0)


def eye_of(counts: Counts, reference: Reference | None) -> Eye | NotCompared:
    """What the model sees in photos, or why that is not compared with the test photos."""
    said = counts.numbers.get("upright", Numbers())
    if not said.count:
        return NotCompared(WHAT, "the answers do not say whether the model sees photos upright")
    if reference is None or not reference.eye.size:
        return NotCompared(WHAT, "the baseline does not say how often the model sees good photos turned")
    if said.count < FEWEST:
        return NotCompared(WHAT, f"fewer than {FEWEST} answers say whether the model sees photos upright")
    tested, usual, expected = reference.eye.tolist()
    return Eye(said.count, round(float(said.below([TURNED])[0])), int(tested), usual, expected)


def of_test_photos(answers: pd.DataFrame | None) -> Floats:
    """What a reference keeps of the answers to test photos; empty if they do not say whether these are upright."""
    if answers is None or not {"upright", "seen_if_turned"} <= set(answers):
        return NOTHING
    usual, expected = (answers["upright"] < TURNED).mean(), answers["seen_if_turned"].mean()
    return np.array([len(answers), usual, expected])
