"""Finds the ground truth on a window's photos."""

from botocore.client import BaseClient

from lambdas.select_captures.files import find_files
from lambdas.select_captures.request import Folder
from windows.folders import LATE
from windows.spans import Span


def find_ground_truth(s3: BaseClient, folder: Folder, window: Span) -> list[str]:
    """The keys of the files that can have ground truth on photos of a window.

    Folders are of the hour at which an actual class was learned ("Ingest Ground Truth labels and merge them with
    predictions", Amazon SageMaker Developer Guide). That is the hour of the photo or any later one; clocks may differ,
    so that the hour before the window counts, too. Files in no hour's folder may be about any photo.
    """
    since = window.start and window.start - LATE
    return [folder.inside(file.name) for file in find_files(s3, folder, Span(since))]
