"""Sphinx configuration of the documentation site; `make docs` builds it into build/site."""

import os
import sys
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
REPOSITORY = "https://github.com/scones-unlimited/scones-unlimited/blob/main"
sys.path.insert(0, str(ROOT))
os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")  # the SageMaker SDK wants a region when it is imported

project = "Scones Unlimited"
author = "The Scones Unlimited authors"
release = version = installed_version("scones-unlimited")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode", "sphinx_click"]
exclude_patterns = ["conf.py"]
html_theme = "furo"
html_title = "Scones Unlimited"
html_static_path: list[str] = []

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
# Two packages may have an error of the same name; Sphinx links the first it finds.
suppress_warnings = ["ref.python"]

autodoc_default_options = {"members": True, "member-order": "bysource", "show-inheritance": True}
autodoc_typehints = "description"
napoleon_google_docstring = True


class LinkToRepository(SphinxPostTransform):
    """Points links to files outside the site at the repository. A path that does not exist stays an error."""

    default_priority = 8  # before MyST resolves references, at 9

    def run(self, **_: Any) -> None:  # noqa: ANN401
        """Replace the references of one page."""
        for node in list(self.document.findall(addnodes.pending_xref)):
            if node.get("reftype") == "myst" and node.get("refdomain") != "doc":
                paths = (ROOT / node["reftarget"], DOCS / node["reftarget"])
                if found := next((path for path in paths if path.exists()), None):
                    uri = f"{REPOSITORY}/{found.relative_to(ROOT).as_posix()}"
                    node.replace_self(nodes.reference("", "", *node.children, refuri=uri))


def setup(app: Any) -> None:  # noqa: ANN401
    """Register what this file adds to Sphinx."""
    app.add_post_transform(LinkToRepository)
