"""What botocore's models say about themselves, from the beginnings of their files: to load all takes half a minute."""

import functools
import json
import os
import zlib
from collections.abc import Iterator
from pathlib import Path

from botocore import session
from botocore.regions import EndpointResolver
from moto.core.loaders import create_loader

from local.protocol.json_types import Json, Record

HEAD = 8192  # bytes of a model that surely have its metadata
GZIP = 31  # zlib's number for this format
NAMES = ("service-2.json", "service-2.json.gz")


@functools.cache
def metadata() -> dict[str, Record]:
    """The metadata of each model, by the model's name."""
    found: dict[str, Record] = {}
    for path in _files():
        text = _head(path)
        read: Json = json.JSONDecoder().raw_decode(text, text.index("{", text.index('"metadata"')))[0]
        found[path.parent.parent.name] = read
    return found


def use_for_regions() -> None:
    """Has sessions tell the regions of a service from its metadata. Theirs loads its model; EC2's alone takes 0.1 s."""
    session.Session.get_available_regions = lambda _, *names, **more: regions(*names, **more)


def regions(service_name: str, partition_name: str = "aws", allow_non_regional: bool = False) -> list[str]:
    """The regions and other endpoints of a service in a partition, as botocore's sessions tell them."""
    own = metadata().get(service_name)
    if own is None:
        return []
    prefix = own.get("endpointPrefix", service_name)
    found: list[str] = _resolver().get_available_endpoints(prefix, partition_name, allow_non_regional)
    return found


@functools.cache
def _resolver() -> EndpointResolver:
    return EndpointResolver(session.create_loader().load_data("endpoints"))


def _head(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(HEAD)
    if path.suffix == ".gz":
        data = zlib.decompressobj(GZIP).decompress(data, HEAD)
    return data.decode("utf-8", "ignore")


def _files() -> Iterator[Path]:
    """The model of each service, of several versions the latest."""
    for folder in filter(os.path.isdir, create_loader().search_paths):
        for service in sorted(entry.path for entry in os.scandir(folder) if entry.is_dir()):
            yield from _latest(service)


def _latest(service: str) -> Iterator[Path]:
    for version in sorted((entry.path for entry in os.scandir(service)), reverse=True):
        for name in NAMES:
            if os.path.isfile(path := f"{version}/{name}"):  # noqa: PTH113 - faster, and there are a thousand
                yield Path(path)
                return
