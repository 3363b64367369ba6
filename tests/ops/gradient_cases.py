"""One list of all ops: how each is called to be differentiated, or why it is not.

A new op is one line here; test_gradients.py walks the list.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from keras import ops
from keras.ops import image
from keras.ops._rnn import gru, lstm, rnn


@dataclass(frozen=True, slots=True)
class Case:
    """A function of float tensors, differentiated by all of them at once."""

    function: Callable[..., Any]
    inputs: tuple[np.ndarray, ...]
    is_narrow: bool = False
    """Whether it computes in 32 bits, though what comes out has 64."""
    is_traced: bool = True
    """Whether it can be compiled: the shapes do not depend on values."""


RNG = np.random.default_rng(5)


def uniform(low, high, *shape):
    return RNG.uniform(low, high, size=shape)


X, Y = uniform(0.2, 0.8, 3, 4), uniform(0.3, 0.9, 3, 4)
COLUMN = uniform(0.3, 0.9, 2, 1, 4)  # beside X the result is (2, 3, 4)
SIGNED = uniform(-2, 2, 3, 4)
SQUARE = uniform(-1, 1, 2, 3, 3) + 2 * np.eye(3)  # regular
HOLES = np.where(Y > 0.5, X, np.nan)
HOLES[0] = X[0]
IMAGE, VOLUME = uniform(0.1, 0.9, 1, 6, 7, 3), uniform(0, 1, 1, 3, 3, 3, 2)
FIRST = np.moveaxis(IMAGE, -1, 1)
KERNEL, DEEP = uniform(-1, 1, 3, 2, 3, 4), uniform(-1, 1, 2, 2, 3, 2)
HEADS = tuple(uniform(-1, 1, 2, 4, 2, 3) for _ in range(3))
LOGITS = uniform(-1, 1, 2, 5, 4)
SERIES = uniform(-1, 1, 2, 16)
SHARES = np.exp(LOGITS[0]) / np.exp(LOGITS[0]).sum(-1, keepdims=True)
HOT = np.eye(4)[[0, 2, 3, 3, 1]]
SEQUENCE = uniform(-1, 1, 2, 3, 2)  # (batch, time, features)
STATE, CELL = uniform(-1, 1, 2, 2), uniform(-1, 1, 2, 2)


def weights(gates, *bias):
    return (
        uniform(-1, 1, 2, 2 * gates),
        uniform(-1, 1, 2, 2 * gates),
        uniform(0, 1, *bias),
    )


def each(names, *inputs):
    return {name: Case(getattr(ops, name), inputs) for name in names.split()}


def of(inputs, functions, is_narrow=False):
    return {name: Case(f, inputs, is_narrow) for name, f in functions.items()}


def positive(x):
    """A symmetric positive definite matrix out of any."""
    return ops.add(ops.einsum("bij,bkj->bik", x, x), np.eye(3))


def complex_of(x, y):
    return ops.view_as_complex(ops.stack([x, y], -1))


def accumulate(x, states):
    total = ops.tanh(states[0] + x)
    return total, [total]


CASES = (
    each(
        """
    abs absolute amax amin arccos arcsin arcsinh arctan arctanh average cbrt ceil conj
    conjugate copy corrcoef cos cosh cumprod cumsum deg2rad diag diagflat diagonal diff
    erf erfc erfinv exp exp2 expm1 fabs flip fliplr flipud floor i0 log log10 log1p log2
    logsumexp max mean median min nan_to_num negative normalize ones_like prod ptp
    rad2deg ravel real reciprocal rot90 round rsqrt sign sin sinc sinh sort sqrt square
    squeeze std sum tan tanh trace transpose trapezoid tril triu trunc var zeros_like
    """,
        X,
    )
    | each("arccosh", X + 1)
    | each(
        """
    celu elu gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu
    log_sigmoid log_softmax relu relu6 selu sigmoid silu soft_shrink softmax softplus
    softsign sparse_plus sparse_sigmoid sparsemax squareplus swish tanh_shrink
    """,
        SIGNED,
    )
    | each(
        """
    nancumprod nancumsum nanmax nanmean nanmedian nanmin nanprod nanstd nansum nanvar
    """,
        HOLES,
    )
    | each(
        """
    add arctan2 divide divide_no_nan floor_divide fmax fmin fmod heaviside hypot kron
    logaddexp logaddexp2 maximum minimum mod multiply outer power subtract true_divide
    """,
        X,
        COLUMN,
    )
    | each("append cdist inner vdot", X, Y)
    | each("cholesky_inverse det inv lu_factor pinv slogdet", SQUARE)
    | of(
        (X,),
        {
            "sinc(0)": lambda x: ops.sinc(ops.subtract(x, X)),
            "divide_no_nan(0)": lambda x: ops.divide_no_nan(x, np.round(Y)),
            "std(axis)": lambda x: ops.std(x, 1, keepdims=True),
            "prod(0)": lambda x: ops.prod(ops.multiply(x, np.round(Y)), 1),
            "cumprod(0)": lambda x: ops.cumprod(ops.multiply(x, np.round(Y)), 1),
            "max(initial)": lambda x: ops.max(x, 1, initial=0.6),
            "power(number)": lambda x: ops.power(x, 3) + ops.power(2.0, x) + x**-1,
            "where": lambda x: ops.where(Y > 0.5, x, x * x),
            "where(NaN)": lambda x: ops.where(Y > 0.5, ops.log(x), 0.0),
            "select": lambda x: ops.select([Y > 0.8, Y > 0.5], [x * x, -x], 3.0),
            "clip": lambda x: ops.clip(x, 0.4, 0.6),
            "threshold": lambda x: ops.threshold(x, 0.5, 0.1),
            "ldexp": lambda x: ops.ldexp(x, np.arange(4)),
            "cast": lambda x: ops.cast(ops.cast(x, "float64"), "float64"),
            "saturate_cast": lambda x: ops.saturate_cast(x, "float64"),
            "view": lambda x: ops.view(x, "float64"),
            "convert_to_tensor": lambda x: ops.convert_to_tensor(x) * 2,
            "array": lambda x: ops.array(x) * 2,
            "stop_gradient": lambda x: x + ops.stop_gradient(ops.zeros((4,))),
            "einsum": lambda x: ops.einsum("ij,kj->ik", x, x),
            "matmul(transpose)": lambda x: ops.matmul(x, ops.transpose(x)),
            "take": lambda x: ops.take(x, [[0, -1], [1, 0]], axis=1),
            "take_along_axis": lambda x: ops.take_along_axis(x, np.argsort(Y, 0), 0),
            "get_item": lambda x: x[1:, None, 1],
            "get_item(array)": lambda x: ops.get_item(x, (np.array([0, 0, 2]), 1)),
            "slice": lambda x: ops.slice(x, (1, 1), (2, 2)),
            "slice_update": lambda x: ops.slice_update(x, (1, 1), x[:2, :2] ** 2),
            "split": lambda x: ops.split(x, 2, 1)[1],
            "array_split": lambda x: ops.array_split(x, 3, 1)[0],
            "hsplit": lambda x: ops.hsplit(x, 2)[1],
            "vsplit": lambda x: ops.vsplit(x, 3),
            "dsplit": lambda x: ops.dsplit(x[None], 2)[0],
            "unstack": lambda x: ops.unstack(x, axis=1)[2],
            "broadcast_to": lambda x: ops.broadcast_to(x[:, None], (2, 3, 5, 4)),
            "expand_dims": lambda x: ops.expand_dims(x, (0, -1)),
            "moveaxis": lambda x: ops.moveaxis(x, 0, 1),
            "swapaxes": lambda x: ops.swapaxes(x, 0, -1),
            "reshape": lambda x: ops.reshape(x, (2, -1)),
            "rearrange": lambda x: ops.rearrange(x, "a (b c) -> (c a) b", c=2),
            "pad": lambda x: ops.pad(x, ((1, 0), (0, 2)), mode="reflect"),
            "pad(constant)": lambda x: ops.pad(x, ((1, 0), (0, 2))),
            "tile": lambda x: ops.tile(x, (2, 2)),
            "repeat": lambda x: ops.repeat(x, [1, 2, 3], 0),
            "roll": lambda x: ops.roll(x, 1, 1),
            "vander": lambda x: ops.vander(x[0]),
            "full": lambda x: ops.full((2,), x[0, 0]),
            "full_like": lambda x: ops.full_like(x, x[0, 0]),
            "top_k": lambda x: ops.top_k(x, 2)[0],
            "quantile": lambda x: ops.quantile(x, [0.2, 0.7], axis=1),
            "percentile": lambda x: ops.percentile(x, [20, 70], axis=0),
            "scatter": lambda x: ops.scatter([[0], [2], [0]], x, (3, 4)),
            "segment_sum": lambda x: ops.segment_sum(x, [0, 2, 0], 3),
            "segment_max": lambda x: ops.segment_max(x, [0, 2, 0], 3)[::2],
            "segment_min": lambda x: ops.segment_min(x, [0, 2, 0], 3)[::2],
            "segment_prod": lambda x: ops.segment_prod(x, [0, 2, 0], 3),
            "segment_prod(0)": lambda x: ops.segment_prod(
                ops.multiply(x, np.round(Y)), [2, 0, 2], 3
            ),
            "norm": lambda x: ops.norm(x),
            "norm(nuc)": lambda x: ops.norm(x, "nuc"),
            "norm(2)": lambda x: ops.norm(x, 2),
            "norm(inf)": lambda x: ops.norm(x, np.inf, 1),
            "norm(3)": lambda x: ops.norm(x, 3, 0),
            "qr": lambda x: ops.qr(ops.transpose(x)),
            "svd": lambda x: ops.svd(x, compute_uv=False),
            "jvp": lambda x: ops.jvp(ops.sin, (x,), (Y,)),
            "cond": lambda x: ops.cond(ops.sum(x) > 0, lambda: x * x, lambda: x),
            "switch": lambda x: ops.switch(1, [ops.sin, ops.cos], x),
            "scan": lambda x: ops.scan(lambda s, r: (s * r, s + r), Y[0], x),
            "map": lambda x: ops.map(lambda r: r * r[0], x),
            "vectorized_map": lambda x: ops.vectorized_map(lambda r: r * r[0], x),
            "vectorize": lambda x: ops.vectorize(ops.sin)(x),
            "associative_scan": lambda x: ops.associative_scan(ops.multiply, x, axis=1),
            "fori_loop": lambda x: ops.fori_loop(0, 3, lambda i, s: s * x, x),
            "custom_gradient": lambda x: ops.custom_gradient(
                lambda v: (v * v, lambda upstream: 2 * v * upstream)
            )(x),
            "grad": lambda x: ops.grad(lambda v: ops.sum(ops.sin(v)))(x),
            "value_and_grad": lambda x: ops.value_and_grad(
                lambda v: ops.sum(ops.sin(v))
            )(x),
            "view_as_real": lambda x: ops.view_as_real(complex_of(x, x * x)),
            "geomspace": lambda x: ops.geomspace(x, Y, 4),
            "logspace": lambda x: ops.logspace(x, Y, 4),
        },
    )
    | {
        "unique": Case(ops.unique, (X,), is_traced=False),
        "bincount": Case(
            lambda x: ops.bincount([0, 2, 0, 1], x), (X[0],), is_traced=False
        ),
    }
    | of(
        (HOLES,),
        {
            "nanquantile": lambda x: ops.nanquantile(x, [0.2, 0.7], axis=1),
            "nanpercentile": lambda x: ops.nanpercentile(x, 30, axis=0),
            "nansum(axis)": lambda x: ops.nansum(x, 0),
        },
    )
    | of(
        (X, Y),
        {
            "linspace": lambda x, y: ops.linspace(x, y, 4),
            "dot": lambda x, y: ops.dot(x, ops.transpose(y)),
            "matmul": lambda x, y: ops.matmul(x[:, None, None], y[..., None]),
            "tensordot": lambda x, y: ops.tensordot(x, y, axes=[[1], [1]]),
            "cross": lambda x, y: ops.cross(x[:, :3], y[:, :3]),
            "correlate": lambda x, y: ops.correlate(x[0], y[0, :3], "same"),
            "concatenate": lambda x, y: ops.concatenate([x, y * y], 1),
            "stack": lambda x, y: ops.stack([x, y], -1),
            "hstack": lambda x, y: ops.hstack([x, y]),
            "vstack": lambda x, y: ops.vstack([x, y]),
            "dstack": lambda x, y: ops.dstack([x, y]),
            "meshgrid": lambda x, y: ops.meshgrid(x[0], y[1]),
            "scatter_update": lambda x, y: ops.scatter_update(x, [[0], [2]], y[:2]),
            **{
                f"scatter_update({how})": lambda x, y, how=how: ops.scatter_update(
                    x, [[0], [2]], y[:2], how
                )
                for how in ("add", "max", "min", "mul")
            },
            "average(weights)": lambda x, y: ops.average(x, 1, y),
            "trapezoid(x)": lambda x, y: ops.trapezoid(x, ops.sin(y)),
            "polar": ops.polar,
            "view_as_complex": complex_of,
            "imag": lambda x, y: ops.imag(ops.exp(complex_of(x, y))),
            "angle": lambda x, y: ops.angle(complex_of(x, y)),
            "abs(complex)": lambda x, y: ops.abs(complex_of(x, y)),
            "fft": lambda x, y: ops.fft((x, y)),
            "fft2": lambda x, y: ops.fft2((x, y)),
            "ifft2": lambda x, y: ops.ifft2((x, y)),
            "irfft": lambda x, y: ops.irfft((x, y)),
            "psnr": lambda x, y: ops.psnr(x, y, 1.0),
            "moments": lambda x, y: ops.moments(x * y, (0,)),
        },
    )
    | of(
        (SERIES,),
        {
            "rfft": lambda x: ops.rfft(x, 12),
            "extract_sequences": lambda x: ops.extract_sequences(x, 5, 3),
            "stft": lambda x: ops.stft(x, 8, 4, 8),
            "istft": lambda x: ops.istft(ops.stft(x, 8, 4, 8), 8, 4, 8),
        },
    )
    | of(
        (SQUARE, uniform(-1, 1, 2, 3, 2)),
        {
            "solve": ops.solve,
            "solve_triangular": lambda a, b: ops.solve_triangular(a, b, lower=True),
            "lstsq": lambda a, b: ops.lstsq(a[0, :, :2], b[0]),
        },
    )
    | of(
        (SQUARE,),
        {
            "cholesky": lambda x: ops.cholesky(positive(x)),
            "cholesky(upper)": lambda x: ops.cholesky(positive(x), upper=True),
            "logdet": lambda x: ops.logdet(positive(x)),
            "eigh": lambda x: ops.eigh(positive(x))[0],
            "eigh(vectors)": lambda x: ops.square(ops.eigh(positive(x))[1]),
            "eig": lambda x: ops.square(ops.abs(ops.eig(x)[0])),
            "eig(vectors)": lambda x: ops.abs(ops.eig(x)[1]),
            "svd(vectors)": lambda x: ops.square(ops.svd(x)[2]),
        },
    )
    | of(
        (IMAGE, KERNEL),
        {
            "conv": ops.conv,
            "conv(strides)": lambda x, k: ops.conv(x, k, 2, "same"),
            "conv(dilation)": lambda x, k: ops.conv(x, k, 1, "same", None, 2),
            "conv(groups)": lambda x, k: ops.conv(x, k[:, :, :1, :3]),
            "conv(1D)": lambda x, k: ops.conv(x[0], k[0]),
            "depthwise_conv": lambda x, k: ops.depthwise_conv(x, k, (2, 2), "same"),
            "separable_conv": lambda x, k: ops.separable_conv(
                x, k[..., :1], k[:1, :1], 1, "same"
            ),
        },
    )
    | of(
        (FIRST, KERNEL),
        {"conv(first)": lambda x, k: ops.conv(x, k, 2, "same", "channels_first")},
    )
    | of(
        (VOLUME, DEEP[..., None, :1, :]),
        {
            "conv(3D)": lambda x, k: ops.conv(x[..., :1], ops.moveaxis(k, 2, 0)),
        },
    )
    | of(
        (IMAGE, np.moveaxis(KERNEL, 2, 3)),
        {
            "conv_transpose": lambda x, k: ops.conv_transpose(x, k, 2, "same"),
            "conv_transpose(valid)": lambda x, k: ops.conv_transpose(x, k, (1, 3)),
        },
    )
    | of(
        (IMAGE,),
        {
            "max_pool": lambda x: ops.max_pool(x, 2),
            "max_pool(overlap)": lambda x: ops.max_pool(x, 3, 2, "same"),
            "average_pool": lambda x: ops.average_pool(x, 2),
            "average_pool(overlap)": lambda x: ops.average_pool(x, 3, 2, "same"),
            "adaptive_average_pool": lambda x: ops.adaptive_average_pool(x, (2, 3)),
            "adaptive_max_pool": lambda x: ops.adaptive_max_pool(x, (2, 3)),
            "depth_to_space": lambda x: ops.depth_to_space(x[:, :4, :4], 1),
            "space_to_depth": lambda x: ops.space_to_depth(x[:, :, :6], 2),
            "unfold": lambda x: ops.unfold(ops.transpose(x, (0, 3, 1, 2)), 3, stride=2),
            "image.affine_transform": lambda x: image.affine_transform(
                x, [1.0, 0.1, 0.3, -0.1, 1.0, 0.2, 0, 0]
            ),
            "image.crop_images": lambda x: image.crop_images(x, 1, 2, 1, 1),
            "image.elastic_transform": lambda x: image.elastic_transform(
                x, 2.0, seed=1
            ),
            "image.extract_patches": lambda x: image.extract_patches(x, 3, 2),
            "image.gaussian_blur": image.gaussian_blur,
            "image.hsv_to_rgb": image.hsv_to_rgb,
            "image.map_coordinates": lambda x: image.map_coordinates(
                x[0, :, :, 0],
                np.array([[0.3, 2.6, 7.0], [1.2, 3.4, 1.0]]),
                1,
                "nearest",
            ),
            "image.pad_images": lambda x: image.pad_images(x, 1, 2, 3, 1),
            "image.perspective_transform": lambda x: image.perspective_transform(
                x,
                np.array([[0, 0], [6, 0], [0, 5], [6, 5]]),
                np.array([[1, 0], [6, 1], [0, 4], [5, 5]]),
            ),
            "image.resize": lambda x: image.resize(x, (4, 9)),
            "image.resize(bicubic)": lambda x: image.resize(x, (9, 4), "bicubic", True),
            "image.rgb_to_grayscale": image.rgb_to_grayscale,
            "image.rgb_to_hsv": image.rgb_to_hsv,
            "image.scale_and_translate": lambda x: image.scale_and_translate(
                x, (1, 5, 5, 3), [0.7, 0.8], [0.2, -0.1], (1, 2), "linear"
            ),
            "image.sobel_edges": image.sobel_edges,
            "image.ssim": lambda x: image.ssim(x, ops.flip(x, 1) ** 2, filter_size=3),
        },
        is_narrow=True,
    )
    | of(
        (VOLUME,),
        {
            "image.extract_patches_3d": lambda x: image.extract_patches_3d(x, 2),
        },
    )
    | of(
        (SERIES[None],),
        {"fold": lambda x: ops.fold(ops.reshape(x, (1, 8, 4)), (3, 3), 2)},
    )
    | of(
        HEADS,
        {
            "dot_product_attention": ops.dot_product_attention,
            "dot_product_attention(causal)": lambda q, k, v: ops.dot_product_attention(
                q, k, v, is_causal=True
            ),
            "dot_product_attention(bias)": lambda q, k, v: ops.dot_product_attention(
                q[:, :2],
                k,
                v[..., :2],
                bias=ops.cos(k[:, :2, :, 0])[:, :, :, None],
                attn_logits_soft_cap=2.0,
            ),
        },
    )
    | of(
        (SHARES,),
        {
            "binary_crossentropy": lambda x: ops.binary_crossentropy(HOT, x),
            "categorical_crossentropy": lambda x: ops.categorical_crossentropy(HOT, x),
            "sparse_categorical_crossentropy": lambda x: (
                ops.sparse_categorical_crossentropy([0, 2, 3, 3, 1], x)
            ),
        },
    )
    | of(
        (LOGITS[0],),
        {
            "binary_crossentropy(logits)": lambda x: ops.binary_crossentropy(
                HOT, x, True
            ),
            "categorical_crossentropy(logits)": lambda x: ops.categorical_crossentropy(
                HOT, x, True
            ),
            "sparse_categorical_crossentropy(logits)": lambda x: (
                ops.sparse_categorical_crossentropy([0, 2, 3, 3, 1], x, True)
            ),
        },
    )
    | of(
        (LOGITS,),
        {
            "ctc_loss": lambda x: ops.ctc_loss([[1, 2], [2, 0]], x, [2, 1], [5, 4]),
        },
    )
    | of(
        (LOGITS, *uniform(0.5, 1, 4, 4)),
        {
            "batch_normalization": lambda x, m, v, o, s: ops.batch_normalization(
                x, m, v, -1, o, s
            ),
            "layer_normalization": lambda x, g, b, *_: ops.layer_normalization(x, g, b),
            "rms_normalization": lambda x, s, *_: ops.rms_normalization(x, s),
        },
    )
    | of(
        (SEQUENCE, STATE, CELL, *weights(4, 8)),
        {"(lstm)": lambda x, h, c, *w: lstm(x, h, c, None, *w)},
    )
    | of(
        (SEQUENCE, STATE, *weights(3, 2, 6)),
        {"(gru)": lambda x, h, *w: gru(x, h, None, *w)},
    )
    | of(
        (SEQUENCE, STATE),
        {"(rnn)": lambda x, h: rnn(accumulate, x, [h])},
    )
)

_WITHOUT = {
    "gives positions": """
        argmax argmin argpartition argsort digitize in_top_k nanargmax nanargmin nonzero
        searchsorted unravel_index""",
    "gives numbers of entries": "count_nonzero histogram matrix_rank",
    "gives truth": """
        all allclose any equal greater greater_equal is_tensor isclose isfinite isin
        isinf isnan isneginf isposinf isreal less less_equal logical_and logical_not
        logical_or logical_xor not_equal signbit""",
    "takes integers": """
        bitwise_and bitwise_invert bitwise_left_shift bitwise_not bitwise_or
        bitwise_right_shift bitwise_xor gcd lcm left_shift multi_hot one_hot
        right_shift""",
    "takes no tensor to differentiate by": """
        arange bartlett blackman empty empty_like eye hamming hanning identity kaiser
        ones tri zeros""",
    "gives labels": "ctc_decode",
    "JAX has no reverse mode for it": "while_loop",
    "leaves the engine": "convert_to_numpy dtype ndim shape size",
    "goes from one representable number to the next": "nextafter",
}
WITHOUT_GRADIENT = {
    name: reason for reason, names in _WITHOUT.items() for name in names.split()
}
