"""Sends an event to the bus for each new object of a bucket that asks for it.

moto: gives such events to the targets of all rules, whatever their patterns say, and all have the same request and
sequencer; a completed upload is also a PutObject; what a template says about notifications is lost. AWS ("EventBridge
event message structure" in S3's user guide): as here, with events for other changes as well.
"""

import secrets
import string
import time
from collections.abc import Callable
from typing import Any

from local.protocol.json_types import Record
from local.states.mending import replace, wrap

Publish = Callable[[str, list[str], Record], None]  # detail-type, resources and detail
REASONS = {
    "s3:ObjectCreated:Put": "PutObject",
    "s3:ObjectCreated:Post": "POST Object",
    "s3:ObjectCreated:Copy": "CopyObject",
    "s3:ObjectCreated:CompleteMultipartUpload": "CompleteMultipartUpload",
}
PUT = "s3:ObjectCreated:Put"
END = "</NotificationConfiguration>"
REQUEST_ID = string.ascii_uppercase + string.digits


def mend(publish: Publish) -> None:
    """Lets moto's S3 hand new objects to `publish`, and templates switch that on."""
    from moto.s3 import models, notifications, responses

    def send(account: str, bucket: Any, event_name: str, key: Any) -> None:
        is_part_of_another = event_name == PUT and key.multipart is not None
        if event_name in REASONS and not is_part_of_another:
            publish("Object Created", [bucket.arn], detail(account, bucket.name, key, REASONS[event_name]))

    replace(notifications, "_send_event_bridge_message", send)
    wrap(models.FakeBucket, "create_from_cloudformation_json", _configured)
    wrap(models.FakeBucket, "update_from_cloudformation_json", _configured)
    wrap(responses.S3Response, "get_bucket_notification", _read)


def detail(account: str, bucket: str, key: Any, reason: str) -> Record:
    """The `detail` of an event. Of a bucket without versioning, objects have no version-id."""
    version = {"version-id": key.version_id} if key.version_id != "null" else {}
    return {
        "version": "0",
        "bucket": {"name": bucket},
        "object": {
            "key": key.name,
            "size": key.size,
            "etag": key.etag.strip('"'),
            **version,
            "sequencer": f"{time.time_ns():018X}",
        },
        "request-id": "".join(secrets.choice(REQUEST_ID) for _ in range(16)),
        "requester": account,
        "source-ip-address": "127.0.0.1",
        "reason": reason,
    }


def _configured(make: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Lets moto make or change a bucket of a template, and does what the template says about EventBridge."""
    bucket = make(*given, **named)
    template = named["cloudformation_json"] if "cloudformation_json" in named else given[1]
    asked = template.get("Properties", {}).get("NotificationConfiguration", {}).get("EventBridgeConfiguration")
    # The switch may be the text that a parameter has. Without it, events are sent.
    sends = asked is not None and str(asked.get("EventBridgeEnabled", True)).lower() == "true"
    bucket.set_notification_configuration({"EventBridgeConfiguration": {}} if sends else None)
    return bucket


def _read(read: Callable[..., Any], self: Any) -> Any:
    """GetBucketNotificationConfiguration, of which moto leaves EventBridge out."""
    status, headers, body = read(self)
    configuration = self.backend.get_bucket_notification_configuration(self.bucket_name)
    if configuration is not None and configuration.event_bridge is not None:
        if body.endswith("/>"):  # there is nothing else
            body = body.removesuffix("/>") + f">{END}"
        body = body.replace(END, f"<EventBridgeConfiguration/>{END}")
    return status, headers, body
