"""Asks the endpoint about kept photos, and counts the answers."""

import json
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from lambdas.deploy_model.questions.answers import answered
from lambdas.deploy_model.questions.kept_photos import KeptPhoto, KeptPhotos
from lambdas.shared.errors import InvalidRequest

MOST_QUESTIONS = 100  # in one turn: a canary answers only its share of them
MOST_SECONDS = 15.0  # after which no further question is asked; the function has 60 s
# How their inference ids begin, by which monitoring leaves them out (monitoring/captures/record.py).
INFERENCE_ID = "kept-photo/"

End = Literal["right", "wrong", "others", "refused"]


@dataclass(frozen=True)
class Tally:
    """How questions ended: `right` and `wrong` are answers of the model that was asked, `others` those of another one.

    `refused` are errors, which do not say whose they are. `trouble` is why no more was asked.
    """

    right: int = 0
    wrong: int = 0
    others: int = 0
    refused: int = 0
    trouble: str = ""

    @property
    def answered(self) -> int:
        """Photos that the model has answered."""
        return self.right + self.wrong

    @property
    def asked(self) -> int:
        """All questions."""
        return self.answered + self.others + self.refused

    def failures(self, *, alone: bool) -> int:
        """How often the model failed; `alone` where no other one serves.

        Beside another one, refusals are its own where it gave no answer at all. Alone, all of them are, and so are
        answers of another model where it gave none: the archive is not the one that was evaluated.
        """
        if alone:
            return self.wrong + self.refused + (0 if self.answered else self.others)
        return self.wrong + (0 if self.answered else self.refused)


def ask(
    runtime: BaseClient, endpoint: str, kept: KeptPhotos, version: int, clock: Callable[[], float] = time.monotonic
) -> Tally:
    """Asks about each photo until the model itself has answered, as long as there are questions and time left."""
    ends, trouble = Counter[End](), ""
    waiting, until = deque(enumerate(kept.photos)), clock() + MOST_SECONDS
    while waiting and ends.total() < MOST_QUESTIONS and clock() < until:
        number, photo = waiting.popleft()
        try:
            end = end_of(runtime, endpoint, kept.model_version, photo, f"{INFERENCE_ID}{version}/{number}")
        except (ClientError, BotoCoreError) as error:
            trouble = str(error)
            break
        ends[end] += 1
        if end == "others":
            waiting.append((number, photo))
    return Tally(ends["right"], ends["wrong"], ends["others"], ends["refused"], trouble)


def end_of(runtime: BaseClient, endpoint: str, model_version: str, photo: KeptPhoto, inference_id: str) -> End:
    """How a question ends; raises boto3's errors that are not the model's."""
    try:
        response = runtime.invoke_endpoint(
            EndpointName=endpoint,
            ContentType="image/png",
            Accept="application/json",
            InferenceId=inference_id,
            Body=photo.png,
        )
        found, answer = answered(json.loads(response["Body"].read()))
    except ClientError as error:
        if error.response["Error"]["Code"] == "ModelError":
            return "refused"
        raise
    except (ValueError, InvalidRequest):  # an answer that is none
        return "refused"
    if found != model_version:
        return "others"
    return "right" if answer.agrees(photo.answer) else "wrong"
