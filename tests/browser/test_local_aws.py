"""A page of another origin, in a real browser, against a local AWS."""

import functools
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import boto3
import pytest
from playwright.sync_api import Browser, Page

from local.server.embedded import LocalAws, start

REGION = "eu-west-1"
BUCKET = "page-bucket"
ATTACKS = """async ({endpoint, put, get}) => {
  const late = () => new Promise(done => setTimeout(done, 5000, {type: "no answer"}));
  const outcome = async promise => {
    try { return (await Promise.race([promise, late()])).type; } catch (error) { return error.name; }
  };
  const loaded = url => new Promise(done => {
    const element = new Image();
    element.onload = () => done({type: "loaded"});
    element.onerror = () => done({type: "error"});
    element.src = url;
  });
  const socket = new Promise(done => {
    const made = new WebSocket(endpoint.replace("http", "ws"));
    made.onopen = () => done({type: "open"});
    made.onerror = () => done({type: "error"});
  });
  return {
    read: await outcome(fetch(endpoint + "/_health")),
    readSigned: await outcome(fetch(get)),
    writeSigned: await outcome(fetch(put, {method: "PUT", body: "of the page"})),
    simple: await outcome(fetch(endpoint, {method: "POST", mode: "no-cors", body: '{"PipelineName": "p"}'})),
    target: await outcome(fetch(endpoint, {method: "POST", headers: {"X-Amz-Target": "SageMaker.ListModels"}})),
    image: await outcome(loaded(`${endpoint}/page-bucket/picture`)),
    socket: await outcome(socket),
  };
}"""


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    with start(tmp_path_factory.mktemp("aws"), REGION) as local_aws:
        yield local_aws


@pytest.fixture
def foreign(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page that another server on this machine serves."""
    (tmp_path / "index.html").write_text("<!DOCTYPE html><title>Elsewhere</title>")

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(tmp_path))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        yield page
        page.close()
        server.shutdown()


def test_a_page_neither_reads_nor_changes_anything(aws: LocalAws, foreign: Page) -> None:
    variables = aws.environment
    session = boto3.Session(variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"], region_name=REGION)
    s3 = session.client("s3", endpoint_url=aws.endpoint_url)
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}, ACL="public-read-write")
    s3.put_object(Bucket=BUCKET, Key="picture", Body=b"<svg xmlns='http://www.w3.org/2000/svg'/>", ACL="public-read")
    urls = {
        name: s3.generate_presigned_url(f"{name}_object", {"Bucket": BUCKET, "Key": key})
        for name, key in (("put", "written"), ("get", "picture"))
    }
    found = foreign.evaluate(ATTACKS, {"endpoint": aws.endpoint_url, **urls})
    assert found == {
        "read": "TypeError",
        "readSigned": "TypeError",
        "writeSigned": "TypeError",
        "simple": "opaque",  # sent, and refused: the browser tells the page nothing
        "target": "TypeError",
        "image": "error",
        "socket": "error",
    }
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=BUCKET)["Contents"]] == ["picture"]


def test_a_form_of_a_page_is_refused(aws: LocalAws, foreign: Page) -> None:
    foreign.set_content(
        f'<form method="post" action="{aws.endpoint_url}"><input name="Action" value="CreateQueue"></form>'
    )
    with foreign.expect_navigation() as navigation:
        foreign.evaluate("document.forms[0].submit()")
    assert navigation.value is not None
    assert navigation.value.status == 403
    assert "does not answer web pages" in navigation.value.text()
