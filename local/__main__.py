"""`python -m local`: runs the local AWS."""

import argparse
import sys
from pathlib import Path

from local.protocol.errors import LocalAwsError
from local.runtime.garbage import look_later


def main() -> int:
    """Runs the local AWS until it is told to stop. Returns 1 if it does not start."""
    parser = argparse.ArgumentParser(prog="python -m local", description="An AWS on this machine, at 127.0.0.1.")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; by default a free one")
    parser.add_argument("--data", type=Path, required=True, help="folder for logs and for copies of S3 objects")
    parser.add_argument("--region", default="eu-west-1", help="AWS region of all resources")
    parser.add_argument("--exit-with-stdin", action="store_true", help="stop when standard input closes")
    parser.add_argument("--enforce-iam", action="store_true", help="check what runs against the policies of its role")
    arguments = parser.parse_args()

    look_later()
    from local.server.process import serve

    try:
        serve(
            arguments.data,
            arguments.region,
            arguments.port,
            exit_with_stdin=arguments.exit_with_stdin,
            enforce_iam=arguments.enforce_iam,
        )
    except LocalAwsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
