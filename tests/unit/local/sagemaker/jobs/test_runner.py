import pytest

from local.protocol.errors import LocalAwsError
from local.sagemaker.jobs.runner import stop_seconds


def test_the_time_to_stop() -> None:
    assert stop_seconds({}) == 120
    assert stop_seconds({"LOCAL_AWS_STOP_SECONDS": "0.5"}) == 0.5
    for wrong in ("soon", "-1", "121", "nan"):
        with pytest.raises(LocalAwsError, match=f"is '{wrong}'; expected seconds, from 0 to 120"):
            stop_seconds({"LOCAL_AWS_STOP_SECONDS": wrong})
