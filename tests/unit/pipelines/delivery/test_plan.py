"""What a deployment brings into the stacks, before AWS is asked."""

from itertools import chain
from pathlib import Path

import pytest
from unit.pipelines.delivery.changed_settings import changed
from unit.pipelines.wheels import write_wheels

from pipelines.delivery.deployment import application_parameters, delivery_parameters, plan
from pipelines.packages.lambda_layer import LAYERS
from pipelines.settings.model import Settings
from pipelines.settings.naming import LAMBDA_NAMES, Names


@pytest.mark.parametrize("repository", ["https://github.com/team/scones.git", "https://gitlab.com/team/scones"])
def test_the_repository_is_called_as_its_host_names_it(repository: str, settings: Settings) -> None:
    assert delivery_parameters(changed(settings, "delivery", repository=repository))["RepositoryId"] == "team/scones"


def test_what_the_owners_of_an_account_ask_for_reaches_the_templates(settings: Settings, names: Names) -> None:
    key = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    boundary = "arn:aws:iam::123456789012:policy/boundary"
    given = changed(settings, "account", kms_key=key, permissions_boundary=boundary, monthly_budget=200)
    planned = plan(given, names)
    assert {stack.parameters["KmsKeyArn"] for stack in planned.stacks} == {key}
    assert planned.application.parameters["MonthlyBudget"] == "200"
    assert planned.delivery.parameters["PermissionsBoundary"] == boundary
    assert all(stack.tags == {"project": settings.project, "environment": "local"} for stack in planned.stacks)


def test_uploads_start_the_workflow_unless_that_is_switched_off(settings: Settings) -> None:
    assert application_parameters(settings)["UploadRuleState"] == "ENABLED"
    switched_off = changed(settings, "workflow", start_on_upload=False)
    assert application_parameters(switched_off)["UploadRuleState"] == "DISABLED"


def test_layers_are_planned_with_their_keys(settings: Settings, names: Names, wheel_folder: Path) -> None:
    write_wheels(wheel_folder, chain(*LAYERS.values()), "py3-none-any")
    planned = plan(changed(settings, "lambdas", dependencies="layer"), names)
    pillow, powertools = planned.packages[len(LAMBDA_NAMES) :]
    assert planned.application.parameters["PillowLayerKey"] == pillow.key
    assert planned.application.parameters["PowertoolsLayerKey"] == powertools.key
    assert "python/pillow.py" in pillow.files
    assert {f"python/{module}.py" for module in ("aws_lambda_powertools", "jmespath")} <= powertools.files.keys()


def test_without_a_layer_none_is_planned(settings: Settings, names: Names) -> None:
    planned = plan(settings, names)
    assert [package.name for package in planned.packages] == list(LAMBDA_NAMES)
    assert planned.application.parameters["PillowLayerKey"] == ""
    assert planned.application.parameters["PowertoolsLayerKey"] == ""
