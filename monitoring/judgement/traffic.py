"""Causes in the traffic: its volume, photos that come again and again, and what could not be read or answered."""

from collections import Counter

import numpy as np

from monitoring.judgement.causes import Cause, limited, of_photos, percent
from monitoring.judgement.window import FEWEST, Window
from monitoring.profiles.profile import Counts

FEWEST_PAST = 2  # earlier days to compare with
FALL, RISE = 0.6, 2.5  # of the usual volume
FEW, SMALL_SHARE, SERIOUS_SHARE = 3, 0.01, 0.2
REPEATED_SHARE, REPEATED, REPEATED_TIMES = 0.08, 5, 4


def volume_cause(window: Window) -> list[Cause]:
    """Far fewer or far more photos than at the same hours of the days before."""
    usual = window.volumes
    if len(usual) < FEWEST_PAST:
        return []
    median, count = float(np.median(usual)), window.photos
    ratio = count / median
    spread = 3 / np.sqrt(max(min(median, count), 1))
    fell = ratio < FALL and ratio + spread * ratio < 1 and count < 0.8 * min(usual)
    rose = ratio > RISE and count > 1.25 * max(usual)
    if not fell and not rose:
        return []
    text = f"traffic {'fell' if fell else 'rose'} to {percent(ratio)} of the days before: {count:,} photos"
    evidence = limited({"photos": count, "usual": median, "compared_days": len(usual)})
    return [Cause("traffic", text, min(abs(1 - ratio), 1.0), evidence, rank=0.8)]


def repetition_cause(counted: Counts) -> list[Cause]:
    """One picture sent far more often than the others are, among the records that were measured."""
    photos = counted.photos
    images = Counter(image for image, _ in counted.measured.records.values())
    counts = np.array([count for _, count in images.most_common()])
    if photos < FEWEST or not len(counts) or counts[0] < REPEATED:
        return []
    usual = float(np.quantile(counts[1:], 0.9)) if len(counts) > 1 else 0.0
    share = float(counts[0] / counts.sum())
    if share < REPEATED_SHARE or counts[0] < REPEATED_TIMES * usual:
        return []
    text = f"one photo was sent again and again: {of_photos(share, photos)}"
    evidence = limited({"times": round(share * counted.asked), "others_at_most": usual})
    return [Cause("duplicates", text, share, evidence, serious=share > 0.5, rank=1.2 + share)]


def unanswered_cause(counts: Counts) -> list[Cause]:
    """Requests for which no answer was captured."""
    if not _matters(counts.unanswered, counts.asked):
        return []
    share = counts.unanswered / counts.asked
    text = f"requests have no answer: {of_photos(share, counts.asked)}"
    return [Cause("no_answers", text, share, {"requests": counts.unanswered}, share >= SERIOUS_SHARE, 0.7 + share)]


def unreadable_causes(counts: Counts) -> list[Cause]:
    """Photos and lines that cannot be read, and answers that are not probabilities."""
    problems = counts.problems
    others = problems.lines + problems.files - problems.answers
    damaged = counts.unreadable
    total = counts.photos + problems.lines + problems.files
    found = []
    if _matters(damaged + others, total):
        share = (damaged + others) / total
        text = f"photos or lines cannot be read: {percent(share)} of {total:,}"
        evidence = {"photos": damaged, "lines": others}
        found.append(Cause("unreadable", text, share, evidence, share >= SERIOUS_SHARE, 0.7 + share))
    if problems.first_answer and _matters(problems.answers, total):
        share = problems.answers / total
        text = f"answers are no probabilities: {percent(share)} of {total:,}"
        first = {"answers": problems.answers, "first": problems.first_answer.reason}
        found.append(Cause("errors", text, share, first, share >= SERIOUS_SHARE, 0.75 + share))
    return found


def _matters(count: int, total: int) -> bool:
    return count >= FEW and count >= SMALL_SHARE * total
