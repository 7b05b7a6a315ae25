from typing import Any

from pipelines.pictures.steps import pipeline_graph


def step(name: str, kind: str = "Processing", *, uses: str = "", **more: Any) -> dict[str, Any]:
    arguments = {"Input": [{"S3Uri": {"Get": f"Steps.{uses}.Outputs['x'].S3Uri"}}]} if uses else {"Input": "s3://x"}
    return {"Name": name, "Type": kind, "Arguments": arguments, **more}


def arrows(*steps: dict[str, Any]) -> set[tuple[str, str, str]]:
    graph = pipeline_graph({"Steps": list(steps)}, "Pipeline")
    return {(edge.source, edge.target, edge.label) for edge in graph.edges}


def test_data_and_dependencies_are_arrows() -> None:
    assert arrows(step("A"), step("B", uses="A"), step("C", DependsOn=["B"])) == {("A", "B", ""), ("B", "C", "")}


def test_what_other_arrows_imply_is_left_out() -> None:
    last = step("C", uses="A", DependsOn=["B"])
    assert arrows(step("A"), step("B", uses="A"), last) == {("A", "B", ""), ("B", "C", "")}


def test_branches_of_a_condition_start_where_nothing_of_the_branch_comes_before() -> None:
    check = step("Check", "Condition", uses="A")
    check["Arguments"] |= {
        "IfSteps": [step("Yes", uses="A"), step("Then", uses="Yes")],
        "ElseSteps": [step("No", "Fail")],
    }
    assert arrows(step("A"), check) == {
        ("A", "Check", ""),
        ("Check", "Yes", "if"),
        ("Yes", "Then", ""),
        ("Check", "No", "else"),
    }


def test_the_pipeline_that_ships(training: dict[str, Any]) -> None:
    graph = pipeline_graph(training, "Training")
    shapes = {node.name: node.shape for node in graph.nodes}
    assert {"PrepareData", "TrainModel", "EvaluateModel"} <= {name for name, shape in shapes.items() if shape == "task"}
    assert shapes["CheckQuality"] == "choice"
    assert shapes["QualityGateFailed"] == "fail"
    assert ("CheckQuality", "QualityGateFailed", "else") in {(e.source, e.target, e.label) for e in graph.edges}


def test_a_single_step_is_a_picture_too() -> None:
    assert arrows(step("Only")) == set()
