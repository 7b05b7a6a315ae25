"""The notebook's cells run one after the other, without a kernel, which would take longer than the cells themselves."""

import json
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt

NOTEBOOK = Path(__file__).parents[3] / "monitoring" / "analysis.ipynb"
WINDOW = {"from": "2026-03-01T00:00:00Z", "to": "2026-03-02T00:00:00Z"}


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    numbers = {"median_confidence": 0.97, "review_share": 0.2}
    document = {"verdict": "trust", "window": WINDOW, "records": 9, "numbers": numbers}
    (tmp_path / "verdict.json").write_text(json.dumps(document))
    return tmp_path


def run() -> dict[str, Any]:
    """The names that are known after the last cell."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    known: dict[str, Any] = {}
    with mpl.rc_context({"backend": "agg"}):
        for number, cell in enumerate(cells):
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), f"cell {number}", "exec"), known)
        plt.close("all")
    return known


def test_the_notebook_reads_captures_and_verdicts(
    captures: Path, reports: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CAPTURES", str(captures))
    monkeypatch.setenv("REPORTS", str(reports))
    known = run()
    assert capsys.readouterr().out == "9 photos, 8 with an answer\n"
    assert len(known["photos"]) == 7
    assert known["verdicts"]["verdict"].tolist() == ["trust"]


def test_the_notebook_has_no_results_of_anybody() -> None:
    cells = [cell for cell in json.loads(NOTEBOOK.read_text())["cells"] if cell["cell_type"] == "code"]
    assert [cell for cell in cells if cell["outputs"] or cell["execution_count"]] == []


def test_folders_without_anything_are_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAPTURES", str(tmp_path))
    monkeypatch.setenv("REPORTS", str(tmp_path))
    assert run()["verdicts"].empty
