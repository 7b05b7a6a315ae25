"""The WSGI application: shows a session's photo, and takes the reviewer's answer.

Its address has a key that is made anew at each start. The page needs nothing but itself, and no script can run in it
but its own; no other page may show it in a frame or learn its address.
"""

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from jobs.pages import page_environment
from pipelines.aws import explain_errors
from pipelines.errors import SconesError
from pipelines.review.keyboard import CANNOT_TELL, NONE, SKIP, UNDO, class_keys
from pipelines.review.records import NONE_OF_THESE
from pipelines.review.session import Session

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",  # with no-referrer, browsers send forms with the Origin of a stranger
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
HTML = "text/html; charset=utf-8"
ASSETS = {"page.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8"}
FIELDS = {"answer": {"execution", "answer"}, "skip": {"execution"}}  # that the form of an action must have
LONGEST_FORM = 4096  # bytes
CANNOT_BE_TOLD = ""  # the value of that button; no class has this name


@dataclass(frozen=True)
class Answered:
    """An answer of this server."""

    status: HTTPStatus
    content: bytes = b""
    kind: str = "text/plain; charset=utf-8"
    location: str = ""


class ReviewPage:
    """The page of one session. `why_refused` says of a request why it is refused; empty if it is not."""

    def __init__(self, session: Session, key: str, why_refused: Callable[[Mapping[str, Any]], str]) -> None:
        self._session, self._key, self._why_refused = session, key, why_refused
        self._folder = Path(__file__).parent
        self._templates = page_environment(self._folder)
        self._pages: dict[str, Callable[[], Answered]] = {"": self._page, "photo.png": self._photo}
        self._actions: dict[str, Callable[[dict[str, str]], None]] = {
            "answer": lambda form: session.answer(form["execution"], form["answer"] or None),
            "skip": lambda form: session.skip(form["execution"]),
            "undo": lambda _: session.undo(),
            "here": lambda _: session.keep_alive(),
        }

    def __call__(self, environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
        """Answers one request."""
        try:
            with explain_errors():
                answered = self._answer(environ)
        except SconesError as error:
            answered = self._render(HTTPStatus.BAD_GATEWAY, "error.html", error=str(error))
        headers = {**HEADERS, "Content-Type": answered.kind, "Content-Length": str(len(answered.content))}
        if answered.location:
            headers["Location"] = answered.location
        start_response(f"{answered.status.value} {answered.status.phrase}", list(headers.items()))
        return [answered.content]

    def _answer(self, environ: dict[str, Any]) -> Answered:
        if reason := self._why_refused(environ):
            return Answered(HTTPStatus.FORBIDDEN, f"The review does not answer other web pages: {reason}".encode())
        key, _, name = environ.get("PATH_INFO", "").removeprefix("/").partition("/")
        if not hmac.compare_digest(key.encode(), self._key.encode()):
            return Answered(HTTPStatus.FORBIDDEN, b"The review has the address that `scones review` shows.")
        if environ["REQUEST_METHOD"] == "POST" and name in self._actions:
            return self._act(name, environ)
        if environ["REQUEST_METHOD"] != "GET":
            return Answered(HTTPStatus.METHOD_NOT_ALLOWED)
        if name in ASSETS:
            return Answered(HTTPStatus.OK, (self._folder / name).read_bytes(), ASSETS[name])
        page = self._pages.get(name)
        return page() if page else Answered(HTTPStatus.NOT_FOUND)

    def _act(self, name: str, environ: dict[str, Any]) -> Answered:
        form = _form(environ)
        if not FIELDS.get(name, set()) <= form.keys():
            return Answered(HTTPStatus.BAD_REQUEST, b"The form lacks a field.")
        self._actions[name](form)
        if name == "here":
            return Answered(HTTPStatus.NO_CONTENT)
        return Answered(HTTPStatus.SEE_OTHER, location=f"/{self._key}/")

    def _photo(self) -> Answered:
        shown = self._session.on_screen
        if shown is None or shown.picture.screen is None:
            return Answered(HTTPStatus.NOT_FOUND)
        return Answered(HTTPStatus.OK, shown.picture.screen, "image/png")

    def _page(self) -> Answered:
        session = self._session
        keys = class_keys(session.classes)
        return self._render(
            HTTPStatus.OK,
            "page.html",
            shown=session.current(),
            session=session,
            classes=[(name, keys.get(name, "")) for name in session.classes],
            none_of_these=(NONE_OF_THESE, NONE),
            cannot_tell=(CANNOT_BE_TOLD, CANNOT_TELL),
            skip=SKIP,
            undo=UNDO,
        )

    def _render(self, status: HTTPStatus, template: str, **values: Any) -> Answered:  # noqa: ANN401
        return Answered(status, self._templates.get_template(template).render(**values).encode(), HTML)


def _form(environ: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a form; one that is too long has none."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdecimal() and int(length) <= LONGEST_FORM):
        return {}
    text = environ["wsgi.input"].read(int(length)).decode(errors="replace")
    return {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}
