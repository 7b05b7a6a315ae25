"""Variables of the shell that could send clients of the local AWS elsewhere. Pure."""

from collections.abc import Mapping, MutableMapping

# boto3 and the `aws` command, botocore's plugins, boto, moto and the SageMaker SDK are led by variables of these names.
SEALED = ("AWS_", "BOTO_", "BOTOCORE_", "MOTO_", "SAGEMAKER_")
KEPT = ("SAGEMAKER_MODEL_SERVER_WORKERS",)  # leads no client; how many servers a model has (docs/local-aws/index.md)
NO_FILES = {  # neither ~/.aws nor the credentials of a virtual machine
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "AWS_EC2_METADATA_DISABLED": "true",
}
LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")  # some programs compare the last with its brackets


def seal(variables: MutableMapping[str, str]) -> None:
    """Removes all that the shell says about AWS, and keeps requests to this machine away from proxies."""
    for name in [name for name in variables if name.startswith(SEALED) and name not in KEPT]:
        del variables[name]
    variables.update(NO_FILES | loopback_without_proxy(variables))


def loopback_without_proxy(variables: Mapping[str, str]) -> dict[str, str]:
    """NO_PROXY with the loopback addresses added, in both spellings: some programs only read one of them."""
    hosts = variables.get("no_proxy") or variables.get("NO_PROXY") or ""
    if hosts.strip() != "*":  # which means all hosts, but only if it stands alone
        given = [host.strip() for host in hosts.split(",") if host.strip()]
        hosts = ",".join([*given, *(host for host in LOOPBACK if host not in given)])
    return {"NO_PROXY": hosts, "no_proxy": hosts}
