import pytest

from local.protocol.errors import JobError, ServiceError
from local.sagemaker.pipelines.retries import fault, pause

POLICY = {"ExceptionType": ["Step.SERVICE_FAULT"], "IntervalSeconds": 2, "BackoffRate": 3.0, "MaxAttempts": 2}
BROKEN = ServiceError("InternalFailure", "it broke", 500)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (BROKEN, "Step.SERVICE_FAULT"),
        (ServiceError("ThrottlingException", "too fast"), "Step.THROTTLING"),
        (ServiceError("ResourceLimitExceeded", "too many"), "SageMaker.RESOURCE_LIMIT"),
        (JobError("InternalServerError: OSError: no space"), "SageMaker.JOB_INTERNAL_ERROR"),
        (JobError("CapacityError: none left"), "SageMaker.CAPACITY_ERROR"),
        (JobError("AlgorithmError: exit code 1"), None),
        (ServiceError("ValidationException", "no"), None),
    ],
)
def test_faults_have_names(error: JobError | ServiceError, expected: str | None) -> None:
    assert fault(error) == expected


def test_pauses_grow_until_the_attempts_are_used_up() -> None:
    assert [pause([POLICY], BROKEN, attempts, 0) for attempts in (1, 2, 3)] == [2, 6, None]


def test_a_policy_expires() -> None:
    policy = {"ExceptionType": ["Step.SERVICE_FAULT"], "ExpireAfterMin": 1}
    assert pause([policy], BROKEN, 1, 10) == 1
    assert pause([policy], BROKEN, 1, 60) is None


def test_only_the_policy_of_the_fault_counts() -> None:
    assert pause([POLICY], JobError("AlgorithmError: no"), 1, 0) is None
    assert pause([{"ExceptionType": ["Step.THROTTLING"]}, POLICY], BROKEN, 1, 0) == 2
    assert pause([], BROKEN, 1, 0) is None


def test_the_defaults_of_a_policy() -> None:
    policy = {"ExceptionType": ["Step.SERVICE_FAULT"]}
    assert [pause([policy], BROKEN, attempts, 0) for attempts in range(1, 7)] == [1, 2, 4, 8, 16, None]


def test_an_attempt_may_start_until_the_moment_a_policy_expires() -> None:
    policy = {"ExceptionType": ["Step.SERVICE_FAULT"], "IntervalSeconds": 10, "ExpireAfterMin": 2}
    assert pause([policy], BROKEN, 1, 110) == 10
    assert pause([policy], BROKEN, 1, 110.1) is None
