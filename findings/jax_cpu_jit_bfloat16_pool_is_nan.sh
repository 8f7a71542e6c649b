#!/usr/bin/env bash
# JAX 0.11.2 on a processor: convolutions and a pool in bfloat16 give NaN under jit.
#
# Two convolutions, a max pool of 2x2 and one more convolution, all in bfloat16, are
# finite and right when each operation runs by itself. Under jax.jit most or all values
# come out as NaN, with no warning. In float32 they are right, and so they are in both
# types with JAX 0.10.2. Smaller chains (no pool, or one convolution before it) are right,
# too. So a VGG16 in bfloat16 sees nothing but NaN, and a training on the processor, such
# as a test of what is meant for a GPU, ends at its first step. It is so with AVX2 alone
# (XLA_FLAGS=--xla_cpu_max_isa=AVX2) as with AVX-512, and with oneDNN off.
#
# Instead: compute in float32 on processors, which is no slower there, and test a bfloat16
# network on a processor without jit or with JAX 0.10.
#
# Seen with jax 0.11.2 and jaxlib 0.11.2, Python 3.12, Linux x86-64; printed:
#
#   0.11.2 bfloat16: finite by itself True, under jit False
#   0.11.2 float32: finite by itself True, under jit True
#
# Needs Python 3.12 or later: PYTHON=python3.12 bash findings/NAME.sh
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet jax==0.11.2 jaxlib==0.11.2 numpy==2.5.2
JAX_PLATFORMS=cpu "$folder/venv/bin/python" - <<'PYTHON'
import jax
import jax.numpy as jnp
import numpy as np


def convolve(features, kernel):
    layout = ("NHWC", "HWIO", "NHWC")
    return jax.lax.conv_general_dilated(
        features, kernel, (1, 1), "SAME", dimension_numbers=layout
    )


def pool(features):
    lowest, size = jnp.array(-jnp.inf, features.dtype), (1, 2, 2, 1)
    return jax.lax.reduce_window(
        features, lowest, jax.lax.max, size, size, "VALID"
    )


def network(picture, first, second, third):
    features = jnp.maximum(convolve(picture, first), 0)
    features = jnp.maximum(convolve(features, second), 0)
    return convolve(pool(features), third)


def finite(values):
    return bool(np.isfinite(np.asarray(values).astype(np.float32)).all())


seen = {}
for dtype in (jnp.bfloat16, jnp.float32):
    rng = np.random.default_rng(0)
    picture = jnp.asarray(rng.uniform(-1, 1, (1, 64, 64, 3)), dtype)
    shapes = ((3, 3, 3, 64), (3, 3, 64, 64), (3, 3, 64, 128))
    kernels = [jnp.asarray(rng.normal(0, 0.1, shape), dtype) for shape in shapes]
    alone = finite(network(picture, *kernels))
    jitted = finite(jax.jit(network)(picture, *kernels))
    seen[dtype.__name__] = alone, jitted
    print(
        f"{jax.__version__} {dtype.__name__}: finite by itself {alone}, "
        f"under jit {jitted}"
    )
raise SystemExit(seen != {"bfloat16": (True, False), "float32": (True, True)})
PYTHON
