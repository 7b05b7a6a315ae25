"""What ECR answers about the scan of an image."""

from typing import Any

from botocore.session import Session
from botocore.validate import validate_parameters

ENHANCED = {
    "severity": "HIGH",
    "fixAvailable": "YES",
    "packageVulnerabilityDetails": {
        "vulnerabilityId": "CVE-1",
        "vulnerablePackages": [{"name": "pillow", "version": "1", "fixedInVersion": "2"}],
    },
}
BASIC = {
    "name": "CVE-2",
    "severity": "CRITICAL",
    "attributes": [{"key": "package_name", "value": "zlib"}, {"key": "package_version", "value": "1.3"}],
}


def answer(**found: Any) -> dict[str, Any]:
    """What DescribeImageScanFindings answers, checked by botocore's model."""
    content = {"imageScanStatus": {"status": "COMPLETE"}, "imageScanFindings": found}
    shape = Session().get_service_model("ecr").operation_model("DescribeImageScanFindings").output_shape
    validate_parameters(content, shape)
    return content
