from local.sagemaker.jobs.training import explain

FAILURE = 'ExecuteUserScriptError:\nExitCode {code}\nErrorMessage "{message}"\nCommand "python train.py --epochs 1"'


def test_the_toolkits_failure_gets_the_scripts_last_words() -> None:
    tail = ["Traceback", "ValueError: no rows", "… ERROR    Reporting training FAILURE", "ExitCode 1"]
    assert explain(FAILURE.format(code=1, message=""), tail) == (
        "ExecuteUserScriptError:\nExitCode 1\n"
        'ErrorMessage "Traceback\nValueError: no rows"\nCommand "python train.py --epochs 1"'
    )
    assert 'ErrorMessage "said"' in explain(FAILURE.format(code=1, message="said"), tail)
    assert "ExitCode -9 (killed by signal 9)\n" in explain(FAILURE.format(code=-9, message=""), tail)
    assert explain("anything else", tail) == "anything else"
