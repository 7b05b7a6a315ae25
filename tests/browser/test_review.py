"""The review in a real browser: keys, both colour schemes, small screens; the queue and the bucket are moto's."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from unit.pipelines.aws_in_memory import ACCOUNT, account_with_bucket
from unit.pipelines.review.conftest import ANN, document, png

from local.loopback.pages import why_refused
from pipelines.aws import Aws
from pipelines.review.archive import Archive
from pipelines.review.page.server import serving
from pipelines.review.queue import ReviewQueue
from pipelines.review.session import Session
from pipelines.settings.naming import Names
from pipelines.settings.reading import load

CLASSES = ("bicycle", "motorcycle", "bus", "pickup_truck", "streetcar")
LONG = "averylongnamewithoutanyplacetobreakaline" * 4


@dataclass(frozen=True)
class Review:
    """A page that is served, its session, and what happened in the browser."""

    address: str
    session: Session
    archive: Archive
    errors: list[str]


@pytest.fixture(scope="module")
def review(browser: Browser) -> Iterator[Review]:
    settings = load("local")
    names = Names.of(settings, ACCOUNT)
    with account_with_bucket(names) as session, pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.review.queue.WAIT_SECONDS", 0)
        aws = Aws(session)
        aws.sqs.create_queue(QueueName=names.review_queue)
        archive, queue = Archive(aws, names), ReviewQueue(aws, names)
        for number in range(4):
            record = document(names, f"run-{number}-{LONG[:60]}", s3_key=f"photos/{number}.png", model_version=LONG)
            queue.send(json.dumps(record))
            aws.s3.put_object(Bucket=names.bucket, Key=f"photos/{number}.png", Body=png())
        working = Session(archive, queue, ANN, CLASSES)
        with serving(working, why_refused) as address:
            yield Review(address, working, archive, [])


@pytest.fixture
def page(tab: Page, review: Review) -> Iterator[Page]:
    listeners: dict[Any, Any] = {
        "console": lambda message: review.errors.append(message.text),
        "pageerror": lambda error: review.errors.append(str(error)),
    }
    for event, listener in listeners.items():
        tab.on(event, listener)
    tab.goto(review.address)
    yield tab
    for event, listener in listeners.items():
        tab.remove_listener(event, listener)
    tab.goto("about:blank")


def press(page: Page, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


def test_one_key_a_class_skip_and_undo(page: Page, review: Review) -> None:
    def answers() -> int:
        return len(review.archive.answers())

    assert page.locator("img").evaluate("image => image.naturalWidth") == 40
    press(page, "b")
    assert (answers(), page.locator(".note").inner_text()) == (1, "Kept: bicycle.")
    press(page, "u")
    assert (answers(), page.locator(".note").inner_text()) == (0, "Taken back. What does it show?")
    press(page, "n")
    press(page, "s")
    assert answers() == 1
    with page.expect_response(lambda answer: answer.url.endswith("/here")) as kept:
        page.evaluate("fetch('here', {method: 'POST'})")
    assert kept.value.status == 204
    page.keyboard.press("z")
    page.keyboard.press("Control+b")
    assert answers() == 1
    page.get_by_role("button", name="pickup truck").click()
    page.wait_for_load_state()
    assert answers() == 2
    assert review.errors == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_readable_and_never_scrolls_sideways(page: Page, review: Review, scheme: Any, low_contrast: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    found = low_contrast(page)
    assert found["texts"] > 10
    assert found["low"] == []
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == page.locator("main").count() == 1


def test_no_other_page_can_answer(page: Page, review: Review) -> None:
    before = len(review.archive.answers())
    execution = page.locator("[name=execution]").get_attribute("value")
    address = f"{review.address}answer"
    page.goto("data:text/html,<title>evil</title>")
    page.set_content(
        f'<form method="post" action="{address}"><input name="execution" value="{execution}">'
        '<input name="answer" value="bicycle"></form>'
    )
    with page.expect_navigation() as navigation:
        page.evaluate("document.forms[0].submit()")
    assert navigation.value is not None
    assert navigation.value.status == 403
    assert len(review.archive.answers()) == before


def test_nothing_waits(page: Page, review: Review) -> None:
    press(page, "m")
    assert page.locator("h1").inner_text() == "No photo waits for review"
    press(page, "u")
    assert page.locator("h1").inner_text() == "What does this photo show?"
