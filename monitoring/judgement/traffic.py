"""Causes in the traffic: its volume, photos that come again and again, and what could not be read or answered."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from monitoring.captures.files import Problem
from monitoring.judgement.causes import Cause, limited, of_photos, percent
from monitoring.judgement.window import Window

FEWEST_PAST = 2  # earlier days to compare with
FEWEST = 20  # photos of a day
FALL, RISE = 0.6, 2.5  # of the usual volume
FEW, SMALL_SHARE, SERIOUS_SHARE = 3, 0.01, 0.2
REPEATED_SHARE, REPEATED, REPEATED_TIMES = 0.08, 5, 4


def volume_cause(window: Window) -> list[Cause]:
    """Far fewer or far more photos than at the same hours of the days before."""
    usual = past_volumes(window)
    if len(usual) < FEWEST_PAST:
        return []
    median, count = float(np.median(usual)), len(window.photos)
    ratio = count / median
    spread = 3 / np.sqrt(max(min(median, count), 1))
    fell = ratio < FALL and ratio + spread * ratio < 1 and count < 0.8 * min(usual)
    rose = ratio > RISE and count > 1.25 * max(usual)
    if not fell and not rose:
        return []
    text = f"traffic {'fell' if fell else 'rose'} to {percent(ratio)} of the days before: {count:,} photos"
    evidence = limited({"photos": count, "usual": median, "compared_days": len(usual)})
    return [Cause("traffic", text, min(abs(1 - ratio), 1.0), evidence, rank=0.8)]


def past_volumes(window: Window) -> list[int]:
    """Photos in the same span of each day before the window; days without a photo are left out."""
    times, found = window.past["time"], []
    for days in range(1, 15):
        shift = pd.Timedelta(days=days)
        count = int(((times >= window.start - shift) & (times < window.end - shift)).sum())
        if count >= FEWEST:
            found.append(count)
    return found


def repetition_cause(photos: pd.DataFrame) -> list[Cause]:
    """One picture sent far more often than the others are."""
    counts = photos["image_digest"].value_counts().to_numpy()
    if len(photos) < FEWEST or not len(counts) or counts[0] < REPEATED:
        return []
    usual = float(np.quantile(counts[1:], 0.9)) if len(counts) > 1 else 0.0
    share = float(counts[0] / counts.sum())
    if share < REPEATED_SHARE or counts[0] < REPEATED_TIMES * usual:
        return []
    text = f"one photo was sent again and again: {of_photos(share, len(photos))}"
    evidence = limited({"times": int(counts[0]), "others_at_most": usual})
    return [Cause("duplicates", text, share, evidence, serious=share > 0.5, rank=1.2 + share)]


def unanswered_cause(photos: pd.DataFrame) -> list[Cause]:
    """Requests for which no answer was captured."""
    asked = photos[photos["image_digest"].notna()]
    missing = int(asked["predicted"].isna().sum())
    if not _matters(missing, len(asked)):
        return []
    share = missing / len(asked)
    text = f"requests have no answer: {of_photos(share, len(asked))}"
    return [Cause("no_answers", text, share, {"requests": missing}, share >= SERIOUS_SHARE, 0.7 + share)]


def unreadable_causes(photos: pd.DataFrame, problems: Sequence[Problem]) -> list[Cause]:
    """Photos and lines that cannot be read, and answers that are not probabilities."""
    bad_answers = [each for each in problems if each.reason.startswith(("the answer", "probabilities", "labels"))]
    others = len(problems) - len(bad_answers)
    damaged = int((photos["status"] == "unreadable").sum())
    total = len(photos) + len(problems)
    found = []
    if _matters(damaged + others, total):
        share = (damaged + others) / total
        text = f"photos or lines cannot be read: {percent(share)} of {total:,}"
        evidence = {"photos": damaged, "lines": others}
        found.append(Cause("unreadable", text, share, evidence, share >= SERIOUS_SHARE, 0.7 + share))
    if _matters(len(bad_answers), total):
        share = len(bad_answers) / total
        text = f"answers are no probabilities: {percent(share)} of {total:,}"
        first = {"answers": len(bad_answers), "first": bad_answers[0].reason}
        found.append(Cause("errors", text, share, first, share >= SERIOUS_SHARE, 0.75 + share))
    return found


def _matters(count: int, total: int) -> bool:
    return count >= FEW and count >= SMALL_SHARE * total
