"""What runs the server in containers: read by tools, for no engine is needed here."""

import json
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import kubernetes_validate
import pytest
import yaml
from google.protobuf import (
    descriptor_pb2,
    descriptor_pool,
    message_factory,
    text_format,
    wrappers_pb2,
)

from fast_style import __version__
from serve.server import DRAIN_SECONDS

ROOT = Path(__file__).parents[2]
SERVE = ROOT / "serve"
DOCKERFILE = (SERVE / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((SERVE / "docker-compose.yml").read_text())
MANIFESTS = {
    path.stem: yaml.safe_load(path.read_text())
    for path in (SERVE / "kubernetes").glob("*.yaml")
}
STUDIO = COMPOSE["services"]["studio"]
TF_SERVING = COMPOSE["services"]["tf-serving"]
POD = MANIFESTS["deployment"]["spec"]["template"]
(CONTAINER,) = POD["spec"]["containers"]


def tool(name, *arguments):
    command = [str(Path(sysconfig.get_path("scripts")) / name), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def instruction(name):
    """The list that one of the Dockerfile's instructions ends with."""
    (found,) = re.findall(rf"^{name}\b[^\[]*(\[.*\])$", DOCKERFILE, re.M)
    return json.loads(found)


def flag(arguments, name):
    (found,) = (one for one in arguments if one.startswith(f"--{name}="))
    return found.partition("=")[2]


def test_dockerfile_pleases_hadolint():
    done = tool("hadolint", SERVE / "Dockerfile")
    assert done.returncode == 0, done.stdout


def test_docker_is_given_what_it_copies_and_no_more():
    copied = set(re.findall(r"^COPY ([a-z].*) \S+$", DOCKERFILE, re.M))
    names = {name.rstrip("/") for line in copied for name in line.split()}
    everything, *kept, caches = (ROOT / ".dockerignore").read_text().split()
    assert (everything, caches) == ("*", "**/__pycache__")
    assert {name.removeprefix("!") for name in kept} == names
    assert all((ROOT / name).exists() for name in names)


def test_compose_fits_its_schema():
    file = SERVE / "docker-compose.yml"
    done = tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", file)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", MANIFESTS)
def test_manifest_fits_its_schema(name):
    latest = ".".join(kubernetes_validate.latest_version().split(".")[:2])
    kubernetes_validate.validate(MANIFESTS[name], latest, strict=True)


def test_manifests_are_about_one_deployment():
    assert set(MANIFESTS) == {"deployment", "service", "autoscaler", "disruption"}
    deployment = MANIFESTS["deployment"]
    labels = POD["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"] == labels
    assert MANIFESTS["service"]["spec"]["selector"] == labels
    assert MANIFESTS["disruption"]["spec"]["selector"]["matchLabels"] == labels
    target = MANIFESTS["autoscaler"]["spec"]["scaleTargetRef"]
    assert {key: deployment[key] for key in ("apiVersion", "kind")} | {
        "name": deployment["metadata"]["name"]
    } == target
    (port,) = CONTAINER["ports"]
    assert MANIFESTS["service"]["spec"]["ports"][0]["targetPort"] == port["name"]
    assert str(port["containerPort"]) == flag(instruction("ENTRYPOINT"), "port")


def test_flags_are_the_servers_own():
    text = subprocess.run(
        [sys.executable, "-m", "serve", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout
    known = set(re.findall(r"--(?:\[no\])?(\w+)", text))
    given = instruction("ENTRYPOINT"), STUDIO["command"], CONTAINER["args"]
    used = set(re.findall(r"--(\w+)", " ".join(sum(given, []))))
    assert {"host", "port", "backend", "model"} <= used <= known


def test_images_bear_the_version():
    assert {STUDIO["image"], CONTAINER["image"]} == {f"fast-style:{__version__}"}


def run_check(command, port, other):
    command = [part.replace(str(port), str(other)) for part in command]
    return subprocess.run(command, capture_output=True).returncode


@pytest.mark.parametrize("service", ["studio", "tf-serving"])
def test_container_health_is_asked_without_curl(service, live):
    """The embedded server stands for TF Serving, as whose it answers."""
    if service == "studio":
        (_, *rest), port = instruction("HEALTHCHECK"), 8080
        command = [sys.executable, *rest]
    else:
        (_, *command), port = TF_SERVING["healthcheck"]["test"], 8501
    assert run_check(command, port, live.rpartition(":")[2]) == 0
    assert run_check(command, port, 1) != 0  # nobody listens there


@pytest.mark.parametrize("probe", ["startupProbe", "readinessProbe", "livenessProbe"])
def test_probes_are_answered(probe, web):
    asked = CONTAINER[probe]["httpGet"]
    assert web.get(asked["path"]).status_code == 200
    assert asked["port"] == CONTAINER["ports"][0]["name"]


def test_there_is_time_to_answer_what_is_under_way():
    stopping = CONTAINER["lifecycle"]["preStop"]["exec"]["command"]
    needed = int(stopping[-1]) + DRAIN_SECONDS
    assert POD["spec"]["terminationGracePeriodSeconds"] > needed
    assert int(STUDIO["stop_grace_period"].rstrip("s")) > DRAIN_SECONDS


def test_containers_may_do_little():
    for service in (STUDIO, TF_SERVING):
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["user"] == "65534:65534"
        assert {"cpus", "memory"} <= set(service["deploy"]["resources"]["limits"])
        assert all(
            volume["read_only"] if isinstance(volume, dict) else volume.endswith(":ro")
            for volume in service["volumes"]
        )
    assert "\nUSER 65534:65534\n" in DOCKERFILE
    assert POD["spec"]["securityContext"]["runAsNonRoot"]
    assert CONTAINER["securityContext"]["readOnlyRootFilesystem"]
    assert set(CONTAINER["resources"]["limits"]) == {"cpu", "memory"}


def test_tf_serving_is_reached_by_the_studio_alone():
    assert "ports" not in TF_SERVING
    (network,) = TF_SERVING["networks"]
    assert COMPOSE["networks"][network]["internal"]
    assert network in STUDIO["networks"]
    port = flag(TF_SERVING["entrypoint"], "rest_api_port")
    assert flag(STUDIO["command"], "backend") == f"http://tf-serving:{port}"


def test_tf_serving_hosts_what_an_export_holds(export):
    from tensorflow_serving.config import model_server_config_pb2

    text = (SERVE / "models.config").read_text()
    models = text_format.Parse(text, model_server_config_pb2.ModelServerConfig())
    (model,) = models.model_config_list.config
    assert model.name == "fast_style"
    for service in (STUDIO, TF_SERVING):
        mount = service["volumes"][0]
        assert mount["target"] == model.base_path
        assert mount["source"] == "../export"
    assert (export / "1" / "saved_model.pb").is_file()
    tflite = Path(flag(STUDIO["command"], "model"))
    assert str(tflite.parent) == model.base_path
    assert (export / tflite.name).is_file()
    mounts = [volume.split(":")[:2] for volume in TF_SERVING["volumes"][1:]]
    for name in ("model_config_file", "batching_parameters_file"):
        inside = flag(TF_SERVING["entrypoint"], name)
        (outside,) = (one for one, other in mounts if other == inside)
        assert (SERVE / outside).is_file()


def test_saved_model_cli_shows_what_is_hosted(export):
    done = tool("saved_model_cli", "show", "--dir", export / "1", "--tag_set=serve")
    assert done.returncode == 0, done.stderr
    signatures = set(re.findall(r'SignatureDef key: "(\w+)"', done.stdout))
    assert {"serving_default", "stylize_bytes"} <= signatures


def batching_parameters():
    """TF Serving's message of that name, which its package for Python leaves out."""
    wrappers = {
        "max_batch_size": "Int64Value",
        "batch_timeout_micros": "Int64Value",
        "max_enqueued_batches": "Int64Value",
        "num_batch_threads": "Int64Value",
        "enable_large_batch_splitting": "BoolValue",
        "max_execution_batch_size": "Int64Value",
    }
    name = wrappers_pb2.DESCRIPTOR.name
    file = descriptor_pb2.FileDescriptorProto(
        name="batching.proto", package="batching", syntax="proto3", dependency=[name]
    )
    field = descriptor_pb2.FieldDescriptorProto
    message = file.message_type.add(name="BatchingParameters")
    for number, (key, kind) in enumerate(wrappers.items(), start=1):
        kind = f".google.protobuf.{kind}"
        message.field.add(
            name=key, number=number, label=1, type=field.TYPE_MESSAGE, type_name=kind
        )
    message.field.add(
        name="pad_variable_length_inputs", number=9, label=1, type=field.TYPE_BOOL
    )
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(wrappers_pb2.DESCRIPTOR.serialized_pb)
    pool.Add(file)
    found = pool.FindMessageTypeByName("batching.BatchingParameters")
    return message_factory.GetMessageClass(found)()


def test_batching_bounds_requests_and_merges_none():
    text = (SERVE / "batching.config").read_text()
    batching = text_format.Parse(text, batching_parameters())
    assert batching.enable_large_batch_splitting.value
    assert batching.max_execution_batch_size.value == 1
    assert not batching.pad_variable_length_inputs
    assert batching.max_batch_size.value > 1
    assert batching.max_enqueued_batches.value > 0
    cores = TF_SERVING["deploy"]["resources"]["limits"]["cpus"]
    assert str(batching.num_batch_threads.value) == cores
    assert "--enable_batching" in TF_SERVING["entrypoint"]
