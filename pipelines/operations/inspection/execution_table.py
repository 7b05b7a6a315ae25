"""Prints one execution as a terminal table, the counterpart of its picture."""

from collections.abc import Iterator, Sequence

from rich.table import Table
from rich.text import Text

from pipelines.histories import words
from pipelines.histories.visits import Visit
from pipelines.operations.inspection.execution import Look
from pipelines.operations.inspection.map_runs import MapRun

STYLES = {"succeeded": "green", "failed": "bold red", "caught": "yellow", "running": "cyan"}
ENDED = {"SUCCEEDED": "green", "RUNNING": "cyan"}


def heading(look: Look) -> Text:
    """The execution in one line, and why it failed in another."""
    took = f" after {words.duration((look.ended - look.started).total_seconds())}" if look.ended else ""
    text = Text(f"{look.name}  ", style="bold").append(look.status, style=ENDED.get(look.status, "bold red"))
    text.append(f"{took}, started {look.started.astimezone():%Y-%m-%d %H:%M:%S}", style="not bold")
    return text.append(f"\n{look.error}", style="not bold") if look.error else text


def table(look: Look) -> Table:
    """A row for each state that was entered, in the order of entering; several visits to it share the row.

    Below a distributed map are the states of its child executions.
    """
    made = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("State", "Outcome", "Begins", "Takes", "In → out", "Tries"):
        made.add_column(name, justify="right" if name == "Begins" else "left", no_wrap=name != "Outcome")
    for visits in _by_state(look.visits):
        made.add_row(*_row(look, visits))
        if run := look.runs.get(visits[0].name):
            for inner in _by_state(run.visits):
                made.add_row(*_row(look, inner, "› "))
    return made


def _by_state(visits: Sequence[Visit]) -> Iterator[list[Visit]]:
    for name in dict.fromkeys(visit.name for visit in visits):
        yield [visit for visit in visits if visit.name == name]


def _row(look: Look, visits: Sequence[Visit], mark: str = "") -> Iterator[Text]:
    first = visits[0]
    outcome = Text(words.outcome(visits), style=STYLES[first.status] if len(visits) == 1 else "")
    if run := look.runs.get(first.name):
        outcome.append("".join(f"\n{line}" for line in _of_run(run)), style="default")
    yield Text(f"{mark}{first.name}", style="bold")
    yield outcome
    begins = min(visit.entered for visit in visits)
    yield Text(f"+{words.duration((begins - look.started).total_seconds())}")
    yield Text(words.time(visits))
    yield Text(words.payload(visits))
    yield Text(words.tries(visits))


def _of_run(run: MapRun) -> Iterator[str]:
    """How a map run went, and of how many child executions the states are known."""
    total = run.children["total"]
    yield words.items(run.items)
    yield words.items(run.children, "child", "children")
    if run.express:
        yield "express: their states are not kept"
    elif run.read < total:
        yield f"read: {run.read:,} of them, failures first" if run.read else "their states are not kept any more"


def errors(look: Look) -> Iterator[Text]:
    """The errors that each state met, with what they say, whether they were retried, caught or neither."""
    inner = [visit for run in look.runs.values() for visit in run.visits]
    for visits in _by_state([*look.visits, *inner]):
        if said := words.causes(visits):
            yield Text(f"{visits[0].name}: ", style="bold").append(said, style="not bold")
