"""To whom a local AWS proves itself."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from local.entrance.health import answer
from local.runtime.context import Context
from local.runtime.keys import new_key


def test_a_key_that_has_expired_is_proved_so_that_its_owner_learns_that_it_has(tmp_path: Path) -> None:
    context = Context(tmp_path, "eu-west-1", 4566)
    old = new_key("ASIA", temporary_until=datetime.now(UTC) - timedelta(hours=1))
    context.sessions.append(old)
    assert answer(context, {"key": old.access_key, "nonce": "1"}) == {"proof": old.proof(4566, "1")}


def test_a_proof_holds_for_one_key_port_and_number(tmp_path: Path) -> None:
    context = Context(tmp_path, "eu-west-1", 4566)
    key = context.administrator
    assert answer(context, {"key": key.access_key, "nonce": "1"}) == {"proof": key.proof(4566, "1")}
    assert len({key.proof(4566, "1"), key.proof(4567, "1"), key.proof(4566, "2"), context.engine.proof(4566, "1")}) == 4
    for arguments in ({}, {"nonce": "1"}, {"key": "", "nonce": "1"}, {"key": "AKIAELSEWHERE", "nonce": "1"}):
        assert answer(context, arguments) == {"unknown_key": True}
