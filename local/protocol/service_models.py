"""Which services botocore has, and what their models say about themselves: to load all models takes half a minute."""

import functools
import json
import os
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from botocore import session
from botocore.loaders import Loader
from botocore.regions import EndpointResolver
from moto.core.loaders import create_loader

from local.protocol.json_types import Json, Record

HEAD = 8192  # bytes of a model that surely have its metadata
GZIP = 31  # zlib's number for this format
NAMES = ("service-2.json", "service-2.json.gz")
VERSION = re.compile(r"\d{4}-\d{2}-\d{2}")


@functools.cache
def metadata() -> dict[str, Record]:
    """The metadata of each model, by the model's name."""
    found: dict[str, Record] = {}
    for path in _files():
        text = _head(path)
        read: Json = json.JSONDecoder().raw_decode(text, text.index("{", text.index('"metadata"')))[0]
        found[path.parent.parent.name] = read
    return found


def use_for_sessions() -> None:
    """Has all sessions, and what loads models, ask here for services and their regions.

    To tell the regions of a service, a session loads its model (EC2's takes 0.1 s), and each of them looks through a
    thousand folders for the services.
    """
    session.Session.get_available_regions = lambda _, *names, **more: regions(*names, **more)
    Loader.list_available_services = lambda _, type_name: services(type_name)


@functools.cache
def services(type_name: str) -> list[str]:
    """The names of the services that have data of a type, such as service-2 or paginators-1."""
    files = {f"{type_name}.json", f"{type_name}.json.gz"}
    return sorted({name for name, versions in _services() if any(files & names for _, names in versions)})


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
    for _, versions in _services():
        paths = [f"{version}/{name}" for version, names in versions for name in NAMES if name in names]
        yield from map(Path, paths[-1:])


@functools.cache
def _services() -> list[tuple[str, list[tuple[str, set[str]]]]]:
    """The folders of all services' data: their names, and the paths of their versions with the names of the files."""
    return [
        (service.name, versions)
        for folder in filter(os.path.isdir, create_loader().search_paths)
        for service in sorted(os.scandir(folder), key=lambda entry: entry.name)
        if service.is_dir() and (versions := _versions(service.path))
    ]


def _versions(service: str) -> list[tuple[str, set[str]]]:
    found = sorted(entry.path for entry in os.scandir(service) if VERSION.fullmatch(entry.name))
    return [(version, {entry.name for entry in os.scandir(version)}) for version in found]
