"""Generic store for SageMaker resources: ARNs, errors, filters, sorting and pagination."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import RLock

from botocore.model import ListShape

from local.protocol.errors import ServiceError, ValidationError
from local.protocol.json_protocol import operation_model, timestamp
from local.protocol.json_types import Json, Record
from local.runtime.context import Context, now

Operation = Callable[[Record], Record]
PAGE = 10  # items in a list if MaxResults is absent, as in SageMaker


@dataclass(frozen=True)
class Kind:
    """A kind of resource: its name, the messages of its errors, and the order of its lists."""

    noun: str
    missing: str = 'Could not find {words} "{arn}".'
    existing: str = 'Cannot create already existing {words} "{arn}".'
    missing_code: str = "ValidationException"
    existing_code: str = "ValidationException"
    descending: bool = True

    @property
    def title(self) -> str:
        """The kind in words, as in the titles of events."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", self.noun)

    @property
    def arn(self) -> str:
        """The resource type in ARNs."""
        return self.title.lower().replace(" ", "-")

    @property
    def summaries(self) -> str:
        """The member with the list in the answer of the List operation."""
        answer: Json = operation_model("sagemaker", f"List{self.noun}s").output_shape
        names: list[str] = [name for name, member in answer.members.items() if isinstance(member, ListShape)]
        return names[0]

    def worded(self, text: str, name: str, arn: str) -> str:
        """An error message about a resource."""
        return text.format(words=self.title.lower(), name=name, arn=arn)

    @property
    def name_key(self) -> str:
        """The member with the name."""
        return f"{self.noun}Name"

    @property
    def arn_key(self) -> str:
        """The member with the ARN."""
        return f"{self.noun}Arn"

    @property
    def status_key(self) -> str:
        """The member with the status."""
        return f"{self.noun}Status"


class Collection:
    """All resources of one kind. A record is the answer of the Describe operation, with the tags added."""

    def __init__(self, kind: Kind, context: Context) -> None:
        self.kind = kind
        self._context = context
        self._records: dict[str, Record] = {}
        self._lock = RLock()

    def operations(self) -> dict[str, Operation]:
        """The operations that are the same for all kinds."""
        noun, key = self.kind.noun, self.kind.name_key
        return {
            f"Describe{noun}": lambda request: self.find(request[key]),
            f"List{noun}s": self.page,
            f"Delete{noun}": lambda request: self.remove(request[key]),
        }

    def arn(self, name: str) -> str:
        """The ARN of the resource with a name."""
        return self._context.arn("sagemaker", f"{self.kind.arn}/{name}")

    def add(self, request: Record, **more: Json) -> Record:
        """Adds a record made of the request, ARN, times and `more`. Raises ServiceError if the name exists."""
        name = request[self.kind.name_key]
        moment = now()
        record = {
            **request,
            self.kind.arn_key: self.arn(name),
            "CreationTime": moment,
            "LastModifiedTime": moment,
            **more,
        }
        with self._lock:
            if name in self._records:
                raise ServiceError(self.kind.existing_code, self.kind.worded(self.kind.existing, name, self.arn(name)))
            self._records[name] = record
        return record

    def find(self, name: str) -> Record:
        """Finds a record by name or ARN. Raises ServiceError."""
        prefix = self.arn("")
        name = name.removeprefix(prefix)
        record = self._records.get(name)
        if record is None:
            raise ServiceError(self.kind.missing_code, self.kind.worded(self.kind.missing, name, self.arn(name)))
        return record

    def remove(self, name: str) -> Record:
        """Removes a record and returns it. Raises ServiceError."""
        with self._lock:
            record = self.find(name)
            del self._records[record[self.kind.name_key]]
        return record

    def records(self) -> list[Record]:
        """All records, oldest first."""
        with self._lock:
            return list(self._records.values())

    def remember(self) -> dict[str, Record]:
        """All records by name."""
        with self._lock:
            return dict(self._records)

    def recall(self, kept: dict[str, Record]) -> None:
        """Takes back what `remember` gave."""
        self._records = kept

    def page(self, request: Record) -> Record:
        """Answers the List operation."""
        return page(self.kind, self.records(), request)


def page(kind: Kind, records: Iterable[Record], request: Record) -> Record:
    """One page of a List operation: filters, sorts and cuts the records as the request asks."""
    members = {"Name": kind.name_key, "Status": kind.status_key}
    by: str = request.get("SortBy", "CreationTime")
    order = request.get("SortOrder", "Descending" if kind.descending else "Ascending")
    chosen = sorted(
        (record for record in records if _matches(kind, record, request)),
        key=lambda record: record.get(members.get(by, by), ""),
    )
    return paged(kind.summaries, chosen[::-1] if order == "Descending" else chosen, request)


def _matches(kind: Kind, record: Record, request: Record) -> bool:
    status = record.get(kind.status_key)
    return (
        request.get("NameContains", "") in record.get(kind.name_key, "")
        and request.get("StatusEquals", status) == status
        and _in_time(record, request, "CreationTime", "CreationTime")
        and _in_time(record, request, "Created", "CreationTime")
        and _in_time(record, request, "LastModifiedTime", "LastModifiedTime")
    )


def _in_time(record: Record, request: Record, member: str, field: str) -> bool:
    after, before = timestamp(request.get(f"{member}After")), timestamp(request.get(f"{member}Before"))
    return (after is None or record[field] > after) and (before is None or record[field] < before)


def paged(member: str, items: list[Record], request: Record) -> Record:
    """One page of a list, with a NextToken if there are more items. Raises ValidationError for an invalid token."""
    token = request.get("NextToken") or "0"
    if not token.isdigit():
        raise ValidationError(f"Invalid pagination token '{token}'")
    start, size = int(token), request.get("MaxResults") or PAGE
    answer: Record = {member: items[start : start + size]}
    if start + size < len(items):
        answer["NextToken"] = str(start + size)
    return answer
