"""What approvers are told once, and the object in the bucket that says so."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from unit.lambdas.deployment import ENVIRONMENT
from unit.lambdas.registry_in_memory import NOW
from unit.lambdas.sagemaker_in_memory import Account

from lambdas.deploy_model.aws import Clients
from lambdas.deploy_model.settings.configuration import Configuration
from lambdas.deploy_model.update.notices import LONGEST_CALL, Notice, subject_of, tell_once

NOTICE = Notice("of-one", "version 2 …", "Version 2 …\n")
KEY = "deployments/of-one.json"
BEGUN = """{
 "told": false,
 "since": "2026-01-02T03:04:05+00:00",
 "line": "version 2 …",
 "message": "Version 2 …\\n"
}"""


@contextmanager
def before_s3(call: str, act: Callable[[dict[str, Any]], None]) -> Iterator[Clients]:
    """Clients that first do this with the request, each time they make this call of S3."""
    aws = Clients.connect()

    def first(params: dict[str, Any], **_: Any) -> None:
        act(params)

    aws.s3.meta.events.register_first(f"before-call.s3.{call}", first)
    try:
        yield aws
    finally:
        aws.s3.meta.events.unregister(f"before-call.s3.{call}", first)


def test_the_object_says_first_that_people_are_being_told_and_then_that_they_were(account: Account) -> None:
    meanwhile = list[str]()
    account.before["Publish"] = lambda: meanwhile.append(account.objects[KEY].decode())
    assert tell_once(Clients.connect(), Configuration.parse(ENVIRONMENT), NOTICE, NOW)
    assert meanwhile == [BEGUN]
    assert account.objects[KEY].decode() == BEGUN.replace("false", "true")


def test_once_people_were_told_the_object_is_never_away(account: Account) -> None:
    deleted = list[dict[str, Any]]()
    with before_s3("DeleteObject", deleted.append) as aws:
        assert tell_once(aws, Configuration.parse(ENVIRONMENT), NOTICE, NOW)
    assert deleted == []


def test_s3_is_asked_to_make_the_object_only_where_there_is_none(account: Account) -> None:
    puts = list[dict[str, Any]]()
    with before_s3("PutObject", puts.append) as aws:
        tell_once(aws, Configuration.parse(ENVIRONMENT), NOTICE, NOW)
    assert [each["headers"].get("If-None-Match") for each in puts] == ["*", None]


def test_of_two_that_begin_to_tell_one_does(account: Account) -> None:
    configuration, others = Configuration.parse(ENVIRONMENT), list[bool]()
    waiting = [lambda: others.append(tell_once(aws, configuration, NOTICE, NOW))]

    def between_reading_and_writing(_: dict[str, Any]) -> None:
        if waiting:
            waiting.pop()()

    with before_s3("PutObject", between_reading_and_writing) as aws:
        assert not tell_once(aws, configuration, NOTICE, NOW)
    assert (others, len(account.told)) == ([True], 1)


def test_what_a_call_that_was_cut_off_has_not_told_is_told_later(account: Account) -> None:
    aws, configuration = Clients.connect(), Configuration.parse(ENVIRONMENT)
    account.objects[KEY] = json.dumps({"told": False, "since": NOW.isoformat()}).encode()
    assert not tell_once(aws, configuration, NOTICE, NOW + LONGEST_CALL / 2)
    assert account.told == []
    assert tell_once(aws, configuration, NOTICE, NOW + LONGEST_CALL)
    assert tell_once(aws, configuration, NOTICE, NOW + LONGEST_CALL)
    assert (len(account.told), json.loads(account.objects[KEY])["told"]) == (1, True)


def test_a_subject_fits_into_a_mail() -> None:
    assert re.fullmatch(r"[ -~]{1,100}", subject_of("model version 1 was rolled back", "é" * 200))
