"""What happened in a state, in a few words: for a box of a picture and for a row of a table."""

import json
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence

from pipelines.histories.visits import Visit

LONGEST_CAUSE = 400  # characters
Items = Mapping[str, int]  # of a distributed map: how many items, or child executions, succeeded, failed, …


def duration(seconds: float) -> str:
    """Formats a duration for people: `8 ms`, `0.41 s`, `12.3 s`, `2 min 5 s`."""
    if seconds < 0.0995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.2f} s" if seconds < 9.995 else f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def size(count: int | None) -> str:
    """Formats a number of bytes: `340 B`, `1.2 kB`, `27 kB`; `?` where it is not known."""
    if count is None:
        return "?"
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.1f} kB" if count < 9_950 else f"{count / 1000:.0f} kB"


def outcome(visits: Sequence[Visit]) -> str:
    """`succeeded`, or of several visits `12 visits: 11 succeeded, 1 caught`."""
    if len(visits) == 1:
        return visits[0].status
    counts = Counter(visit.status for visit in visits)
    return f"{len(visits)} visits: {', '.join(f'{count} {status}' for status, count in counts.items())}"


def time(visits: Sequence[Visit]) -> str:
    """`0.41 s`, or of several visits `0.41 s each, 1.20 s at most`; empty while the first one is running."""
    known = [visit.seconds for visit in visits if visit.seconds is not None]
    if not known:
        return ""
    if len(known) == 1:
        return duration(known[0])
    return f"{duration(sum(known) / len(known))} each, {duration(max(known))} at most"


def payload(visits: Sequence[Visit]) -> str:
    """`1.2 kB → 340 B`: the largest input and the largest output; empty where the history has neither."""
    given, made = (_largest([getattr(visit, name) for visit in visits]) for name in ("input_bytes", "output_bytes"))
    return "" if given is None and made is None else f"{size(given)} → {size(made)}"


def _largest(sizes: Sequence[int | None]) -> int | None:
    return max((each for each in sizes if each is not None), default=None)


def tries(visits: Sequence[Visit]) -> str:
    """`3 tries`, where a task was tried more often than it was visited; else empty."""
    count = sum(visit.tries for visit in visits)
    return f"{count} tries" if count > sum(visit.tries > 0 for visit in visits) else ""


def errors(visits: Sequence[Visit]) -> str:
    """The errors by name, such as `Lambda.TooManyRequestsException × 2, States.Timeout`."""
    return ", ".join(_counted(visits))


def _counted(visits: Sequence[Visit]) -> dict[str, str]:
    """The errors with how often each was met, and what it said the last time."""
    problems = [problem for visit in visits for problem in visit.problems]
    counts, last = Counter(each.error for each in problems), {each.error: each.cause for each in problems}
    return {error if count == 1 else f"{error} × {count}": last[error] for error, count in counts.items()}


def causes(visits: Sequence[Visit]) -> str:
    """The errors, one a line, with what each said the last time."""
    return "\n".join(": ".join(filter(None, (error, cause(said)))) for error, said in _counted(visits).items())


def cause(text: str | None) -> str:
    """What a cause says, in one printable line. That of a function's error is JSON with message and stack trace."""
    try:
        found = json.loads(text or "")
    except ValueError:
        found = None
    said = str(found["errorMessage"]) if isinstance(found, dict) and "errorMessage" in found else text or ""
    line = textwrap.shorten(said, LONGEST_CAUSE, placeholder=" …")
    return "".join(each if each.isprintable() else "?" for each in line)


def items(counts: Items, one: str = "item", several: str = "items") -> str:
    """`10,000 items: 9,998 succeeded, 2 failed`; kinds of which there are none are left out."""
    known = {name: count for name, count in counts.items() if name != "total" and count}
    parts = ", ".join(f"{count:,} {name}" for name, count in known.items())
    return f"{counts['total']:,} {one if counts['total'] == 1 else several}" + (f": {parts}" if parts else "")
