from pipelines.settings.naming import Names


def test_names_are_derived_and_fit_aws(names: Names) -> None:
    assert names.bucket == "scones-unlimited-local-123456789012-eu-west-1"
    assert len(names.bucket) <= 63
    assert names.function_arn("classify-image").endswith(":function:scones-unlimited-local-classify-image")
    assert names.s3("code", "steps") == f"s3://{names.bucket}/code/steps"
    assert names.state_machine_arn.endswith("stateMachine:scones-unlimited-local-inference")
