"""Convolution and pooling: against loops in NumPy, gradients against differences."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import keras
from keras import ops
from keras.backend import current

RNG = np.random.default_rng(0)


def numpy(x):
    return ops.convert_to_numpy(x)


def padded(x, window, strides, padding, dilation, value=0.0):
    """`x` with TensorFlow's padding."""
    if padding == "valid":
        return x
    pads = [(0, 0)]
    for n, k, s, d in zip(x.shape[1:-1], window, strides, dilation, strict=True):
        total = max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0)
        pads.append((total // 2, total - total // 2))
    return np.pad(x, [*pads, (0, 0)], constant_values=value)


def windows(x, window, strides, dilation):
    """Each output place and its window `(batch, *window, channels)`."""
    counts = [
        (n - (k - 1) * d - 1) // s + 1
        for n, k, s, d in zip(x.shape[1:-1], window, strides, dilation, strict=True)
    ]
    for place in itertools.product(*map(range, counts)):
        cut = tuple(
            slice(p * s, p * s + (k - 1) * d + 1, d)
            for p, k, s, d in zip(place, window, strides, dilation, strict=True)
        )
        yield counts, place, x[(slice(None), *cut)]


def slow_conv(x, kernel, strides, padding, dilation):
    *window, depth, filters = kernel.shape
    groups = x.shape[-1] // depth
    x = padded(x, window, strides, padding, dilation)
    out = None
    for counts, place, seen in windows(x, window, strides, dilation):
        if out is None:
            out = np.zeros((x.shape[0], *counts, filters))
        for g in range(groups):
            mine = slice(g * filters // groups, (g + 1) * filters // groups)
            part = seen[..., g * depth : (g + 1) * depth]
            flat = part.reshape(x.shape[0], -1)
            weights = kernel[..., mine].reshape(-1, filters // groups)
            out[(slice(None), *place, mine)] = flat @ weights
    return out


@st.composite
def convolutions(draw):
    rank = draw(st.integers(1, 2))
    strides = draw(st.tuples(*[st.integers(1, 3)] * rank))
    dilation = draw(st.tuples(*[st.integers(1, 2)] * rank))
    if max(strides) > 1:
        dilation = (1,) * rank
    window = draw(st.tuples(*[st.integers(1, 3)] * rank))
    size = [draw(st.integers(5, 7)) for _ in range(rank)]
    groups = draw(st.sampled_from([1, 1, 2]))
    padding = draw(st.sampled_from(["valid", "same"]))
    depth, filters = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    x = RNG.normal(size=(2, *size, groups * depth))
    kernel = RNG.normal(size=(*window, depth, groups * filters))
    return x, kernel, strides, padding, dilation


@settings(max_examples=8, deadline=None, derandomize=True)
@given(case=convolutions())
@pytest.mark.parametrize("engine", ["numpy", "torch", "jax"])
def test_conv_is_the_loop_and_its_gradients_fit(engine, case):
    keras.config.set_backend(engine)
    x, kernel, strides, padding, dilation = case
    expected = slow_conv(x, kernel, strides, padding, dilation)
    options = {"strides": strides, "padding": padding, "dilation_rate": dilation}
    result = numpy(ops.conv(x, kernel, **options))
    np.testing.assert_allclose(result, expected, rtol=1e-6, atol=1e-9)
    first = numpy(
        ops.conv(np.moveaxis(x, -1, 1), kernel, data_format="channels_first", **options)
    )
    np.testing.assert_allclose(
        np.moveaxis(first, 1, -1), expected, rtol=1e-6, atol=1e-9
    )
    if engine == "numpy":
        return
    upstream = RNG.normal(size=expected.shape)

    def loss(values):
        out = ops.conv(values[0], values[1], **options)
        return ops.sum(out * ops.convert_to_tensor(upstream)), None

    e = current.load(engine)
    _, gradients = e.value_and_grad(loss, [e.convert(x, None), e.convert(kernel, None)])
    # The convolution is linear in each argument: <gradient, v> is its value at v.
    for i, gradient in enumerate(gradients):
        direction = [x, kernel]
        direction[i] = RNG.normal(size=direction[i].shape)
        there = slow_conv(*direction, strides, padding, dilation)
        slope = np.vdot(numpy(gradient), direction[i])
        assert slope == pytest.approx(np.vdot(there, upstream), rel=1e-6, abs=1e-8)


def test_second_derivative_of_conv_on_jax():
    keras.config.set_backend("jax")
    jax = pytest.importorskip("jax")
    x = jax.numpy.asarray(RNG.normal(size=(1, 5, 5, 2)))
    kernel = jax.numpy.asarray(RNG.normal(size=(3, 3, 2, 2)))

    def penalty(kernel):
        inner = jax.grad(lambda x: (ops.conv(x, kernel) ** 2).sum())
        return (inner(x) ** 2).sum()

    gradient = jax.grad(penalty)(kernel)
    step = 1e-5 * RNG.normal(size=kernel.shape)
    slope = penalty(kernel + step) - penalty(kernel - step)
    assert float((gradient * step).sum()) == pytest.approx(float(slope) / 2, rel=1e-4)


def test_conv_has_forward_derivatives(trainable_backend):
    x = RNG.normal(size=(1, 5, 5, 2)).astype("float32")
    kernel = RNG.normal(size=(3, 3, 2, 2)).astype("float32")
    _, tangent = ops.jvp(lambda k: ops.conv(x, k), (kernel,), (kernel,))
    np.testing.assert_allclose(numpy(tangent), numpy(ops.conv(x, kernel)), rtol=1e-4)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_depthwise_conv_works_channel_by_channel(backend, padding):
    x = RNG.normal(size=(2, 6, 5, 3)).astype("float32")
    kernel = RNG.normal(size=(3, 2, 3, 2)).astype("float32")
    result = numpy(ops.depthwise_conv(x, kernel, padding=padding))
    for c in range(3):
        alone = slow_conv(
            x[..., c : c + 1], kernel[:, :, c : c + 1], (1, 1), padding, (1, 1)
        )
        np.testing.assert_allclose(
            result[..., 2 * c : 2 * c + 2], alone, rtol=1e-4, atol=1e-5
        )


def test_separable_conv_is_both_parts(backend):
    x = RNG.normal(size=(2, 6, 3)).astype("float32")
    depthwise = RNG.normal(size=(2, 3, 2)).astype("float32")
    pointwise = RNG.normal(size=(1, 6, 4)).astype("float32")
    inner = ops.depthwise_conv(x, depthwise, 2, "same")
    np.testing.assert_allclose(
        numpy(ops.separable_conv(x, depthwise, pointwise, 2, "same")),
        numpy(inner) @ pointwise[0],
        rtol=1e-4,
        atol=1e-5,
    )


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("stride", "size"), [(1, 3), (2, 3), (2, 2), (3, 2), (3, 4)])
def test_conv_transpose_is_the_adjoint_of_conv(backend, padding, stride, size):
    kernel = RNG.normal(size=(size, size, 3, 2))  # (window, out, in)
    small = RNG.normal(size=(2, 4, 5, 2))
    large = numpy(ops.conv_transpose(small, kernel, stride, padding))
    if padding == "same":
        assert large.shape[1:3] == (4 * stride, 5 * stride)
    x = RNG.normal(size=large.shape)
    # conv takes (window, in, out): the same kernel, the other way round.
    back = slow_conv(x, kernel, (stride,) * 2, padding, (1, 1))
    back = back[:, :4, :5]
    assert np.vdot(large, x) == pytest.approx(np.vdot(small, back), rel=1e-6)


def test_conv_transpose_output_padding_decides_the_size(backend):
    x, kernel = np.ones((1, 4, 1), "float32"), np.ones((3, 1, 1), "float32")
    for extra, size in ((0, 7), (1, 8)):
        assert ops.conv_transpose(x, kernel, 2, "same", extra).shape == (1, size, 1)
    with pytest.raises(ValueError, match="less than the stride"):
        ops.conv_transpose(x, kernel, 2, "same", 2)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 3), (3, 2), (2, 1), (2, 3)])
def test_pools_are_the_loop(backend, padding, size, stride):
    x = RNG.normal(size=(2, 7, 6, 3)).astype("float32")
    both = (size,) * 2, (stride,) * 2
    one = (1, 1)
    for pool, reduce in ((ops.max_pool, np.nanmax), (ops.average_pool, np.nanmean)):
        result = numpy(pool(x, size, stride, padding))
        filled = padded(x, *both, padding, one, np.nan)
        for _, place, seen in windows(filled, *both, one):
            np.testing.assert_allclose(
                result[(slice(None), *place)],
                reduce(seen, (1, 2)),
                rtol=1e-5,
                atol=1e-6,
            )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("batch, filters", [(1, 1), (2, 1), (1, 3)])
@pytest.mark.parametrize("window", [(3,), (1, 3), (3, 3), (2, 3, 1)])
def test_kernels_of_few_filters_have_gradients(
    trainable_backend, window, batch, filters, dtype
):
    e = current.load(trainable_backend)
    x = e.convert(RNG.normal(size=(batch, *(5,) * len(window), 2)).astype(dtype), None)
    kernel = e.convert(RNG.normal(size=(*window, 2, filters)).astype(dtype), None)
    _, (gradient,) = e.value_and_grad(
        lambda v: (ops.sum(ops.conv(x, v[0], padding="valid")), None), [kernel]
    )
    for place in itertools.product(*map(range, window)):
        cut = tuple(slice(p, 5 - k + p + 1) for p, k in zip(place, window, strict=True))
        seen = numpy(x)[(slice(None), *cut)].sum(tuple(range(len(window) + 1)))
        expected = np.repeat(seen[:, None], filters, 1)
        np.testing.assert_allclose(numpy(gradient)[place], expected, atol=1e-4)


@pytest.mark.parametrize("pool", [ops.max_pool, ops.average_pool])
def test_pools_of_all_sizes_are_those_of_numpy(pool):
    for size, stride, n in itertools.product((1, 2, 3, 5), (1, 2, 3), range(1, 9)):
        x = RNG.normal(size=(2, n, n + 1, 3)).astype("float32")
        results = []
        for engine in ("numpy", "torch"):
            keras.config.set_backend(engine)
            results.append(numpy(pool(x, (size, min(size, n)), stride, "same")))
        np.testing.assert_allclose(*results, rtol=1e-5, atol=1e-6)


def test_max_pool_gives_the_gradient_to_the_first_of_equals(trainable_backend):
    e = current.load(trainable_backend)
    x = e.convert(np.zeros((1, 5, 4, 1), "float32"), None)
    _, (gradient,) = e.value_and_grad(
        lambda v: (ops.sum(ops.max_pool(v[0], 2)), None), [x]
    )
    expected = np.zeros((5, 4))
    expected[:4:2, ::2] = 1
    np.testing.assert_array_equal(numpy(gradient)[0, :, :, 0], expected)


@pytest.mark.parametrize("pool", [ops.max_pool, ops.average_pool])
def test_a_compiled_program_can_differentiate_pools(trainable_backend, pool):
    e = current.load(trainable_backend)
    x = e.convert(RNG.normal(size=(2, 7, 6, 3)).astype("float32"), None)

    def gradient(state):
        return None, e.value_and_grad(
            lambda v: (ops.sum(ops.square(pool(v[0], 3, 2, "same"))), None), state
        )[1]

    _, (expected,) = gradient([x])
    _, (found,) = e.jit(gradient, False)([x])
    np.testing.assert_allclose(numpy(found), numpy(expected), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("strides, dilation", [(1, 1), (2, 1), ((3, 2), 1), (1, 2)])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_gradients_of_kernels_are_right_inside_of_a_scan_too(
    trainable_backend, strides, dilation, padding
):
    x = RNG.normal(size=(3, 9, 10, 2)).astype("float32")
    kernel = RNG.normal(size=(3, 2, 2, 4)).astype("float32")

    def loss(kernel):
        y = ops.conv(x, kernel, strides, padding, dilation_rate=dilation)
        return ops.sum(ops.sin(y))

    gradient = ops.grad(loss)
    alone = numpy(gradient(kernel))
    _, (inside,) = ops.scan(lambda c, _: (c, (gradient(kernel),)), np.zeros(1), None, 2)
    np.testing.assert_allclose(numpy(inside)[1], alone, rtol=1e-4, atol=1e-4)
    nudge = RNG.normal(size=kernel.shape).astype("float32")
    slope = (loss(kernel + 1e-2 * nudge) - loss(kernel - 1e-2 * nudge)) / 2e-2
    np.testing.assert_allclose(
        float(slope), (alone * nudge).sum(), rtol=1e-2, atol=0.05
    )


def test_max_pool_keeps_nan_and_ints(backend):
    x = np.array([1, np.nan, 3, 2], "float32").reshape(1, 4, 1)
    np.testing.assert_array_equal(numpy(ops.max_pool(x, 2)).ravel(), [np.nan, 3])
    result = ops.max_pool(np.array([[[1], [7], [-5], [-9]]], "int32"), 2)
    assert numpy(result).dtype == "int32"
    assert numpy(result).ravel().tolist() == [7, -5]


@pytest.mark.parametrize("target", [(3, 3), (2, 4), (7, 1)])
def test_adaptive_pools_are_the_loop(backend, target):
    x = RNG.normal(size=(1, 7, 8, 2)).astype("float32")
    mean, top = ops.adaptive_average_pool(x, target), ops.adaptive_max_pool(x, target)
    for i, j in itertools.product(*map(range, target)):
        rows = slice(i * 7 // target[0], -(-(i + 1) * 7 // target[0]))
        columns = slice(j * 8 // target[1], -(-(j + 1) * 8 // target[1]))
        seen = x[0, rows, columns]
        np.testing.assert_allclose(
            numpy(mean)[0, i, j], seen.mean((0, 1)), rtol=1e-4, atol=1e-6
        )
        np.testing.assert_allclose(numpy(top)[0, i, j], seen.max((0, 1)))


def test_errors_name_what_came(backend):
    x, kernel = np.ones((1, 4, 4, 3), "float32"), np.ones((3, 3, 2, 4), "float32")
    with pytest.raises(ValueError, match=r"keras.ops.conv: got inputs with 3 channels"):
        ops.conv(x, kernel)
    with pytest.raises(ValueError, match="padding='full'"):
        ops.max_pool(x, 2, padding="full")
    with pytest.raises(ValueError, match="do not fit"):
        ops.max_pool(x, 5)
    with pytest.raises(ValueError, match=r"strides=\.\.\."):
        ops.conv(x, np.ones((3, 3, 3, 4), "float32"), (1, 2, 3))


def test_torch_keeps_channels_last_in_memory():
    torch = pytest.importorskip("torch")
    keras.config.set_backend("torch")
    x = torch.randn(2, 8, 8, 4, requires_grad=True)
    kernel = torch.randn(3, 3, 4, 6, requires_grad=True)
    hidden = ops.relu(ops.conv(x, kernel, padding="same"))
    y = ops.average_pool(ops.max_pool(hidden, 2), 2)
    assert hidden.is_contiguous() and y.is_contiguous()
    gradients = torch.autograd.grad(hidden.square().sum(), [x, hidden])
    assert all(g.is_contiguous() for g in gradients)
