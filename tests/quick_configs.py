"""The project's configuration with other values, so that tests train in seconds."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

CONFIGS = Path(__file__).parents[1] / "configs"


def copy_configs(folder: Path, values: Mapping[str, str]) -> Path:
    """A copy of `configs/` below `folder`, in whose base.yaml these numbers stand in place of the project's."""
    configs = Path(shutil.copytree(CONFIGS, folder / "configs"))
    base = configs / "base.yaml"
    text = base.read_text()
    for key, value in values.items():
        text = re.sub(rf"(\b{key}: )[0-9.]+", rf"\g<1>{value}", text)
    base.write_text(text)
    return configs
