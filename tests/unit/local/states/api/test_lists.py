import pytest

from local.protocol.errors import ServiceError
from local.states.api.executions import check_input
from local.states.api.history import DATA, shown
from local.states.api.pages import cut
from local.states.language.sizes import LIMIT


def test_a_token_leads_from_page_to_page() -> None:
    assert cut([1, 2, 3], None, 2) == ([1, 2], "2")
    assert cut([1, 2, 3], "2", 2) == ([3], "")


def test_a_token_that_was_not_given_is_refused() -> None:
    with pytest.raises(ServiceError, match="Invalid Token: 'x'") as refused:
        cut([1], "x", 1)
    assert refused.value.code == "InvalidToken"


def test_an_event_is_shown_without_data_and_without_what_has_no_value() -> None:
    event = {"id": 1, "stateEnteredEventDetails": {"name": "A", "input": "{}", "cause": None}}
    assert shown(event, ()) == {"id": 1, "stateEnteredEventDetails": {"name": "A", "input": "{}"}}
    assert shown(event, DATA) == {"id": 1, "stateEnteredEventDetails": {"name": "A"}}


@pytest.mark.parametrize("text", ["", "{'not': 'json'}", '"' + "x" * (LIMIT - 1) + '"'])
def test_what_cannot_be_an_input_is_refused(text: str) -> None:
    with pytest.raises(ServiceError, match="Invalid State Machine Execution Input") as refused:
        check_input(text)
    assert refused.value.code == "InvalidExecutionInput"


@pytest.mark.parametrize("text", ["2", "null", '"' + "x" * (LIMIT - 2) + '"'])
def test_any_json_of_262144_bytes_is_an_input(text: str) -> None:
    check_input(text)
