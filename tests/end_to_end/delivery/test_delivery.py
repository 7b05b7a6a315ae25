"""The commands of buildspec.yml, and an approver's decision, on a local AWS that stays up."""

from end_to_end.support import MARKS, Scones

pytestmark = MARKS


def test_the_buildspec_ships_and_runs_the_pipeline(built: list[str]) -> None:
    assert any("Succeeded" in output for output in built)


def test_what_waits_for_approval_is_deployed_by_the_approval_event(
    delivering: Scones, built: list[str], approved: list[str]
) -> None:
    assert "CheckApproval: Succeeded: False" in built[-1]
    assert "DeployModel" not in built[-1]  # nothing but the event can deploy
    listed, said = approved
    assert "1 waits for an approver" in listed
    assert said == "version 1 is approved, and scones-unlimited-local-vehicles serves version 1"
    shown = delivering("registry", "show", "1").stdout
    assert "good enough" in shown
    assert "commit" in shown
