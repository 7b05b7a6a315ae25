"""The model registry: groups, versions and approvals. Every change of a version publishes an event."""

from threading import Lock

from local.events.bus import EventService
from local.protocol.errors import ConflictError, ValidationError
from local.protocol.json_types import Record
from local.runtime.context import Context, now
from local.sagemaker.resources import Collection, Kind, Operation, page

GROUPS = Kind(
    noun="ModelPackageGroup",
    missing="ModelPackageGroup {arn} does not exist.",
    existing="Model Package Group already exists: {arn}",
    descending=False,
)
PACKAGES = Kind(
    noun="ModelPackage",
    missing="ModelPackage {arn} does not exist.",
    existing="Model Package already exists: {arn}",
    descending=False,
)
APPROVAL = "ModelApprovalStatus"
# "SageMaker model package state change" in AWS's developer guide; CreationTime is added separately.
EVENT_DETAIL = (
    "ModelPackageGroupName",
    "ModelPackageVersion",
    "ModelPackageArn",
    "ModelPackageDescription",
    "InferenceSpecification",
    "ModelPackageStatus",
    "ModelPackageStatusDetails",
    "CertifyForMarketplace",
    "ModelApprovalStatus",
    "ApprovalDescription",
    "MetadataProperties",
    "ModelMetrics",
    "CustomerMetadataProperties",
    "ModelLifeCycle",
)
# The members of UpdateModelPackage that an event lists in UpdatedModelPackageFields, and their names there.
FIELDS = {
    "ModelLifeCycle": "ModelLifeCycle",
    APPROVAL: APPROVAL,
    "ApprovalDescription": "ApprovalDescription",
    "SourceUri": "sourceUri",
    "CustomerMetadataProperties": "CustomerMetadataProperties",
    "CustomerMetadataPropertiesToRemove": "CustomerMetadataProperties",
    "InferenceSpecification": "InferenceSpecification",
}
CHANGEABLE = (
    APPROVAL,
    "ApprovalDescription",
    "InferenceSpecification",
    "ModelCard",
    "ModelLifeCycle",
    "ModelPackageRegistrationType",
    "SourceUri",
)


class RegistryService:
    """Keeps model package groups and model packages."""

    def __init__(self, context: Context, events: EventService) -> None:
        self.groups = Collection(GROUPS, context)
        self.packages = Collection(PACKAGES, context)
        self._context = context
        self._events = events
        self._versions: dict[str, int] = {}
        self._lock = Lock()

    def operations(self) -> dict[str, Operation]:
        """The operations of the SageMaker API that are answered here."""
        return {
            **self.groups.operations(),
            **self.packages.operations(),
            "CreateModelPackageGroup": self._create_group,
            "DeleteModelPackageGroup": self._delete_group,
            "CreateModelPackage": self.create_package,
            "DescribeModelPackage": self.describe_package,
            "UpdateModelPackage": self._update_package,
            "ListModelPackages": self._list_packages,
        }

    def remember(self) -> Record:
        """All groups and packages."""
        return {
            "groups": self.groups.remember(),
            "packages": self.packages.remember(),
            "versions": dict(self._versions),
        }

    def recall(self, kept: Record) -> None:
        """Takes back what `remember` gave."""
        self.groups.recall(kept["groups"])
        self.packages.recall(kept["packages"])
        self._versions = kept["versions"]

    def ensure_group(self, name: str) -> None:
        """Creates a group unless it exists, as a RegisterModel step does."""
        names = {record["ModelPackageGroupName"] for record in self.groups.records()}
        if name and not name.startswith("arn:") and name not in names:
            self._create_group({"ModelPackageGroupName": name})

    def create_package(self, request: Record) -> Record:
        """Registers a model, as the next version of a group or under a name of its own. Raises ServiceError."""
        group, name = request.get("ModelPackageGroupName"), request.get("ModelPackageName")
        if bool(group) == bool(name):
            raise ValidationError("Exactly one of ModelPackageName and ModelPackageGroupName must be given")
        more: Record = {}
        if group:
            group = self.groups.find(group)["ModelPackageGroupName"]
            version = self._next_version(group)
            more = {
                "ModelPackageGroupName": group,
                "ModelPackageVersion": version,
                "ModelPackageName": f"{group}/{version}",
                APPROVAL: request.get(APPROVAL, "PendingManualApproval"),
            }
        details: dict[str, list[Record]] = {"ValidationStatuses": [], "ImageScanStatuses": []}
        completed = {"ModelPackageStatus": "Completed", "ModelPackageStatusDetails": details}
        record = self.packages.add({"CertifyForMarketplace": False, **request, **more}, **completed)
        if group:
            self._say(record, f"registered, {record[APPROVAL]}")
            self._publish(record)
        return record

    def describe_package(self, request: Record) -> Record:
        """Describes a model package, given its ARN or name. Versions are shown without a name, as on AWS."""
        record = self.packages.find(request["ModelPackageName"])
        versioned = "ModelPackageVersion" in record
        return {key: value for key, value in record.items() if not (versioned and key == "ModelPackageName")}

    def _create_group(self, request: Record) -> Record:
        return self.groups.add(request, ModelPackageGroupStatus="Completed")

    def _delete_group(self, request: Record) -> Record:
        record = self.groups.find(request["ModelPackageGroupName"])
        if self._versions_of(record["ModelPackageGroupName"]):
            raise ConflictError(
                f"The Model Package Group {record['ModelPackageGroupArn']} cannot be deleted: it has Model Packages"
            )
        return self.groups.remove(record["ModelPackageGroupName"])

    def _update_package(self, request: Record) -> Record:
        record = self.packages.find(request["ModelPackageArn"])
        with self._lock:  # of two requests at the same moment, the second one adds to what the first one has changed
            before = record.get(APPROVAL)
            properties = {
                **record.get("CustomerMetadataProperties", {}),
                **request.get("CustomerMetadataProperties", {}),
            }
            for name in request.get("CustomerMetadataPropertiesToRemove", []):
                properties.pop(name, None)
            specifications = "AdditionalInferenceSpecifications"
            added = [*record.get(specifications, []), *request.get(f"{specifications}ToAdd", [])]
            record |= {
                **{key: request[key] for key in CHANGEABLE if key in request},
                "CustomerMetadataProperties": properties,
                specifications: added,
                "LastModifiedTime": now(),
            }
        if record.get(APPROVAL) != before:
            self._say(record, f"{before} → {record[APPROVAL]}")
        if "ModelPackageVersion" in record:
            self._publish(record, list(dict.fromkeys(name for key, name in FIELDS.items() if key in request)))
        return record

    def _list_packages(self, request: Record) -> Record:
        if group := request.get("ModelPackageGroupName"):
            chosen = self._versions_of(self.groups.find(group)["ModelPackageGroupName"])
        else:
            kind = request.get("ModelPackageType", "Unversioned")
            versioned = {"Versioned": (True,), "Unversioned": (False,), "Both": (True, False)}[kind]
            chosen = [record for record in self.packages.records() if ("ModelPackageVersion" in record) in versioned]
        if approval := request.get(APPROVAL):
            chosen = [record for record in chosen if record.get(APPROVAL) == approval]
        return page(PACKAGES, chosen, request)

    def _versions_of(self, group: str) -> list[Record]:
        return [record for record in self.packages.records() if record.get("ModelPackageGroupName") == group]

    def _next_version(self, group: str) -> int:
        with self._lock:
            self._versions[group] = self._versions.get(group, 0) + 1
            return self._versions[group]

    def _say(self, record: Record, text: str) -> None:
        self._context.say(f"model package {record['ModelPackageName']}: {text}")

    def _publish(self, record: Record, updated: list[str] | None = None) -> None:
        detail = {key: record[key] for key in EVENT_DETAIL if record.get(key) is not None}
        if updated is not None:
            detail["UpdatedModelPackageFields"] = updated
        for key in ("CreationTime", "LastModifiedTime"):
            if moment := record.get(key):
                detail[key] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        self._events.publish("SageMaker Model Package State Change", [record["ModelPackageArn"]], detail)
