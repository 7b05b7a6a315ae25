"""Questions to a version that comes into service: what is asked, whose answers count, and what follows from them."""

import json
from typing import Any

import pytest
from unit.lambdas.deploy_model.questions.version_two import (
    DOCUMENT,
    Respond,
    answer,
    exchanged,
    failing,
    keep,
    old,
    turns,
)
from unit.lambdas.deployment import ARN, ENVIRONMENT, change, look, settle
from unit.lambdas.sagemaker_in_memory import Account, Endpoint

from lambdas.deploy_model.questions import asking, kept_photos
from lambdas.shared.clients import client

ALL_RIGHT = "version 2 answered 3 kept photos as in its evaluation"
TWO_REFUSED = "2 of 3 questions were refused"
ALL_WRONG = "version 2 answered 3 kept photos otherwise than in its evaluation, and 0 as there"


@pytest.fixture
def updating(account: Account) -> Account:
    """Version 1 serves, and an update to version 2, with three kept photos, is under way."""
    account.versions[1] = "Approved"
    settle(change(1), account.finish)
    keep(account, 2, json.dumps(DOCUMENT).encode())
    account.versions[2] = "Approved"
    assert change(2)["action"] == "updated"
    return account


def bake(account: Account, respond: Respond) -> dict[str, Any]:
    """What a look says while the new version has a part of the requests."""
    assert account.endpoint
    account.endpoint.baking, account.respond = True, respond
    return look(account.endpoint.target)


def test_before_the_new_version_has_requests_nothing_is_asked(updating: Account) -> None:
    assert updating.endpoint
    assert look(updating.endpoint.target)["questions"] == ""
    assert (updating.asked, updating.metrics) == ([], [])


@pytest.mark.parametrize(
    ("respond", "words", "failures", "asked"),
    [
        (answer, ALL_RIGHT, 0, 3),
        (exchanged, ALL_WRONG, 3, 3),
        (turns(old, answer), ALL_RIGHT, 0, 6),  # a canary answers only its share
        (turns(old, exchanged), ALL_WRONG, 3, 6),
        (
            turns(failing, answer),
            f"{ALL_RIGHT.replace('3 kept photos', '1 kept photo')}; {TWO_REFUSED}",
            0,
            3,
        ),  # by whom?
        (turns(failing, old), "version 2 refused 3 of 5 questions, and answered none", 3, 5),
        (lambda _: {}, "version 2 refused 3 of 3 questions, and answered none", 3, 3),  # an answer that is none
        (old, "version 2 answered none of 100 questions: nothing is known of it", None, 100),
    ],
)
def test_while_it_bakes_only_its_own_answers_count(
    updating: Account, respond: Respond, words: str, failures: int | None, asked: int
) -> None:
    found = bake(updating, respond)
    assert (found["questions"], found["state"], len(updating.asked)) == (words, "changing", asked)
    assert [each["MetricData"][0]["Value"] for each in updating.metrics] == ([] if failures is None else [failures])
    assert updating.rolled_back() == set()  # that is SageMaker's work now


def test_a_question_is_told_apart_from_photos_and_the_metric_from_others(updating: Account) -> None:
    config = bake(updating, exchanged)["started"]
    assert [each["InferenceId"] for each in updating.asked] == [f"kept-photo/2/{number}" for number in range(3)]
    assert {each["EndpointName"] for each in updating.asked} == {ENVIRONMENT["ENDPOINT_NAME"]}
    assert {(each["ContentType"], each["Accept"]) for each in updating.asked} == {("image/png", "application/json")}
    [metric] = updating.metrics
    alarm = updating.alarms[f"{config}-answers"]
    watched = {"Namespace": alarm["Namespace"], "MetricName": alarm["MetricName"], "Dimensions": alarm["Dimensions"]}
    put = metric["MetricData"][0]
    assert put["Unit"] == "Count"
    assert watched == {"Namespace": metric["Namespace"], **{name: put[name] for name in ("MetricName", "Dimensions")}}


@pytest.mark.parametrize("status", ["InService", "Updating"])
def test_an_endpoint_that_does_not_answer_accuses_nobody(updating: Account, status: str) -> None:
    updating.before["InvokeEndpoint"] = lambda: updating.refuse("not allowed")
    if status == "InService":
        updating.finish()
        found = look(next(iter(updating.alarms)).removesuffix("-errors"))
    else:
        found = bake(updating, answer)
    assert found["questions"].startswith("version 2 answered none of 0 questions: nothing is known of it; ")
    assert "not allowed" in found["questions"]
    assert (updating.metrics, updating.rolled_back()) == ([], set())


def test_a_version_that_answers_rightly_stays(updating: Account) -> None:
    updating.respond = answer
    updating.finish()
    found = look()
    assert (found["state"], found["questions"]) == ("settled", ALL_RIGHT)
    assert (updating.serving(), updating.alarms, updating.tags[ENVIRONMENT["ENDPOINT_NAME"]]) == (2, {}, {})
    assert look()["questions"] == ""  # it is asked while it is new


@pytest.mark.parametrize(
    ("respond", "words"),
    [
        (exchanged, ALL_WRONG),
        (failing, "version 2 refused 3 of 3 questions, and answered none"),
        (
            turns(answer, failing, answer),
            "version 2 answered 2 kept photos as in its evaluation; 1 of 3 questions were refused",
        ),
        (old, "version 2 serves another model than the one that was evaluated: 100 of 100 answers were not its own"),
    ],
)
def test_a_version_that_is_found_out_too_late_for_sagemaker_is_taken_back(
    updating: Account, respond: Respond, words: str
) -> None:
    updating.respond = respond
    updating.finish()
    found = look()
    assert (found["action"], found["questions"], found["model_package_arn"]) == ("updated", words, f"{ARN}/1")
    [told] = updating.told
    assert told["Message"].startswith(
        f"Version 2 was rolled back: {words}.\n"
        "Version 2 serves until the approved version before it has taken over, if there is one. "
    )
    assert settle(found, updating.finish)["state"] == "settled"
    assert (updating.serving(), updating.rolled_back(), len(updating.told)) == (1, {2}, 1)
    assert updating.alarms == {}


def test_the_first_version_is_asked_as_well_and_stays_where_there_is_no_other(account: Account) -> None:
    keep(account, 2, json.dumps(DOCUMENT).encode())
    account.versions[2] = "Approved"
    account.respond = exchanged
    found = settle(change(2), account.finish)
    assert (found["reason"], found["questions"]) == ("every approved version was rolled back", ALL_WRONG)
    assert (account.serving(), account.rolled_back(), len(account.told)) == (2, {2}, 1)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("", None, "cannot be read: "),
        ("other.json", b"{}", "does not hold what its name says"),
        (f"kept-photos-{'0' * 64}.json", b"{}", "does not hold what its name says"),
        ("", b"\xff", "cannot be read: "),
        ("", b'{"labels": ["a", "b"], "photos": []}', "cannot be read: 'photos' must be a list of photos"),
        ("", b'{"labels": ["a"]}', "cannot be read: 'labels' must be a list of two or more"),
        ("", b" " * kept_photos.MOST_BYTES, "cannot be read: Expecting value"),
        ("", b" " * (kept_photos.MOST_BYTES + 1), "has 2,000,001 bytes, more than 2,000,000"),
    ],
)
def test_a_version_whose_photos_cannot_be_read_is_deployed_all_the_same(
    account: Account, name: str, content: bytes | None, reason: str
) -> None:
    keep(account, 1, content or b"", name)
    if content is None:
        account.objects.clear()
    account.versions[1] = "Approved"
    found = settle(change(1), account.finish)
    assert (found["state"], found["questions"].partition(": s3://")[0]) == ("settled", "nothing was asked")
    assert reason in found["questions"]


def test_without_kept_photos_that_is_said(account: Account) -> None:
    account.versions[1] = "Approved"
    found = settle(change(1), account.finish)
    assert found["questions"] == "nothing was asked: no photos are kept with version 1"


def test_what_others_deploy_is_not_asked(updating: Account) -> None:
    updating.endpoint = Endpoint("Updating", "theirs", "theirs-too", baking=True)
    assert look()["questions"] == "nothing was asked: theirs-too is not a configuration of this function"


def test_a_version_that_is_gone_is_not_asked(updating: Account) -> None:
    del updating.versions[2]
    assert bake(updating, answer)["questions"].startswith("nothing was asked: the registry has no ")


def test_a_metric_that_cannot_be_put_is_logged(updating: Account, log: Any) -> None:
    updating.before["PutMetricData"] = lambda: updating.refuse("not allowed")
    assert bake(updating, exchanged)["questions"] == ALL_WRONG
    assert "the metric of wrong answers cannot be put" in log.getvalue()


def test_a_turn_ends_in_time(updating: Account) -> None:
    updating.respond = answer
    kept = kept_photos.KeptPhotos.parse(json.dumps(DOCUMENT).encode())
    times = iter([0.0, 0.0, asking.MOST_SECONDS])
    assert asking.ask(client("sagemaker-runtime"), "vehicles", kept, 2, lambda: next(times)).asked == 1


@pytest.mark.parametrize(
    ("tally", "alone", "beside"),
    [
        (asking.Tally(right=1, wrong=1, others=4, refused=2), 3, 1),
        (asking.Tally(right=1, others=4), 0, 0),
        (asking.Tally(others=3, refused=2), 5, 2),
    ],
)
def test_refusals_and_answers_of_others_are_failures_of_a_model_that_is_alone(
    tally: asking.Tally, alone: int, beside: int
) -> None:
    assert (tally.failures(alone=True), tally.failures(alone=False)) == (alone, beside)
