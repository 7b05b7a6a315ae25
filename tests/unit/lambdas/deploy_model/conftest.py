"""An account in which the function has already deployed."""

import pytest
from unit.lambdas.deploy_model.executions import approve
from unit.lambdas.sagemaker_in_memory import Account


@pytest.fixture
def serving(account: Account) -> Account:
    """An account whose endpoint serves version 1."""
    assert approve(account, 1)["state"] == "settled"
    return account
