"""Answers requests below `/_status/`: the overview, an execution, a log."""

import hmac
from collections.abc import Callable
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from moto.core.request import Request
from werkzeug.wrappers import Response

from local.protocol.errors import ServiceError
from local.runtime.context import Context, now
from local.status import others, sagemaker
from local.status.records import Execution, Overview
from local.status.timeline import bars

PATH = "/_status/"  # no bucket can have this name
# The page needs nothing but itself. No other page may show it in a frame, or learn its address, which has the key.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


class StatusPage:
    """The pages, for whoever has the address with the key. It only reads."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
        )
        self._pages: dict[str, Callable[[Request], str]] = {
            "": self._overview,
            "execution": self._execution,
            "logs": self._logs,
        }

    def answer(self, request: Request) -> Response:
        """A page. Raises ServiceError without the key, and for what is not there."""
        key, _, name = request.path.removeprefix(PATH).partition("/")
        if not hmac.compare_digest(key.encode(), self._context.status_key.encode()):
            raise ServiceError("AccessDenied", "The status page has the address that `scones local up` shows", 403)
        page = self._pages.get(name)
        if page is None or request.method not in {"GET", "HEAD"}:
            raise ServiceError("NotFound", f"The status page has no '{name}'", 404)
        try:
            return Response(page(request), 200, HEADERS, content_type="text/html; charset=utf-8")
        except ClientError as error:
            raise ServiceError("NotFound", error.response["Error"]["Message"], 404) from error

    def _overview(self, _: Request) -> str:
        context = self._context
        overview = Overview(
            executions=sagemaker.executions(context),
            workflows=others.workflows(context),
            jobs=sagemaker.jobs(context),
            endpoints=sagemaker.endpoints(context),
            alarms=others.alarms(context),
            versions=sagemaker.versions(context),
            queues=others.queues(context),
            functions=others.functions(context),
            happened=others.happened(context),
        )
        return self._render("overview.html", "Overview", overview=overview)

    def _execution(self, request: Request) -> str:
        arn = request.args.get("arn", "")
        look: Callable[[Context, str], Execution] = others.workflow if ":states:" in arn else sagemaker.execution
        found = look(self._context, arn)
        return self._render("execution.html", found.run.name, execution=found, bars=bars(found.steps, now()))

    def _logs(self, request: Request) -> str:
        group, stream = request.args.get("group", ""), request.args.get("stream", "")
        lines = others.log_lines(self._context, group, stream)
        return self._render("log.html", stream.rstrip("/") or group, group=group, lines=lines)

    def _render(self, template: str, title: str, **values: Any) -> str:  # noqa: ANN401
        return self._templates.get_template(template).render(title=title, context=self._context, now=now(), **values)
