"""Proves to whoever has a key of this local AWS that it is the one which gave out that key.

A client asks with a number that it made up for this one question. The answer can be computed only with the secret of
the client's own key, which is never sent. It holds for one port alone: who listens on another one cannot pass the
question on and give the answer as its own.
"""

from collections.abc import Mapping

from local.iam.identities.keys import find_key
from local.protocol.json_types import Record
from local.runtime.context import Context

PATH = "/_health"  # no bucket can have this name


def answer(context: Context, arguments: Mapping[str, str]) -> Record:
    """The proof for the owner of the key that the question names; none for a key that was not given out here.

    A key that has expired is proved as well: a client then learns by its first request that it has expired.
    """
    key = find_key(context, arguments.get("key", ""))
    return {"proof": key.proof(context.port, arguments.get("nonce", ""))} if key else {"unknown_key": True}
