"""The drivers of the SDK's ModelTrainer, which find no other instance here."""

import pytest

from local.protocol.errors import ValidationError
from local.sagemaker.jobs.training import refuse_drivers

CHANNELS = [{"ChannelName": "code"}, {"ChannelName": "sm_drivers"}]


def test_several_instances_are_refused_at_once() -> None:
    refuse_drivers({"InputDataConfig": CHANNELS, "ResourceConfig": {"InstanceCount": 1}})
    refuse_drivers({"InputDataConfig": CHANNELS[:1], "ResourceConfig": {"InstanceCount": 2}})
    with pytest.raises(ValidationError, match="look for the host algo-1"):
        refuse_drivers({"InputDataConfig": CHANNELS, "ResourceConfig": {"InstanceCount": 2}})
