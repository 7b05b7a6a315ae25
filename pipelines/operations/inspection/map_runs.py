"""Reads how a distributed map went: its items, its child executions, and the states within them."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice

from pipelines.aws import Aws
from pipelines.histories.visits import Visit, visits_of
from pipelines.histories.words import Items
from pipelines.waiting.workflow_executions import history

# The counts of DescribeMapRun, in the order in which they are told.
COUNTS = ("total", "succeeded", "failed", "aborted", "timedOut", "running", "pending")
# Child executions by status, those first that did not go well.
STATUSES = ("FAILED", "TIMED_OUT", "ABORTED", "RUNNING", "SUCCEEDED")
MOST_CHILDREN = 200  # whose histories are read, each with a call or more
AT_ONCE = 8
LARGEST_PAGE = 1000


@dataclass(frozen=True)
class MapRun:
    """One run of a distributed map: counts of its items and of its child executions.

    `read` says of how many children the histories were read; `visits` are the visits to states in these. Express
    children have no histories.
    """

    items: Items
    children: Items
    express: bool
    read: int
    visits: Sequence[Visit]


def read_map_run(aws: Aws, arn: str) -> MapRun:
    """Reads a map run by its ARN."""
    described = aws.stepfunctions.describe_map_run(mapRunArn=arn)
    children = list(islice(_children(aws, arn), MOST_CHILDREN))
    express = any(":express:" in child for child in children)
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        histories = [] if express else list(pool.map(partial(history, aws), children))
    return MapRun(
        items=_counts(described["itemCounts"]),
        children=_counts(described["executionCounts"]),
        express=express,
        read=len(histories),
        visits=tuple(chain.from_iterable(map(visits_of, histories))),
    )


def _children(aws: Aws, map_run: str) -> Iterator[str]:
    """The ARNs of the child executions, those first that did not go well."""
    for status in STATUSES:
        pages = aws.stepfunctions.get_paginator("list_executions").paginate(
            mapRunArn=map_run, statusFilter=status, PaginationConfig={"PageSize": LARGEST_PAGE}
        )
        yield from (each["executionArn"] for page in pages for each in page["executions"])


def _counts(counts: Mapping[str, int]) -> Items:
    return {"timed out" if name == "timedOut" else name: counts[name] for name in COUNTS}
