"""The names of regions for people, which CloudWatch writes in its messages: EU (Ireland)."""

import functools

from botocore.session import Session


@functools.cache
def region_name(region: str) -> str:
    """The name of a region; its code if it has none. What AWS calls Europe elsewhere is the EU in these messages."""
    partitions = Session().get_data("partitions")["partitions"]
    known = {code: each["description"] for partition in partitions for code, each in partition["regions"].items()}
    return str(known.get(region, region)).replace("Europe (", "EU (")
