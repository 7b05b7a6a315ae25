from local.states.maps.settings import taken


def test_what_the_grammar_lacks_is_taken_out() -> None:
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}}
    config = {"InputType": "JSONL", "MaxItems": 3}
    state = {
        "ItemProcessor": processor,
        "ItemBatcher": {"MaxItemsPerBatch": 2},
        "ItemReader": {"Resource": "r", "ReaderConfig": config},
        "ResultWriter": {"Resource": "w"},
        "ToleratedFailurePercentage": 30,
    }
    settings = taken(state, processor, "JSONPath")
    assert state == {
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}},
        "ItemReader": {"Resource": "r", "ReaderConfig": {"InputType": "JSON", "MaxItems": 3}},
        "ToleratedFailurePercentage": 30.0,
    }
    assert (settings.batcher, settings.reader, settings.writer) == ({"MaxItemsPerBatch": 2}, config, {"Resource": "w"})
    assert (settings.counted, settings.measured, settings.express) == (False, True, True)
