"""Installs the Scones Unlimited packages and the `scones` command."""

from setuptools import find_namespace_packages, setup

PACKAGES = [
    "pipelines*",
    "steps*",
    "lambdas*",
    "monitoring*",
    "jobs*",
    "photos*",
    "windows*",
    "containers*",
    "local*",
    "configs*",
    "infra*",
]

setup(
    name="scones-unlimited",
    version="0.2.0",
    description="Tells bicycles from motorcycles: a SageMaker Pipelines project that also runs on one machine.",
    license="Apache-2.0",
    python_requires=">=3.11,<3.14",
    packages=find_namespace_packages(include=PACKAGES),
    package_data={"": ["*.yaml", "*.html", "*.css", "*.js", "*.txt", "py.typed", "torchrun"]},
    install_requires=[
        "aws-lambda-powertools>=3.37,<4",  # writes the Lambdas' logs; a layer ships the version that is installed here
        "boto3",
        "click",
        "jinja2",
        "matplotlib",
        "networkx",
        "numpy",
        "pandas",
        "pillow",
        "pyarrow",  # writes result tables as Parquet; the SageMaker SDK brings it in any case
        "pydantic>=2",
        "pyyaml",
        "rich",
        "sagemaker>=3.27,<3.28",
        "scipy",
        "seaborn",
        "setuptools<82",  # stepfunctions imports pkg_resources, which later releases drop
        "stepfunctions==2.3.0",
    ],
    extras_require={
        "local": [
            "aws-croniter>=2.1,<3",
            "awslambdaric>=4,<5",
            "jsonata-python>=0.7.1,<0.8",  # evaluates JSONata; moto's engine would want a Java machine
            "moto[server]>=5.2,<5.3",
            "pip>=24.1",  # jobs install what they bring along; older ones take twice as long to read it
            "psutil",
            "sagemaker-inference>=1.10,<2",
            "sagemaker-training>=5.1,<6",
            "starlette",
            "torch==2.13.0",
            "uvicorn",
        ],
        "dev": [
            "axe-playwright-python>=0.1.8,<0.2",  # has axe-core itself, so that tests need no Node.js
            "bandit[toml]",
            "cfn-lint>=1",
            "cyclonedx-bom>=7",  # writes the bill of materials
            "furo",
            "hypothesis",
            "import-linter",
            "mutmut>=3.8,<4",
            "mypy",
            "myst-parser",
            "pandas-stubs",
            "pip-audit>=2.9",
            "pip-licenses>=5",
            "playwright",
            "pytest",
            "pytest-cov",
            "pytest-timeout",
            "pytest-xdist",
            "resvg-py>=0.5,<0.6",  # draws pictures without a browser; one wheel, no system library
            "ruff",
            "sphinx",
            "sphinx-click",
            "uv",  # locks the packages with their hashes; pip installs them
            "types-PyYAML",
            "types-networkx",
            "types-psutil",
            "types-seaborn",
        ],
    },
    entry_points={"console_scripts": ["scones = pipelines.cli:main"]},
)
