"""What runs the server in containers: tools read it, so no engine is needed."""

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
from serve.__main__ import parser
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
    """Return the JSON list of one of the Dockerfile's instructions."""
    (text,) = re.findall(rf"^{name}\b[^\[]*(\[.*\])$", DOCKERFILE, re.M)
    return json.loads(text)


def flag(arguments, name):
    prefix = f"--{name}="
    (value,) = (a.removeprefix(prefix) for a in arguments if a.startswith(prefix))
    return value


def test_hadolint_accepts_the_dockerfile():
    process = tool("hadolint", SERVE / "Dockerfile")
    assert process.returncode == 0, process.stdout


def test_docker_gets_only_what_it_copies():
    copied = set(re.findall(r"^COPY ([a-z].*) \S+$", DOCKERFILE, re.M))
    names = {name.rstrip("/") for line in copied for name in line.split()}
    everything, *exceptions, caches = (ROOT / ".dockerignore").read_text().split()
    assert (everything, caches) == ("*", "**/__pycache__")
    assert {name.removeprefix("!") for name in exceptions} == names
    assert all((ROOT / name).exists() for name in names)


def test_compose_fits_its_schema():
    file = SERVE / "docker-compose.yml"
    process = tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", file)
    assert process.returncode == 0, process.stdout


@pytest.mark.parametrize("name", MANIFESTS)
def test_manifest_fits_its_schema(name):
    latest = ".".join(kubernetes_validate.latest_version().split(".")[:2])
    kubernetes_validate.validate(MANIFESTS[name], latest, strict=True)


def test_manifests_describe_one_deployment():
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
    flags = set(re.findall(r"--(\w+)", parser("serve").format_help()))
    lines = instruction("ENTRYPOINT"), STUDIO["command"], CONTAINER["args"]
    used = set(re.findall(r"--(\w+)", " ".join(sum(lines, []))))
    assert {"host", "port", "backend", "model"} <= used <= flags


def test_image_starts_the_installed_server():
    _python, *arguments = instruction("ENTRYPOINT")
    assert arguments[:2] == ["-m", "fast_style.serve"]


def test_images_carry_the_version():
    assert {STUDIO["image"], CONTAINER["image"]} == {f"fast-style:{__version__}"}


def run_check(command, port, new_port):
    command = [part.replace(str(port), str(new_port)) for part in command]
    return subprocess.run(command, capture_output=True).returncode


@pytest.mark.parametrize("service", ["studio", "tf-serving"])
def test_health_check_needs_no_curl(service, live):
    """The server of this project stands in for TF Serving, whose API it has."""
    if service == "studio":
        (_, *rest), port = instruction("HEALTHCHECK"), 8080
        command = [sys.executable, *rest]
    else:
        (_, *command), port = TF_SERVING["healthcheck"]["test"], 8501
    assert run_check(command, port, live.rpartition(":")[2]) == 0
    assert run_check(command, port, 1) != 0  # nobody listens there


@pytest.mark.parametrize("probe", ["startupProbe", "readinessProbe", "livenessProbe"])
def test_probes_are_answered(probe, web):
    probed = CONTAINER[probe]["httpGet"]
    assert web.get(probed["path"]).status_code == 200
    assert probed["port"] == CONTAINER["ports"][0]["name"]


def test_requests_that_have_begun_have_time_to_finish():
    stopping = CONTAINER["lifecycle"]["preStop"]["exec"]["command"]
    needed = int(stopping[-1]) + DRAIN_SECONDS
    assert POD["spec"]["terminationGracePeriodSeconds"] > needed
    assert int(STUDIO["stop_grace_period"].rstrip("s")) > DRAIN_SECONDS


def test_containers_have_few_rights():
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


def test_only_the_studio_reaches_tf_serving():
    assert "ports" not in TF_SERVING
    (network,) = TF_SERVING["networks"]
    assert COMPOSE["networks"][network]["internal"]
    assert network in STUDIO["networks"]
    port = flag(TF_SERVING["entrypoint"], "rest_api_port")
    assert flag(STUDIO["command"], "backend") == f"http://tf-serving:{port}"


@pytest.mark.slow
def test_tf_serving_hosts_an_export(export):
    from tensorflow_serving.config import model_server_config_pb2

    text = (SERVE / "models.config").read_text()
    models = text_format.Parse(text, model_server_config_pb2.ModelServerConfig())
    (model,) = models.model_config_list.config
    assert model.name == "fast_style"
    assert model.model_version_policy.latest.num_versions == 1
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
        (outside,) = (source for source, target in mounts if target == inside)
        assert (SERVE / outside).is_file()


def batching_parameters():
    """Return TF Serving's message of this name, which its Python package lacks."""
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
    descriptor = pool.FindMessageTypeByName("batching.BatchingParameters")
    return message_factory.GetMessageClass(descriptor)()


def test_batching_limits_requests_without_merging_them():
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
