"""Makes AWS::SQS::QueuePolicy and AWS::SNS::TopicPolicy of templates, which moto's CloudFormation skips.

AWS: while such a resource exists, its document is the policy of each queue or topic that it names. After that, the
queue has no policy, and the topic the one that every new topic has.
"""

import functools
import json
from typing import Any, ClassVar, Self

from local.protocol.json_types import Record
from local.stacks.resources import Resource, add_to_moto


class ResourcePolicy(Resource):
    """A resource of a stack, with the methods by which moto's CloudFormation makes, changes and deletes it."""

    cloud_type: ClassVar[str]
    member: ClassVar[str]  # of its properties, which lists the queues or topics
    attribute = "Id"

    def __init__(self, name: str, holders: list[str]) -> None:
        self.physical_resource_id = name
        self.holders = holders

    @classmethod
    def holder(cls, name: str, account_id: str, region: str) -> Any:
        """The queue or topic by its URL or ARN. Raises moto's error if there is none."""
        raise NotImplementedError

    @classmethod
    def take_from(cls, holder: Any) -> None:
        """Gives a queue or topic the policy that it has without this resource."""
        raise NotImplementedError

    def get_cfn_attribute(self, _: str) -> str:
        """The value of the attribute Id."""
        return self.physical_resource_id

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Record, account_id: str, region_name: str, **_: object
    ) -> Self:
        """Gives the document to all that the resource names."""
        properties = cloudformation_json["Properties"]
        document = properties["PolicyDocument"]
        holders = [cls.holder(name, account_id, region_name) for name in properties[cls.member]]
        for holder in holders:
            holder.policy = document if isinstance(document, str) else json.dumps(document)
        return cls(resource_name, properties[cls.member])

    @classmethod
    def update_from_cloudformation_json(
        cls,
        original_resource: Self,
        new_resource_name: str,  # noqa: ARG003 - it keeps its name
        cloudformation_json: Record,
        account_id: str,
        region_name: str,
    ) -> Self:
        """Gives the new document to all that it names now, and takes the old one from what it names no more."""
        name = original_resource.physical_resource_id
        changed = cls.create_from_cloudformation_json(name, cloudformation_json, account_id, region_name)
        left = [each for each in original_resource.holders if each not in changed.holders]
        cls(name, left).delete(account_id, region_name)
        return changed

    def delete(self, account_id: str, region_name: str) -> None:
        """Takes the document from all that the resource names, unless they are gone."""
        from moto.sns.exceptions import TopicNotFound
        from moto.sqs.exceptions import QueueDoesNotExist

        for name in self.holders:
            try:
                self.take_from(self.holder(name, account_id, region_name))
            except (QueueDoesNotExist, TopicNotFound):
                continue


class QueuePolicy(ResourcePolicy):
    """An AWS::SQS::QueuePolicy."""

    cloud_type = "AWS::SQS::QueuePolicy"
    member = "Queues"

    @classmethod
    def holder(cls, name: str, account_id: str, region: str) -> Any:
        """The queue with a URL."""
        from moto.sqs.models import sqs_backends

        return sqs_backends[account_id][region].get_queue(name.rpartition("/")[2])

    @classmethod
    def take_from(cls, holder: Any) -> None:
        """Leaves the queue without a policy."""
        holder.policy = ""


class TopicPolicy(ResourcePolicy):
    """An AWS::SNS::TopicPolicy."""

    cloud_type = "AWS::SNS::TopicPolicy"
    member = "Topics"

    @classmethod
    def holder(cls, name: str, account_id: str, region: str) -> Any:
        """The topic with an ARN."""
        from moto.sns.models import sns_backends

        return sns_backends[account_id][region].get_topic(name)

    @classmethod
    def take_from(cls, holder: Any) -> None:
        """Gives the topic the policy of a new one."""
        backend = holder.sns_backend
        holder.policy = json.dumps(
            holder._create_default_topic_policy(backend.region_name, holder.account_id, holder.name)
        )


@functools.cache
def mend() -> None:
    """Lets moto's CloudFormation make both."""
    add_to_moto({kind.cloud_type: kind for kind in (QueuePolicy, TopicPolicy)})
