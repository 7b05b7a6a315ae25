"""Uploads by a form that the owner of a key has signed beforehand (`generate_presigned_post`)."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO

from moto.core.request import Request
from werkzeug.wrappers import Request as PlainRequest

from local.entrance.claims import Claim, of_credential
from local.entrance.signatures import signing_key
from local.protocol.calls import replace_body
from local.protocol.json_types import Json
from local.runtime.keys import Key

# Fields that no condition of the policy has to mention.
FREE = ("policy", "file", "signature", "x-amz-signature", "awsaccesskeyid")
FREE_PREFIX = "x-ignore-"


class Form:
    """The fields of a form. Reads the body of the request."""

    def __init__(self, request: Request) -> None:
        body = request.get_data(parse_form_data=False)
        replace_body(request, body)  # for moto to read it again
        copy = PlainRequest({**request.environ, "wsgi.input": BytesIO(body)})
        self._fields = {name.lower(): value for name, value in copy.form.items()}
        self._size = sum(len(part.read()) for part in copy.files.values())
        self._bucket = request.path.strip("/")

    def claim(self) -> Claim | None:
        """Who claims to have signed the form; None if it is not signed. Raises ValueError if it cannot be read."""
        fields, token = self._fields, self._fields.get("x-amz-security-token", "")
        if "x-amz-credential" in fields:
            moment = datetime.strptime(fields.get("x-amz-date", ""), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            signature = fields.get("x-amz-signature", "")
            return of_credential("form", fields["x-amz-credential"], "", signature, token, moment)
        if "awsaccesskeyid" in fields:
            signature = fields.get("signature", "")
            return Claim("form", fields["awsaccesskeyid"], "s3", signature, token, datetime.now(UTC))
        return None

    def signature(self, claim: Claim, key: Key) -> str:
        """The signature that the policy must have."""
        policy = self._fields.get("policy", "").encode()
        if claim.scope:
            return hmac.new(signing_key(claim.scope, key), policy, hashlib.sha256).hexdigest()
        return base64.b64encode(hmac.new(key.secret.encode(), policy, hashlib.sha1).digest()).decode()

    def complaint(self) -> str:
        """Why the form is not what its policy allows; empty if it is. Raises ValueError if there is no such policy."""
        policy = json.loads(base64.b64decode(self._fields.get("policy", ""), validate=True))
        if datetime.fromisoformat(policy["expiration"]) <= datetime.now(UTC):
            return "Policy expired."
        conditions = list(_conditions(policy["conditions"]))
        values = {**self._fields, "bucket": self._bucket}
        for operator, name, wanted in conditions:
            if not _holds(operator, values.get(name, ""), wanted, self._size):
                return f'Policy Condition failed: ["{operator}", "${name}", {json.dumps(wanted)}]'
        extra = set(self._fields) - {name for _, name, _ in conditions} - set(FREE)
        extra = {name for name in extra if not name.startswith(FREE_PREFIX)}
        return f"Extra input fields: {', '.join(sorted(extra))}" if extra else ""


def _conditions(listed: list[Json]) -> Iterator[tuple[str, str, Json]]:
    """Operator, field and wanted value of each condition."""
    for condition in listed:
        if isinstance(condition, Mapping):
            yield from (("eq", name.lower(), value) for name, value in condition.items())
        elif condition[0] == "content-length-range":
            yield condition[0], "", condition[1:]
        else:
            yield condition[0].lower(), condition[1].removeprefix("$").lower(), condition[2]


def _holds(operator: str, value: str, wanted: Json, size: int) -> bool:
    if operator == "content-length-range":
        return int(wanted[0]) <= size <= int(wanted[1])
    return value.startswith(wanted) if operator == "starts-with" else operator == "eq" and value == wanted
