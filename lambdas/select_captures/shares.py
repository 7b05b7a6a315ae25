"""Deals hours to several jobs that read them at the same time."""

from collections.abc import Iterable

from lambdas.select_captures.captures import Hour


def dealt(hours: Iterable[Hour], shares: int) -> list[list[Hour]]:
    """The hours in shares of about as many bytes: the largest first, each to the share that has least.

    An hour is never divided, because of records that come twice in it only the first counts.
    """
    found: list[list[Hour]] = [[] for _ in range(shares)]
    sizes = [0] * shares
    for hour in sorted(hours, key=lambda hour: (-size_of(hour), hour.profile)):
        least = sizes.index(min(sizes))
        found[least].append(hour)
        sizes[least] += size_of(hour)
    return found


def size_of(hour: Hour) -> int:
    """The bytes of an hour's files."""
    return sum(file.size for file in hour.files)
