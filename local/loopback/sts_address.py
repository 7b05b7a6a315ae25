"""A plugin of botocore: clients that name AWS's own address of STS ask the local AWS in its place.

The SageMaker SDK gives that address to its clients of STS, whatever AWS_ENDPOINT_URL says. botocore loads the plugins
that a variable names, and goes on without those that are not installed.
"""

import os
import re
from typing import Any
from urllib.parse import urlsplit

from local.loopback.shell import LOOPBACK

SETTING = {"BOTOCORE_EXPERIMENTAL__PLUGINS": f"local-aws={__name__}"}
STS_OF_AWS = re.compile(r"https://sts(\.[a-z0-9-]+)?\.amazonaws\.com(\.cn)?")


def initialize_client_plugin(client: Any) -> None:  # noqa: ANN401
    """Redirects a client of STS, if AWS_ENDPOINT_URL names an address on this machine. botocore calls it."""
    address = os.environ.get("AWS_ENDPOINT_URL", "").rstrip("/")
    if STS_OF_AWS.fullmatch(client.meta.endpoint_url) and urlsplit(address).hostname in LOOPBACK:

        def redirect(request: Any, **_: Any) -> None:  # noqa: ANN401
            request.url = STS_OF_AWS.sub(lambda _: address, request.url, count=1)

        client.meta.events.register("before-sign.sts", redirect)
