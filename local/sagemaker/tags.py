"""Tags of SageMaker's resources: AddTags, ListTags and DeleteTags, and the Resource Groups Tagging API."""

from collections.abc import Iterable, Iterator
from typing import Any

from local.protocol.errors import NotFoundError
from local.protocol.json_types import Record
from local.runtime.context import Context
from local.sagemaker.resources import Collection, Operation, paged

RESOURCES = ("GetResources", "GetTagKeys", "GetTagValues", "TagResources", "UntagResources")


class Tags:
    """Tags the resources of collections."""

    def __init__(self, context: Context, collections: Iterable[Collection]) -> None:
        self._context = context
        self._collections = tuple(collections)
        self._joined = False

    def operations(self) -> dict[str, Operation]:
        """The operations of the SageMaker API that are answered here."""
        return {
            "AddTags": lambda request: self.add(request["ResourceArn"], request["Tags"]),
            "ListTags": lambda request: paged("Tags", self._tagged(request["ResourceArn"]).get("Tags", []), request),
            "DeleteTags": lambda request: self.delete(request["ResourceArn"], request["TagKeys"]),
        }

    def add(self, arn: str, tags: list[Record]) -> Record:
        """Adds tags to a resource, or changes them. Raises NotFoundError."""
        record = self._tagged(arn)
        record["Tags"] = list({tag["Key"]: tag for tag in [*record.get("Tags", []), *tags]}.values())
        return {"Tags": record["Tags"]}

    def delete(self, arn: str, keys: list[str]) -> Record:
        """Removes tags from a resource. Raises NotFoundError."""
        record = self._tagged(arn)
        record["Tags"] = [tag for tag in record.get("Tags", []) if tag["Key"] not in keys]
        return {}

    def owns(self, arn: str) -> bool:
        """Whether an ARN is of one of the collections."""
        return any(arn.startswith(collection.arn("")) for collection in self._collections)

    def each(self) -> Iterator[tuple[str, str, list[Record]]]:
        """Kind, ARN and tags of all resources."""
        for collection in self._collections:
            for record in collection.records():
                yield collection.kind.arn, record[collection.kind.arn_key], record.get("Tags", [])

    def join(self) -> None:
        """Lets moto's Resource Groups Tagging API find these resources, and state machines where they are executed.

        moto asks its own SageMaker, and its Step Functions that executes nothing, as well.
        """
        if self._joined:
            return
        self._joined = True
        from moto.resourcegroupstaggingapi import models
        from moto.stepfunctions.models import StepFunctionBackend

        tagging: Any = models
        original, own = tagging.iter_taggable_backends, _taggable(self)

        def backends(account: str, region: str) -> Iterator[Any]:
            if (account, region) == (self._context.account, self._context.region):
                yield own
            yield from (each for each in original(account, region) if type(each) is not StepFunctionBackend)

        tagging.iter_taggable_backends = backends
        for name in ("_get_tag_keys_generator", "_get_tag_values_generator"):
            _wrap_once(tagging.ResourceGroupsTaggingAPIBackend, name)

    def _tagged(self, arn: str) -> Record:
        for collection in self._collections:
            if arn.startswith(collection.arn("")):
                return collection.find(arn)
        raise NotFoundError(f"There is no resource with the ARN {arn}")


def _wrap_once(backend: Any, name: str) -> None:  # noqa: ANN401
    """Lets one of moto's methods, which yields something for each resource, yield the same thing only once, as AWS."""
    method = getattr(backend, name)
    setattr(backend, name, lambda *given: iter(dict.fromkeys(method(*given))))


def _taggable(own: Tags) -> Any:  # noqa: ANN401
    """These resources in the form in which moto's Resource Groups Tagging API wants a service."""
    from moto.core.resource_tagging import TaggableResourcesMixin, TaggedResource

    class Taggable(TaggableResourcesMixin):
        SERVICE_NAMESPACE = "sagemaker"

        def iter_tagged_resources(self) -> Iterator[TaggedResource]:
            for kind, arn, tags in own.each():
                yield TaggedResource(arn, {tag["Key"]: tag["Value"] for tag in tags}, f"sagemaker:{kind}")

        def owns_arn(self, arn: str) -> bool:
            return own.owns(arn)

        def tag_resource(self, arn: str, tags: dict[str, str]) -> None:
            own.add(arn, [{"Key": key, "Value": value} for key, value in tags.items()])

        def untag_resource(self, arn: str, tag_keys: list[str]) -> None:
            own.delete(arn, tag_keys)

    return Taggable()
