"""Named resources of one kind, with what all SageMaker APIs have in common: ARNs, errors, filters, sorting, paging."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from threading import RLock

from local.context import Context, now
from local.errors import ServiceError, ValidationError
from local.json_types import Json, Record
from local.protocol import timestamp

# What the filters …After and …Before of the lists are called, and the member they look at.
TIME_FILTERS = {
    "CreationTime": "CreationTime",
    "Created": "CreationTime",
    "LastModifiedTime": "LastModifiedTime",
}

PAGE = 10  # what SageMaker's lists return when MaxResults is absent


@dataclass(frozen=True)
class Kind:
    """What differs between kinds of resources: the names of their members, and the wording of errors."""

    noun: str
    arn: str
    summaries: str
    missing: str = "Could not find {noun} '{arn}'."
    existing: str = "Cannot create already existing {noun} '{arn}'."
    missing_code: str = "ValidationException"
    existing_code: str = "ValidationException"
    descending: bool = False
    name_member: str = ""

    @property
    def title(self) -> str:
        """The kind in words, as events have it."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", self.noun)

    @property
    def name_key(self) -> str:
        """The member that holds the name."""
        return self.name_member or f"{self.noun}Name"

    @property
    def arn_key(self) -> str:
        """The member that holds the ARN."""
        return f"{self.noun}Arn"

    @property
    def status_key(self) -> str:
        """The member that holds the status."""
        return f"{self.noun}Status"


class Collection:
    """The resources of one kind. A record is the answer of the Describe operation, and holds Tags besides."""

    def __init__(self, kind: Kind, context: Context) -> None:
        self.kind = kind
        self._context = context
        self._records: dict[str, Record] = {}
        self._lock = RLock()

    def arn(self, name: str) -> str:
        """The ARN of a name."""
        return self._context.arn("sagemaker", f"{self.kind.arn}/{name}")

    def add(self, request: Record, **more: Json) -> Record:
        """Keep a new record: the request, its ARN and times, and `more`; raises ServiceError if the name is taken."""
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
                raise ServiceError(self.kind.existing_code, self._worded(self.kind.existing, name))
            self._records[name] = record
        return record

    def find(self, name: str) -> Record:
        """The record of a name or ARN; raises ServiceError."""
        prefix = self.arn("")
        name = name.removeprefix(prefix)
        record = self._records.get(name)
        if record is None:
            raise ServiceError(self.kind.missing_code, self._worded(self.kind.missing, name))
        return record

    def remove(self, name: str) -> Record:
        """Forget a record, and return it; raises ServiceError."""
        with self._lock:
            record = self.find(name)
            del self._records[record[self.kind.name_key]]
        return record

    def records(self) -> list[Record]:
        """All records, oldest first."""
        with self._lock:
            return list(self._records.values())

    def page(self, request: Record, records: Iterable[Record] | None = None) -> Record:
        """The answer of the List operation: filtered, sorted, one page."""
        chosen = [
            record for record in (self.records() if records is None else records) if self._matches(record, request)
        ]
        descending = request.get("SortOrder", "Descending" if self.kind.descending else "Ascending") == "Descending"
        chosen.sort(key=lambda record: self._sort_value(record, request.get("SortBy", "CreationTime")))
        if descending:
            chosen.reverse()
        return paged(self.kind.summaries, chosen, request)

    def _worded(self, text: str, name: str) -> str:
        return text.format(noun=self.kind.noun, arn=self.arn(name), name=name)

    def _sort_value(self, record: Record, by: str) -> Json:
        members = {"Name": self.kind.name_key, "Status": self.kind.status_key, "LastModifiedTime": "LastModifiedTime"}
        return record.get(members.get(by, "CreationTime"), "")

    def _matches(self, record: Record, request: Record) -> bool:
        if request.get("NameContains", "") not in record[self.kind.name_key]:
            return False
        if request.get("StatusEquals", record.get(self.kind.status_key)) != record.get(self.kind.status_key):
            return False
        return all(_in_time(record, request, member, field) for member, field in TIME_FILTERS.items())


def _in_time(record: Record, request: Record, member: str, field: str) -> bool:
    after, before = timestamp(request.get(f"{member}After")), timestamp(request.get(f"{member}Before"))
    return (after is None or record[field] > after) and (before is None or record[field] < before)


def paged(member: str, items: list[Record], request: Record) -> Record:
    """One page of a list, with NextToken if there is more; raises ValidationError for a token that is none."""
    token = request.get("NextToken") or "0"
    if not token.isdigit():
        raise ValidationError(f"Invalid pagination token '{token}'")
    start, size = int(token), request.get("MaxResults") or PAGE
    answer: Record = {member: items[start : start + size]}
    if start + size < len(items):
        answer["NextToken"] = str(start + size)
    return answer
