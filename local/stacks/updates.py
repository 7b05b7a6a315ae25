"""Updates of stacks: what a template does not have any more is gone, conditions hold, and topics stay what they are.

moto: a resource that an update has taken away cannot come back, conditions count only when a stack is made, and a topic
is deleted and made anew, without its policy and its subscriptions.
"""

import functools
from collections.abc import Callable
from typing import Any

from local.protocol.json_types import Record
from local.states.mending import wrap


@functools.cache
def mend() -> None:
    """Lets moto's CloudFormation do that."""
    from moto.cloudformation import parsing
    from moto.sns.models import Topic

    wrap(parsing.ResourceMap, "update", _update)
    wrap(parsing, "parse_and_update_resource", _update_resource)
    wrap(Topic, "update_from_cloudformation_json", _update_topic)


def _update(update: Callable[..., None], stack: Any, template: Record, parameters: Record | None = None) -> None:
    before = set(stack._resource_json_map)
    update(stack, template, parameters)
    for name in before - set(template["Resources"]):
        stack._parsed_resources.pop(name, None)
    for name, resource in template["Resources"].items():
        if "Condition" in resource:
            _make_or_delete(stack, name, resource)


def _make_or_delete(stack: Any, name: str, resource: Record) -> None:
    """Does what a resource's condition says after the update."""
    made = stack._parsed_resources.get(name)
    if not stack.lazy_condition_map[resource["Condition"]]:
        stack._parsed_resources.pop(name, None)
        if made is not None:
            stack._delete_resource(made, resource)
    elif made is None:
        stack._parsed_resources.pop(name, None)
        stack[name]  # makes it


def _update_resource(update: Callable[..., Any], name: str, resource: Record, stack: Any, **where: str) -> Any:
    """Leaves a resource as it is whose condition does not hold; there may be none to update."""
    if "Condition" in resource and not stack.lazy_condition_map[resource["Condition"]]:
        return stack._parsed_resources.get(name)
    return update(name, resource, stack, **where)


def _update_topic(make_anew: Callable[..., Any], **given: Any) -> Any:
    """Changes a topic, unless it gets another name."""
    from moto.core.utils import camelcase_to_underscores

    topic, properties = given["original_resource"], given["cloudformation_json"]["Properties"]
    if properties.get("TopicName", topic.name) != topic.name:
        return make_anew(**given)
    for member, value in properties.items():
        setattr(topic, camelcase_to_underscores(member), value)
    for each in properties.get("Subscription", []):
        topic.sns_backend.subscribe(topic.arn, each["Endpoint"], each["Protocol"])
    return topic
