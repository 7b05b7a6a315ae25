"""Whether the endpoint is scaled as the configuration says, and whether it has room to grow."""

from collections.abc import Iterator

from lambdas.shared.deployments import scalable_target
from pipelines.aws import Aws
from pipelines.doctor.findings import Finding, good, todo
from pipelines.settings.model import Settings
from pipelines.settings.naming import Names
from pipelines.waiting.endpoint import describe_endpoint


def scaling(aws: Aws, settings: Settings, names: Names) -> Iterator[Finding]:
    """The number of instances and its limits; nothing without `endpoint.scaling` or an endpoint in service."""
    endpoint = describe_endpoint(aws, names.endpoint) if settings.endpoint.scaling.enabled else None
    if endpoint is None or endpoint["EndpointStatus"] != "InService":
        return
    least, most = settings.endpoint.instances
    target = scalable_target(names.endpoint)
    targets = aws.client("application-autoscaling").describe_scalable_targets(
        ServiceNamespace=target["ServiceNamespace"],
        ResourceIds=[target["ResourceId"]],
        ScalableDimension=target["ScalableDimension"],
    )["ScalableTargets"]
    count = sum(each.get("DesiredInstanceCount", 0) for each in endpoint["ProductionVariants"])
    if not targets:
        yield todo("scaling", "the endpoint is not registered; deploy-model does that within the hour, or logs why not")
    elif (targets[0]["MinCapacity"], targets[0]["MaxCapacity"]) != (least, most):
        found = f"{targets[0]['MinCapacity']} to {targets[0]['MaxCapacity']}"
        yield todo("scaling", f"from {found} instances, not {least} to {most}; run `scones deploy`, or wait an hour")
    elif count >= most:
        yield todo("scaling", f"all {most} instances are in use; if that lasts, raise endpoint.scaling.max_instances")
    else:
        yield good("scaling", f"{count} instances, from {least} to {most}")
