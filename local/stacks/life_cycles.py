"""The rules of a bucket's life cycle in a template, in the form in which S3's API has them. Pure."""

from local.protocol.json_types import Record

EXPIRATION = {
    "ExpirationInDays": "Days",
    "ExpirationDate": "Date",
    "ExpiredObjectDeleteMarker": "ExpiredObjectDeleteMarker",
}
TRANSITION = {"TransitionInDays": "Days", "TransitionDate": "Date", "StorageClass": "StorageClass"}
KEPT = ("AbortIncompleteMultipartUpload",)  # what has the same form in both


def api_rules(configuration: Record) -> list[Record]:
    """The rules of a template's LifecycleConfiguration."""
    return [_rule(each) for each in configuration.get("Rules", [])]


def _rule(rule: Record) -> Record:
    found: Record = {"ID": rule.get("Id"), "Status": rule["Status"], "Filter": _filter(rule)}
    found |= {name: rule[name] for name in KEPT if name in rule}
    if expiration := _renamed(rule, EXPIRATION):
        found["Expiration"] = expiration
    if transitions := rule.get("Transitions"):
        found["Transition"] = [_renamed(each, TRANSITION) for each in transitions]
    days = rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays")
    if days := days or rule.get("NoncurrentVersionExpirationInDays"):
        found["NoncurrentVersionExpiration"] = {"NoncurrentDays": days}
    return found


def _filter(rule: Record) -> Record:
    prefix, tags = rule.get("Prefix", ""), rule.get("TagFilters")
    return {"And": {"Prefix": prefix, "Tag": tags}} if tags else {"Prefix": prefix}


def _renamed(found: Record, names: dict[str, str]) -> Record:
    return {api: found[name] for name, api in names.items() if name in found}
