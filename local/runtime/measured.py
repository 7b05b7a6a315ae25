"""What services measure of themselves, as they hand it to CloudWatch: that service stands above them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """One value of a metric that a service of AWS publishes by itself.

    `moment` is in seconds since 1970; 0 is now.
    """

    namespace: str
    name: str
    value: float
    dimensions: Mapping[str, str]
    unit: str = "Count"
    moment: float = 0.0


Measure = Callable[[Measured], None]


def unmeasured(_: Measured) -> None:
    """Forgets a value: for services without CloudWatch, in tests."""
