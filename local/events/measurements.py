"""The metrics of rules, with the names and dimensions of "Monitoring Amazon EventBridge" in AWS's user guide.

EventBridge publishes none of them while it is zero.
"""

from local.runtime.measured import Measured

NAMESPACE = "AWS/Events"


def of_rule(arn: str, name: str) -> Measured:
    """One occurrence of what a metric counts. A rule of another bus than the default one is found by that as well."""
    bus, _, rule = arn.partition(":rule/")[2].rpartition("/")
    return Measured(NAMESPACE, name, 1.0, {"EventBusName": bus, "RuleName": rule} if bus else {"RuleName": rule})
