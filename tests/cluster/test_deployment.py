"""What runs jobs on clusters of Kubernetes and of Ray's own jobs.

No package has the schema of KubeRay's objects. Their own fields are looked at here, and
the pods in them are held against the schema of Kubernetes.
"""

import re
import shlex
import sysconfig
from pathlib import Path
from subprocess import run

import kubernetes_validate
import pytest
import ray
import yaml

from fast_style import __version__
from fast_style.command import parsers

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "cluster"
DOCKERFILE = (FOLDER / "Dockerfile").read_text("utf-8")
JOB = yaml.safe_load((FOLDER / "ray-job.yaml").read_text("utf-8"))
ENVIRONMENT = yaml.safe_load((FOLDER / "runtime-env.yaml").read_text("utf-8"))
CLUSTER = JOB["spec"]["rayClusterSpec"]
GROUPS = [CLUSTER["headGroupSpec"], *CLUSTER["workerGroupSpecs"]]


def test_hadolint_accepts_the_dockerfile():
    hadolint = Path(sysconfig.get_path("scripts"), "hadolint")
    process = run([hadolint, FOLDER / "Dockerfile"], capture_output=True, text=True)
    assert process.returncode == 0, process.stdout


def test_images_are_of_this_version_and_one_ray():
    (base,) = re.findall(r"^FROM rayproject/ray:([\d.]+)-py\d+$", DOCKERFILE, re.M)
    assert CLUSTER["rayVersion"] == base
    images = {c["image"] for group in GROUPS for c in pod(group)["spec"]["containers"]}
    assert images == {f"fast-style-ray:{__version__}"}


def test_job_has_the_fields_of_kuberay():
    assert (JOB["apiVersion"], JOB["kind"]) == ("ray.io/v1", "RayJob")
    assert set(JOB["spec"]) == {
        "entrypoint",
        "shutdownAfterJobFinishes",
        "ttlSecondsAfterFinished",
        "backoffLimit",
        "rayClusterSpec",
    }
    assert set(CLUSTER) == {
        "rayVersion",
        "enableInTreeAutoscaling",
        "autoscalerOptions",
        "headGroupSpec",
        "workerGroupSpecs",
    }
    for group in CLUSTER["workerGroupSpecs"]:
        assert group["minReplicas"] <= group["replicas"] <= group["maxReplicas"]
    for group in GROUPS:  # of Ray's start, all words
        assert all(isinstance(v, str) for v in group["rayStartParams"].values())


def pod(group):
    return group["template"]


@pytest.mark.parametrize("group", GROUPS, ids=["head", "painters"])
def test_pods_fit_the_schema_of_kubernetes(group):
    latest = ".".join(kubernetes_validate.latest_version().split(".")[:2])
    manifest = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "ray"}}
    kubernetes_validate.validate(manifest | pod(group), latest, strict=True)


def test_workers_fit_the_machines():
    (painters,) = CLUSTER["workerGroupSpecs"]
    (container,) = pod(painters)["spec"]["containers"]
    processors = int(container["resources"]["limits"]["cpu"])
    workers = int(re.search(r"--workers=(\d+)", JOB["spec"]["entrypoint"])[1])
    assert workers == processors * painters["maxReplicas"]


def test_commands_have_flags_that_exist():
    known = set(re.findall(r"--\w+", parsers.make_parser().format_help()))
    program, *words = shlex.split(JOB["spec"]["entrypoint"])
    assert program == "fast-style"
    assert {word.partition("=")[0] for word in words if word[:2] == "--"} <= known


def test_runtime_environment_is_one_of_ray():
    assert ray.runtime_env.RuntimeEnv(**ENVIRONMENT)["env_vars"]


def test_image_holds_what_setup_needs():
    copied = " ".join(re.findall(r"^COPY --chown=ray (.*) \S+$", DOCKERFILE, re.M))
    assert set(copied.split()) >= {"setup.py", "README.md", "fast_style/", "serve/"}
    assert all((ROOT / name).exists() for name in copied.split())
