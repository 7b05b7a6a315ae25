"""One of several jobs that read captures: `python -m monitoring.profile_share --captures DIR --listing FILE …`.

It makes the profiles of the hours of which it got the files. `monitoring.analyze` puts all of them together.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from jobs.entry_point import leave_message
from monitoring.captures.payloads import Defaults
from monitoring.errors import InvalidOptionsError, MonitoringError
from monitoring.options import add_classes, check_classes
from monitoring.profiles.listing import Listing, read_listing
from monitoring.profiles.shelf import fill_listed
from monitoring.profiles.store import Store

MARK = "README.txt"  # SageMaker refuses an input without objects, and a share may have no hours


def profile_share(captures: Path, output: Path, listing: Listing, defaults: Defaults) -> int:
    """Writes the profiles of the hours whose files are there; returns of how many hours. Raises MonitoringError."""
    there = {
        group: name
        for group, name in listing.groups.items()
        if all((captures / listing.folder / file).exists() for file in group.files)
    }
    try:
        output.mkdir(parents=True, exist_ok=True)
        (output / MARK).write_text("Profiles that one of several jobs made.\n", encoding="utf-8")
    except OSError as error:
        raise MonitoringError(f"cannot write to '{output}': {error.strerror}") from error
    fill_listed(captures, defaults, Store(output), replace(listing, groups=there))
    return len(there)


def main(arguments: Sequence[str]) -> int:
    """Runs the job. Returns its exit code: 0, 2 for invalid arguments, 1 for any other expected error."""
    parser = argparse.ArgumentParser(prog="monitoring.profile_share", description="Profiles of some hours' captures.")
    parser.add_argument("--captures", type=Path, required=True, help="folder of the captures of these hours")
    parser.add_argument("--listing", type=Path, required=True, help="what `select-captures` wrote")
    parser.add_argument("--output", type=Path, required=True, help="folder for the profiles")
    add_classes(parser)
    found = parser.parse_args(arguments)
    try:
        check_classes(found.classes)
        hours = profile_share(found.captures, found.output, read_listing(found.listing), Defaults(found.classes))
    except MonitoringError as error:
        sys.stderr.write(f"monitoring.profile_share: {error}\n")
        return 2 if isinstance(error, InvalidOptionsError) else 1
    leave_message(f"hours that were read: {hours}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
