"""Access keys, with the secrets that sign requests."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@dataclass(frozen=True)
class Key:
    """An access key. Temporary ones have a session token, and those of a role the role's ARN."""

    access_key: str
    secret: str
    token: str = ""
    role: str = ""
    expiration: datetime | None = None

    @property
    def expired(self) -> bool:
        """Whether the key was valid only until now."""
        return self.expiration is not None and self.expiration <= datetime.now(UTC)

    def proof(self, port: int, nonce: str) -> str:
        """What only an owner of the secret can say about a port and a number that was never used before."""
        return hmac.new(self.secret.encode(), f"port {port} {nonce}".encode(), hashlib.sha256).hexdigest()


def new_key(prefix: str = "AKIA", *, temporary_until: datetime | None = None) -> Key:
    """A random key in AWS's format: 20 capital letters and digits, and a secret of 40 characters."""
    name = prefix + "LOCAL" + "".join(secrets.choice(LETTERS) for _ in range(11))
    token = secrets.token_urlsafe(48) if temporary_until else ""
    return Key(name, secrets.token_urlsafe(30), token, expiration=temporary_until)
