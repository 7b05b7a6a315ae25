"""Templates are read as CloudFormation reads them, and cost little whatever is in them."""

import pytest
import yaml
from moto.cloudformation.models import Stack

from local.protocol.documents import MOST_LEVELS
from local.protocol.errors import ServiceError, ValidationError
from local.protocol.templates import check_template, read_template, use_for_moto
from pipelines.delivery.templates import read_template as of_the_project


def test_templates_of_cloudformation_are_read() -> None:
    check_template("Resources:\n  Q: {Type: AWS::SQS::Queue, Properties: {Name: !Sub '${AWS::Region}-[{'}}")
    check_template("not: [closed")  # whoever reads it says so
    with pytest.raises(ValidationError, match="aliases"):
        check_template("a: &a 1\nb: *a")
    with pytest.raises(ValidationError, match=r"tag:yaml\.org,2002:python/object/apply:os\.system"):
        check_template("a: !!python/object/apply:os.system [b]")
    with pytest.raises(ServiceError, match="nested too deeply"):
        check_template("- " * (MOST_LEVELS + 1))


def test_short_forms_are_read_in_full() -> None:
    text = "{Role: !GetAtt Machine.Arn, Queue: !Ref Queue, Name: !Join ['-', [a, !Ref B]], Text: !Sub '${A}'}"
    assert read_template(text) == {
        "Role": {"Fn::GetAtt": ["Machine", "Arn"]},
        "Queue": {"Ref": "Queue"},
        "Name": {"Fn::Join": ["-", ["a", {"Ref": "B"}]]},
        "Text": {"Fn::Sub": "${A}"},
    }
    assert read_template('{"Name": {"Fn::Sub": "a\\tb"}}') == {"Name": {"Fn::Sub": "a\tb"}}
    assert read_template("not: [closed") is None


def test_what_a_reader_changes_is_not_there_for_the_next_one() -> None:
    read_template("Resources: {Queue: {Type: AWS::SQS::Queue}}")["Resources"]["Queue"].clear()
    assert read_template("Resources: {Queue: {Type: AWS::SQS::Queue}}") == {
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}
    }


@pytest.mark.parametrize("name", ["storage", "application"])
def test_moto_reads_the_same_with_this_loader(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = of_the_project(name).body
    with monkeypatch.context() as patch:
        patch.setattr(yaml, "Loader", yaml.loader.Loader)
        before = Stack.parse_template(text)
    use_for_moto()
    assert Stack.parse_template(text) == before == read_template(text)
