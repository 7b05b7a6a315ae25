"""What resources of stacks have in common, and where moto's CloudFormation looks for their classes."""

from collections.abc import Mapping
from typing import Any, ClassVar

from local.protocol.json_types import Record
from local.states.mending import replace


class Resource:
    """A resource that is there as soon as it is made, with one attribute for Fn::GetAtt, which subclasses name."""

    attribute: ClassVar[str]

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        """Whether Fn::GetAtt knows the attribute."""
        return attr == cls.attribute

    def is_created(self) -> bool:
        """It is, as soon as it is made."""
        return True


def add_to_moto(kinds: Mapping[str, type[Resource]]) -> None:
    """Lets moto's CloudFormation make resources of these types, by their names in templates."""
    from moto.cloudformation import parsing

    known = {**parsing.get_model_map(), **kinds}
    replace(parsing, "get_model_map", lambda: known)


def properties_of(given: tuple[Any, ...], named: Mapping[str, Any]) -> Record:
    """The properties in the arguments with which moto makes or updates a resource: the template comes second."""
    template: Record = named["cloudformation_json"] if "cloudformation_json" in named else given[1]
    found: Record = template.get("Properties", {})
    return found
