"""Causes in the pictures: the change that explains best how a window's photos look."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from monitoring.appearance.arrays import Floats
from monitoring.judgement.causes import PICTURES, Cause, limited, of_photos
from monitoring.judgement.looks import TURNS, Explanation, Looks, highest
from monitoring.judgement.window import zulu

GAIN = 24.0  # by which chi-square must fall; in 1 of 400 windows of 300 photos without a change it fell by more
GAIN_OF_FEW = 25.0  # the same with fewer than FEW different photos, whose mean is not yet normally distributed
FEW = 25
UNLIKE, KNOWN_PART = 180.0, 0.4  # chi-square above which photos differ a lot; a known change must explain this part
SMALLEST_SHARE = 0.04
SERIOUS_GAIN, SERIOUS_SHARE = 40.0, 0.4
FEWEST_BEFORE = 12  # photos before a change, and after it, without which nobody can say when it began


def picture_causes(looks: Looks, times: Sequence[datetime], photos: int) -> list[Cause]:
    """The cause that explains best how the pictures look, if it explains enough of the difference."""
    if not looks.explanations:
        return []
    best = looks.explanations[0]
    if looks.unlike > UNLIKE and best.gain < KNOWN_PART * looks.unlike:
        return [_unknown(looks, photos)]
    least = GAIN if looks.different >= FEW else GAIN_OF_FEW
    if best.gain < least or best.share < SMALLEST_SHARE:
        return []
    since = _since(looks.along(best.change), times)
    when = f" since {since:%H:%M}" if since else ""
    evidence = limited({"gain": best.gain, "different_photos": looks.different})
    seen = looks.eye if best.cause == TURNS else None
    known, said = (seen.evidence, f"; {seen.text}") if seen else ({}, "")
    others = {each.cause: round(each.gain, 1) for each in looks.explanations[1:4]}
    serious = best.gain >= SERIOUS_GAIN and best.share >= SERIOUS_SHARE
    return [
        Cause(
            best.cause,
            f"{PICTURES[best.cause]}{_by(looks, best)}{when}: {of_photos(best.share, photos)}{said}",
            best.share,
            {**evidence, **known, "since": zulu(since) if since else None, "other_explanations": others},
            serious,
            1 + best.share if serious else 0.5 + best.share / 2,
            highest(looks.along(best.change)),
        )
    ]


def _unknown(looks: Looks, photos: int) -> Cause:
    """Photos that differ a lot, in a way that no known change explains, show something else."""
    text = f"{PICTURES['other_things']}, or changed in an unknown way: about {of_photos(looks.strange, photos)}"
    evidence = limited({"unlike": looks.unlike, "different_photos": looks.different})
    shown = highest(looks.reference.distances(looks.traits))
    serious = looks.strange >= SERIOUS_SHARE
    return Cause("other_things", text, looks.strange, evidence, serious, 1 + looks.strange, shown)


def _by(looks: Looks, best: Explanation) -> str:
    """By how much pictures are turned, if they are. Upside down is the last of the ways to be turned."""
    if best.cause != TURNS:
        return ""
    turned = [index for index, cause in enumerate(looks.reference.causes) if cause == TURNS]
    return " upside down" if best.change == turned[-1] else " by 90°"


def _since(values: Floats, times: Sequence[datetime]) -> datetime | None:
    """When values rose: the moment that separates low values from high ones best.

    None if there are too few, if they rose little, or if they were already high before.
    """
    count = len(values)
    if count < 2 * FEWEST_BEFORE:
        return None
    total = np.cumsum(np.clip(values, -1, 2))
    before = np.arange(FEWEST_BEFORE, count - FEWEST_BEFORE + 1)
    first = total[before - 1] / before
    second = (total[-1] - total[before - 1]) / (count - before)
    best = int(np.argmax((second - first) ** 2 * before * (count - before)))
    rose = second[best] > 0.25 and first[best] < 0.3 * second[best]
    return times[int(before[best])] if rose else None
