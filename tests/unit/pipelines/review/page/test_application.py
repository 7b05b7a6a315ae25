"""The page, over HTTP as a browser and as a stranger would ask for it."""

import http.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from botocore.exceptions import ClientError

from local.loopback.pages import why_refused
from pipelines.errors import SconesError
from pipelines.review.page.server import serving
from pipelines.review.queue import ReviewQueue
from pipelines.review.session import Session

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Site:
    """A page that is served, and its session."""

    address: str
    session: Session

    def ask(
        self, method: str, name: str, body: str = "", path: str = "", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and content of the answer."""
        parts = urlsplit(self.address)
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port or 0, timeout=20)
        connection.request(method, path or parts.path + name, body, {**FORM, **headers})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()

    def post(self, name: str, **fields: str) -> tuple[int, dict[str, str], bytes]:
        return self.ask("POST", name, urlencode(fields), Origin=self.address.rsplit("/", 2)[0])


@pytest.fixture
def site(review: Callable[..., Session]) -> Iterator[Site]:
    session = review()
    with serving(session, why_refused) as address:
        yield Site(address, session)


def test_a_photo_is_shown_and_answered(site: Site, wait_for_review: Any, keys: Any) -> None:
    for execution in ("run-1", "run-2"):
        wait_for_review(execution)
    status, headers, content = site.ask("GET", "")
    assert status == 200
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    text = content.decode()
    assert "decides alone from 90.0 % on" in text
    assert 'data-key="b"' in text
    assert site.ask("GET", "photo.png")[2].startswith(b"\x89PNG")
    shown = site.session.on_screen
    assert shown is not None
    status, headers, _ = site.post("answer", execution=shown.record.execution, answer="bicycle")
    assert (status, headers["Location"]) == (303, urlsplit(site.address).path)
    assert len(keys("ground-truth/")) == 1
    assert "Kept: bicycle." in site.ask("GET", "")[2].decode()
    assert site.post("here")[0] == 204
    assert site.post("undo")[0] == 303
    assert keys("ground-truth/") == []


def test_nothing_waits(site: Site) -> None:
    text = site.ask("GET", "")[2].decode()
    assert "No photo waits for review" in text
    assert site.ask("GET", "photo.png")[0] == 404


def test_what_a_record_says_is_shown_as_text(site: Site, wait_for_review: Any) -> None:
    wait_for_review("run-1", s3_key="photos/<script>alert(1)</script>.png", model_version="<b>")
    text = site.ask("GET", "")[2].decode()
    assert "<script>alert" not in text
    assert "<b>" not in text
    assert "the photo is no longer there" in text


STRANGERS = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Host": "evil.example"},
    {"Host": "127.0.0.1"},
]


def test_a_web_page_does_not_reach_it(site: Site, wait_for_review: Any, keys: Any) -> None:
    wait_for_review("run-1")
    for headers in STRANGERS:
        for method, name in (("GET", ""), ("GET", "photo.png"), ("POST", "answer"), ("OPTIONS", "")):
            status, answered, content = site.ask(method, name, "execution=run-1&answer=bicycle", **headers)
            assert (status, b"other web pages" in content) == (403, True)
            assert not [each for each in answered if each.lower().startswith("access-control-")]
    assert (site.session.on_screen, keys("review/answers/")) == (None, [])


def test_nobody_reaches_it_without_the_key(site: Site, wait_for_review: Any) -> None:
    wait_for_review("run-1")
    for path in ("/", "/photo.png", "/x/photo.png", "/answer", "//"):
        for method in ("GET", "POST"):
            assert site.ask(method, "", path=path)[0] == 403
    assert site.session.on_screen is None
    assert len(urlsplit(site.address).path) >= 32


def test_what_is_no_answer_changes_nothing(site: Site, wait_for_review: Any, keys: Any) -> None:
    wait_for_review("run-1")
    site.ask("GET", "")
    assert site.post("answer", execution="run-1")[0] == 400
    assert site.post("answer", execution="run-1", answer="x" * 5000)[0] == 400
    assert site.post("answer", execution="another", answer="bicycle")[0] == 303
    assert site.ask("GET", "answer")[0] == 404
    assert site.ask("DELETE", "")[0] == 405
    status, _, content = site.post("answer", execution="run-1", answer="bus")
    assert (status, b"there is no class &#39;bus&#39;" in content) == (502, True)
    assert keys("review/answers/") == []


def test_a_fault_of_aws_is_told_and_nothing_is_lost(
    site: Site, wait_for_review: Any, queue: ReviewQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for_review("run-1")

    def expired(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "ExpiredToken", "Message": "expired"}}, "ReceiveMessage")

    events = queue._sqs.meta.events
    events.register_first("before-call.sqs.ReceiveMessage", expired)
    status, _, content = site.ask("GET", "")
    assert (status, b"does not accept the credentials" in content) == (502, True)
    events.unregister("before-call.sqs.ReceiveMessage", expired)
    assert site.ask("GET", "")[0] == 200


def test_a_port_that_is_taken(site: Site) -> None:
    port = urlsplit(site.address).port
    with pytest.raises(SconesError, match=f"cannot listen on port {port}"), serving(site.session, why_refused, port):
        pass
