"""A call of every op on symbolic tensors: `name(variant) -> (function, input specs)`.

A spec is a shape and a dtype. Every unknown dimension stands for the same number.
"""

import numpy as np

from keras import ops, random

UNARY = """
abs absolute angle arccos arccosh arcsin arcsinh arctan arctanh cbrt ceil conj conjugate
copy cos cosh deg2rad empty_like exp exp2 expm1 fabs floor i0 imag isfinite isinf isnan
isneginf isposinf isreal log log10 log1p log2 logical_not nan_to_num negative ones_like
rad2deg real reciprocal round rsqrt sign signbit sin sinc sinh sqrt square stop_gradient
tan tanh trunc zeros_like
celu elu erf erfc erfinv gelu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh
leaky_relu log_sigmoid log_softmax relu relu6 selu sigmoid silu soft_shrink softmax
softplus softsign sparse_plus sparse_sigmoid sparsemax squareplus swish tanh_shrink
""".split()
BINARY = """
add subtract multiply divide true_divide divide_no_nan floor_divide mod fmod power
maximum minimum fmax fmin arctan2 hypot logaddexp logaddexp2 heaviside nextafter equal
not_equal less less_equal greater greater_equal logical_and logical_or logical_xor
isclose allclose ldexp
""".split()
BITWISE = """
bitwise_and bitwise_or bitwise_xor bitwise_left_shift bitwise_right_shift left_shift
right_shift gcd lcm
""".split()
REDUCTIONS = """
sum prod mean var std max min amax amin ptp any all count_nonzero argmax argmin median
nansum nanprod nanmean nanvar nanstd nanmax nanmin nanargmax nanargmin nanmedian average
logsumexp norm
""".split()
SEGMENTS = "segment_sum segment_prod segment_max segment_min".split()
LOSSES = "binary_crossentropy categorical_crossentropy".split()

X = Y = ((None, 4, 6), "float32")
N = ((None, 4, 6), "int32")
ROWS = ((None, 6), "float32")
INDICES = ((None,), "int32")
TIME = ((None, None, 6), "float32")
IMAGES = ((None, None, None, 3), "float32")
VOLUMES = ((None, None, None, None, 2), "float32")
SQUARE = ((None, 4, 4), "float32")
HEADS = ((None, None, 2, 4), "float32")
SIGNAL = ((None, None), "float32")
COMPLEX = ((None, 4, 6), "complex64")
CORNERS = [[0.0, 0.0], [0.0, 7.0], [7.0, 0.0], [7.0, 7.0]]


def regular(spec, size):
    """Floats from 0.5 to 1 whose square matrices have inverses and roots; or ones."""
    shape, dtype = spec
    dims = [size if d is None else d for d in shape]
    values = np.ones(dims)
    if len(dims) > 1 and not dtype.startswith("int"):
        values = (values + np.eye(*dims[-2:])) / 2
    return values.astype(dtype)


def along(name, axis):
    return lambda x: getattr(ops, name)(x, axis=axis)


def segments(name):
    return lambda x, i: getattr(ops, name)(x, i, num_segments=3)


def pooled(name, size, **options):
    return lambda x: getattr(ops, name)(x, size, **options)


def convolved(name, *kernel, **options):
    return lambda x: getattr(ops, name)(x, ops.ones(kernel), **options)


FORMS = {name: (getattr(ops, name), [X]) for name in UNARY}
FORMS |= {f"{name}(ints)": (getattr(ops, name), [N]) for name in UNARY}
FORMS |= {name: (getattr(ops, name), [X, N]) for name in BINARY}
FORMS |= {name: (getattr(ops, name), [N, N]) for name in BITWISE}
FORMS |= {
    f"{name}({axis})": (along(name, axis), [X])
    for name in REDUCTIONS
    for axis in (None, 1, -1)
}
FORMS |= {name: (segments(name), [X, INDICES]) for name in SEGMENTS}
FORMS |= {name: (getattr(ops, name), [TIME, TIME]) for name in LOSSES}

# Shapes, indices, parts.
FORMS |= {
    "reshape(-1)": (lambda x: ops.reshape(x, (-1, 3, 8)), [X]),
    "reshape(None)": (lambda x: ops.reshape(x, (None, 24)), [X]),
    "reshape(two)": (lambda x: ops.reshape(x, (x.shape[0], -1)), [X]),
    "rearrange": (lambda x: ops.rearrange(x, "b (h d) c -> (b h) d c", h=2), [X]),
    "ravel": (ops.ravel, [X]),
    "transpose": (lambda x: ops.transpose(x, (0, 2, 1)), [X]),
    "swapaxes": (lambda x: ops.swapaxes(x, 0, -1), [X]),
    "moveaxis": (lambda x: ops.moveaxis(x, 0, -1), [X]),
    "expand_dims": (lambda x: ops.expand_dims(x, (0, -1)), [X]),
    "squeeze": (lambda x: ops.squeeze(x[:, :1], 1), [X]),
    "broadcast_to": (lambda x: ops.broadcast_to(x, (3, None, 4, 6)), [X]),
    "concatenate": (lambda x, y: ops.concatenate([x, y], -1), [X, N]),
    "concatenate(0)": (lambda x, y: ops.concatenate([x, y], 0), [X, Y]),
    "stack": (lambda x, y: ops.stack([x, y], 1), [X, Y]),
    "append": (lambda x, y: ops.append(x, y, 1), [X, Y]),
    "vstack": (lambda x, y: ops.vstack([x, y]), [X, Y]),
    "hstack": (lambda x, y: ops.hstack([x, y]), [X, Y]),
    "dstack": (lambda x, y: ops.dstack([x, y]), [X, Y]),
    "split": (lambda x: ops.split(x, 2, axis=-1), [X]),
    "split(batch)": (lambda x: ops.split(x, 2), [X]),
    "array_split": (lambda x: ops.array_split(x, 4, axis=-1), [X]),
    "vsplit": (lambda x: ops.vsplit(x, 2), [X]),
    "hsplit": (lambda x: ops.hsplit(x, 2), [X]),
    "dsplit": (lambda x: ops.dsplit(x, [2]), [X]),
    "unstack": (lambda x: ops.unstack(x, axis=1), [X]),
    "tile": (lambda x: ops.tile(x, (2, 1, 3)), [X]),
    "repeat": (lambda x: ops.repeat(x, 3, axis=0), [X]),
    "flip": (lambda x: ops.flip(x, 1), [X]),
    "fliplr": (ops.fliplr, [X]),
    "flipud": (ops.flipud, [X]),
    "roll": (lambda x: ops.roll(x, 2, 1), [X]),
    "rot90": (lambda x: ops.rot90(x, axes=(1, 2)), [X]),
    "pad": (lambda x: ops.pad(x, ((1, 0), (0, 0), (2, 3))), [X]),
    "pad(reflect)": (
        lambda x: ops.pad(x, ((0, 0), (1, 1), (0, 0)), mode="reflect"),
        [X],
    ),
    "get_item": (lambda x: x[:, 0], [X]),
    "get_item(slices)": (lambda x: x[..., None, 1:5:2], [X]),
    "get_item(batch)": (lambda x: x[1:], [X]),
    "take": (lambda x: ops.take(x, [[0, 1, 2]], axis=2), [X]),
    "take(rows)": (lambda x, i: ops.take(x, i, axis=0), [((3, 6), "float32"), N]),
    "take_along_axis": (
        lambda x: ops.take_along_axis(x, ops.argsort(x, axis=1), axis=1),
        [X],
    ),
    "slice": (lambda x: ops.slice(x, (0, 1, 2), (2, 3, 4)), [X]),
    "slice_update": (
        lambda x: ops.slice_update(x, (0, 1, 2), ops.ones((1, 2, 2))),
        [X],
    ),
    "scatter": (
        lambda x, i: ops.scatter(ops.expand_dims(i, 1), x, (3, 6)),
        [ROWS, INDICES],
    ),
    "scatter_update": (
        lambda x: ops.scatter_update(x, [[0, 1]], ops.ones((1, 6))),
        [X],
    ),
    "tril": (ops.tril, [X]),
    "triu": (lambda x: ops.triu(x, 1), [X]),
    "diag": (ops.diag, [INDICES]),
    "diag(matrix)": (lambda x: ops.diag(x, 1), [SIGNAL]),
    "diagflat": (ops.diagflat, [ROWS]),
    "diagonal": (lambda x: ops.diagonal(x, axis1=1, axis2=2), [X]),
    "trace": (lambda x: ops.trace(x, axis1=1, axis2=2), [X]),
    "meshgrid": (lambda x: ops.meshgrid(ops.ravel(x), ops.arange(3)), [X]),
    "unravel_index": (lambda x: ops.unravel_index(x, (3, 4)), [N]),
    "space_to_depth": (lambda x: ops.space_to_depth(x, 2), [IMAGES]),
    "depth_to_space": (
        lambda x: ops.depth_to_space(x, 2),
        [((None, None, None, 8), "float32")],
    ),
    "unfold": (
        lambda x: ops.unfold(x, 2, stride=2),
        [((None, 3, None, None), "float32")],
    ),
    "fold": (
        lambda x: ops.fold(x, (4, 4), 2, stride=2),
        [((None, 12, 4), "float32")],
    ),
    "extract_sequences": (lambda x: ops.extract_sequences(x, 4, 2), [SIGNAL]),
}

# Entry by entry, dtypes, creation.
FORMS |= {
    "operators": (lambda x, y: -x * 2 + y / 3 - (x**2) % 2, [X, Y]),
    "comparisons": (lambda x, y: ~((x > y) & (x != 1) | (y <= 2)), [X, Y]),
    "where": (lambda x, y: ops.where(x > 0, y, 0.0), [X, N]),
    "clip": (lambda x: ops.clip(x, 0, 1), [X]),
    "cast": (lambda x: ops.cast(x, "float16"), [X]),
    "saturate_cast": (lambda x: ops.saturate_cast(x, "uint8"), [X]),
    "view": (lambda x: ops.view(x, "int32"), [X]),
    "view(narrow)": (lambda x: ops.view(x, "uint8"), [X]),
    "view_as_complex": (ops.view_as_complex, [((None, 4, 2), "float32")]),
    "view_as_real": (ops.view_as_real, [COMPLEX]),
    "polar": (ops.polar, [X, Y]),
    "real(complex)": (ops.real, [COMPLEX]),
    "abs(complex)": (ops.abs, [COMPLEX]),
    "bitwise_not": (ops.bitwise_not, [N]),
    "bitwise_invert": (ops.bitwise_invert, [N]),
    "threshold": (lambda x: ops.threshold(x, 0.5, 0), [X]),
    "glu": (ops.glu, [TIME]),
    "select": (lambda x, y: ops.select([x > 0, y > 0], [x, y], 0.0), [X, Y]),
    "full": (lambda x: ops.full((2, 6), x), [((6,), "float32")]),
    "full_like": (lambda x: ops.full_like(x, 2), [N]),
    "linspace": (lambda x: ops.linspace(x, 9, 5, axis=-1), [X]),
    "linspace(step)": (lambda x: ops.linspace(x, 9, 5, retstep=True), [N]),
    "logspace": (lambda x: ops.logspace(x, 2, 5), [X]),
    "geomspace": (lambda x: ops.geomspace(x, 8, 4), [X]),
    "vander": (lambda x: ops.vander(x, 3), [((None,), "float32")]),
    "vander(square)": (ops.vander, [((None,), "float32")]),
    "one_hot": (lambda x: ops.one_hot(x, 5), [N]),
    "multi_hot": (lambda x: ops.multi_hot(x, 5), [N]),
}

# Along an axis.
FORMS |= {
    "cumsum": (lambda x: ops.cumsum(x, 1), [X]),
    "cumprod(None)": (ops.cumprod, [X]),
    "nancumsum": (lambda x: ops.nancumsum(x, 1), [X]),
    "nancumprod(None)": (ops.nancumprod, [N]),
    "sort": (lambda x: ops.sort(x, 1), [X]),
    "argsort": (ops.argsort, [X]),
    "argpartition": (lambda x: ops.argpartition(x, 2), [X]),
    "top_k": (lambda x: ops.top_k(x, 2), [TIME]),
    "in_top_k": (lambda i, x: ops.in_top_k(i, x, 2), [INDICES, ROWS]),
    "searchsorted": (lambda x: ops.searchsorted(ops.arange(5.0), x), [X]),
    "digitize": (lambda x: ops.digitize(x, ops.arange(5.0)), [X]),
    "isin": (lambda x: ops.isin(x, [1.0, 2.0]), [X]),
    "diff": (lambda x: ops.diff(x, axis=1), [X]),
    "quantile": (lambda x: ops.quantile(x, [0.1, 0.5], axis=1), [X]),
    "nanquantile": (lambda x: ops.nanquantile(x, [0.1, 0.5], axis=1), [X]),
    "percentile": (lambda x: ops.percentile(x, 30.0, axis=-1), [X]),
    "nanpercentile": (lambda x: ops.nanpercentile(x, 30.0, axis=-1), [X]),
    "histogram": (lambda x: ops.histogram(x, 5), [X]),
    "trapezoid": (lambda x: ops.trapezoid(x, axis=1), [X]),
    "moments": (lambda x: ops.moments(x, (0, 1)), [TIME]),
    "corrcoef": (ops.corrcoef, [SIGNAL]),
    "correlate": (
        lambda x, y: ops.correlate(x, y, "full"),
        [((None,), "float32"), ((3,), "float32")],
    ),
    "associative_scan": (lambda x: ops.associative_scan(ops.add, x, axis=1), [X]),
}

# Products and matrices.
FORMS |= {
    "matmul": (lambda x, y: ops.matmul(x, ops.swapaxes(y, 1, 2)), [X, Y]),
    "matmul(ints)": (lambda x, y: x @ ops.swapaxes(y, 1, 2), [N, N]),
    "dot": (lambda x: ops.dot(x, ops.ones((6, 2))), [X]),
    "vdot": (ops.vdot, [X, Y]),
    "tensordot": (lambda x: ops.tensordot(x, ops.ones((4, 6, 5)), 2), [X]),
    "einsum": (lambda x, y: ops.einsum("bij,bkj->bik", x, y), [X, Y]),
    "inner": (lambda x: ops.inner(x, ops.ones((3, 6))), [X]),
    "outer": (lambda x: ops.outer(x, ops.ones(3)), [X]),
    "kron": (lambda x: ops.kron(x, ops.ones((1, 2, 2))), [X]),
    "cross": (lambda x, y: ops.cross(x[..., :3], y[..., 3:]), [X, Y]),
    "cdist": (ops.cdist, [TIME, TIME]),
    "cholesky": (ops.cholesky, [SQUARE]),
    "cholesky_inverse": (lambda x: ops.cholesky_inverse(x, upper=True), [SQUARE]),
    "det": (ops.det, [SQUARE]),
    "logdet": (ops.logdet, [SQUARE]),
    "slogdet": (ops.slogdet, [SQUARE]),
    "eig": (ops.eig, [SQUARE]),
    "eigh": (ops.eigh, [SQUARE]),
    "inv": (ops.inv, [SQUARE]),
    "inv(flat)": (ops.inv, [((8, 8), "float32")]),
    "inv(ints)": (
        lambda x: ops.inv(x * ops.eye(4, dtype="int32")),
        [((4, 4), "int32")],
    ),
    "pinv": (ops.pinv, [X]),
    "matrix_rank": (ops.matrix_rank, [X]),
    "qr": (ops.qr, [X]),
    "qr(complete)": (lambda x: ops.qr(x, "complete"), [X]),
    "svd": (ops.svd, [X]),
    "svd(reduced)": (lambda x: ops.svd(x, full_matrices=False), [X]),
    "svd(values)": (lambda x: ops.svd(x, compute_uv=False), [X]),
    "lu_factor": (ops.lu_factor, [SQUARE]),
    "solve": (ops.solve, [SQUARE, X]),
    "solve(vectors)": (ops.solve, [SQUARE, ((None, 4), "float32")]),
    "solve_triangular": (ops.solve_triangular, [SQUARE, X]),
    "lstsq": (ops.lstsq, [ROWS, ((None, 2), "float32")]),
    "norm(matrices)": (lambda x: ops.norm(x, "nuc", (1, 2)), [X]),
}

# Fourier transforms.
FORMS |= {
    "fft": (lambda x, y: ops.fft((x, y)), [TIME, TIME]),
    "fft2": (lambda x, y: ops.fft2((x, y)), [X, Y]),
    "ifft2": (lambda x, y: ops.ifft2((x, y)), [X, Y]),
    "rfft": (ops.rfft, [SIGNAL]),
    "rfft(length)": (lambda x: ops.rfft(x, 5), [SIGNAL]),
    "irfft": (lambda x, y: ops.irfft((x, y)), [SIGNAL, SIGNAL]),
    "stft": (lambda x: ops.stft(x, 4, 2, 4), [SIGNAL]),
    "istft": (
        lambda x, y: ops.istft((x, y), 4, 2, 4),
        [((None, None, 3), "float32"), ((None, None, 3), "float32")],
    ),
}

# Control flow.
FORMS |= {
    "cond": (
        lambda x: ops.cond(ops.sum(x) > 0, lambda: ops.ones(3), lambda: ops.zeros(3)),
        [X],
    ),
    "switch": (
        lambda i, x: ops.switch(i, [ops.square, ops.abs], x),
        [((), "int32"), X],
    ),
    "while_loop": (
        lambda x: ops.while_loop(lambda y: ops.max(y) < 9, lambda y: y * 2, x),
        [X],
    ),
    "fori_loop": (lambda x: ops.fori_loop(0, 3, lambda i, y: y + i, x), [X]),
    "fori_loop(symbolic)": (
        lambda n, x: ops.fori_loop(0, n, lambda i, y: y * 2, x),
        [((), "int32"), X],
    ),
    "map": (lambda x: ops.map(lambda row: ops.sum(row, 0), x), [X]),
    "vectorized_map": (lambda x: ops.vectorized_map(lambda r: r[0], x), [X]),
    "scan": (
        lambda x: ops.scan(lambda s, r: (s + r, r[0]), ops.zeros((4, 6)), x[:3]),
        [X],
    ),
    "scan(unknown)": (
        lambda x: ops.scan(lambda s, r: (s + r, r[0]), ops.zeros((4, 6)), x),
        [X],
    ),
    "vectorize": (lambda x: ops.vectorize(ops.norm, signature="(n)->()")(x), [X]),
}

# Neural networks.
FORMS |= {
    "conv(1d)": (convolved("conv", 3, 6, 4, dilation_rate=2), [TIME]),
    "conv": (convolved("conv", 3, 3, 3, 4), [IMAGES]),
    "conv(same)": (convolved("conv", 3, 3, 3, 4, strides=2, padding="same"), [IMAGES]),
    "conv(dilated)": (convolved("conv", 3, 3, 3, 4, dilation_rate=2), [IMAGES]),
    "conv(3d)": (convolved("conv", 2, 2, 2, 2, 4, strides=2), [VOLUMES]),
    "conv(channels first)": (
        convolved("conv", 3, 3, 3, 4, data_format="channels_first"),
        [((None, 3, None, None), "float32")],
    ),
    "conv(kernel)": (ops.conv, [IMAGES, ((3, 3, 3, 4), "float32")]),
    "depthwise_conv": (convolved("depthwise_conv", 3, 3, 3, 2), [IMAGES]),
    "separable_conv": (
        lambda x: ops.separable_conv(
            x, ops.ones((3, 3, 3, 2)), ops.ones((1, 1, 6, 4)), padding="same"
        ),
        [IMAGES],
    ),
    "conv_transpose": (convolved("conv_transpose", 3, 3, 4, 3, strides=2), [IMAGES]),
    "conv_transpose(1d)": (
        convolved("conv_transpose", 3, 4, 6, strides=2, padding="same"),
        [TIME],
    ),
    "max_pool": (pooled("max_pool", 2), [IMAGES]),
    "max_pool(1d)": (pooled("max_pool", 3, strides=2, padding="same"), [TIME]),
    "max_pool(3d)": (pooled("max_pool", 2), [VOLUMES]),
    "average_pool": (pooled("average_pool", 2), [IMAGES]),
    "average_pool(same)": (
        pooled("average_pool", 3, strides=2, padding="same"),
        [IMAGES],
    ),
    "adaptive_average_pool": (pooled("adaptive_average_pool", 2), [IMAGES]),
    "adaptive_max_pool": (pooled("adaptive_max_pool", (2, 3)), [IMAGES]),
    "batch_normalization": (
        lambda x, m, v: ops.batch_normalization(x, m, v, axis=-1),
        [IMAGES, ((3,), "float32"), ((3,), "float32")],
    ),
    "layer_normalization": (
        lambda x, g: ops.layer_normalization(x, g, g),
        [TIME, ((6,), "float32")],
    ),
    "rms_normalization": (ops.rms_normalization, [TIME]),
    "normalize": (ops.normalize, [TIME]),
    "softmax(time)": (lambda x: ops.softmax(x, axis=1), [TIME]),
    "dot_product_attention": (ops.dot_product_attention, [HEADS, HEADS, HEADS]),
    "dot_product_attention(causal)": (
        lambda q, k: ops.dot_product_attention(q, k, k, is_causal=True),
        [HEADS, HEADS],
    ),
    "sparse_categorical_crossentropy": (
        ops.sparse_categorical_crossentropy,
        [((None, None), "int32"), TIME],
    ),
    "categorical_crossentropy(logits)": (
        lambda t, x: ops.categorical_crossentropy(t, x, from_logits=True),
        [ROWS, ROWS],
    ),
    "ctc_loss": (
        ops.ctc_loss,
        [((None, 3), "int32"), TIME, INDICES, INDICES],
    ),
    "ctc_decode": (ops.ctc_decode, [TIME, INDICES]),
    "ctc_decode(beam)": (
        lambda x, n: ops.ctc_decode(x, n, "beam_search", beam_width=4, top_paths=2),
        [((None, 5, 6), "float32"), INDICES],
    ),
    "psnr": (lambda x, y: ops.psnr(x, y, 1.0), [IMAGES, IMAGES]),
}

# Images.
FORMS |= {
    "image.affine_transform": (
        ops.image.affine_transform,
        [IMAGES, ((None, 8), "float32")],
    ),
    "image.perspective_transform": (
        lambda x, p: ops.image.perspective_transform(
            x, *2 * [ops.multiply(p, CORNERS)]
        ),
        [IMAGES, ((None, 4, 2), "float32")],
    ),
    "image.elastic_transform": (ops.image.elastic_transform, [IMAGES]),
    "image.map_coordinates": (
        lambda x, c: ops.image.map_coordinates(x, c, order=1),
        [((None, None), "float32"), ((2, None, 4), "float32")],
    ),
    "image.crop_images": (lambda x: ops.image.crop_images(x, 1, 1, 1, 1), [IMAGES]),
    "image.crop_images(target)": (
        lambda x: ops.image.crop_images(x, 1, 1, target_height=4, target_width=5),
        [IMAGES],
    ),
    "image.pad_images": (lambda x: ops.image.pad_images(x, 1, 1, 1, 2), [IMAGES]),
    "image.pad_images(target)": (
        lambda x: ops.image.pad_images(x, 1, 1, target_height=64, target_width=65),
        [IMAGES],
    ),
    "image.extract_patches": (lambda x: ops.image.extract_patches(x, 2), [IMAGES]),
    "image.extract_patches(same)": (
        lambda x: ops.image.extract_patches(x, 3, strides=2, padding="same"),
        [IMAGES],
    ),
    "image.extract_patches_3d": (
        lambda x: ops.image.extract_patches_3d(x, 2),
        [VOLUMES],
    ),
    "image.gaussian_blur": (ops.image.gaussian_blur, [IMAGES]),
    "image.sobel_edges": (ops.image.sobel_edges, [IMAGES]),
    "image.ssim": (
        lambda x, y: ops.image.ssim(x, y, filter_size=3),
        [IMAGES, IMAGES],
    ),
    "image.hsv_to_rgb": (ops.image.hsv_to_rgb, [IMAGES]),
    "image.rgb_to_hsv": (ops.image.rgb_to_hsv, [IMAGES]),
    "image.rgb_to_grayscale": (ops.image.rgb_to_grayscale, [IMAGES]),
    "image.resize": (lambda x: ops.image.resize(x, (7, 9)), [IMAGES]),
    "image.resize(ints)": (
        lambda x: ops.image.resize(x, (7, 9), "nearest"),
        [((None, None, None, 3), "uint8")],
    ),
    "image.resize(crop)": (
        lambda x: ops.image.resize(x, (7, 9), crop_to_aspect_ratio=True),
        [IMAGES],
    ),
    "image.scale_and_translate": (
        lambda x: ops.image.scale_and_translate(
            x, (9, 7, 3), ops.ones(2), ops.zeros(2), (0, 1), "linear"
        ),
        [((None, None, 3), "float32")],
    ),
}

FORMS |= {
    "take(scalar)": (lambda x: ops.take(x, -1, axis=1), [X]),
    "take(scalar, 0)": (lambda x: ops.take(x, 2, axis=0), [X]),
    "take(symbolic scalar)": (
        lambda x, i: ops.take(x, i, axis=1),
        [X, ((), "int32")],
    ),
    "unique(size)": (
        lambda x: ops.unique(x, True, True, True, True, size=3),
        [INDICES],
    ),
    "unique(axis)": (lambda x: ops.unique(x, axis=1, size=5), [X]),
}

# Random numbers.
FORMS |= {
    "random.dropout": (lambda x: random.dropout(x, 0.5), [TIME]),
    "random.dropout(shared)": (
        lambda x: random.dropout(x, 0.5, noise_shape=(None, 1, None)),
        [TIME],
    ),
    "random.categorical": (lambda x: random.categorical(x, 5), [ROWS]),
    "random.shuffle": (random.shuffle, [TIME]),
}

# What has no symbolic result, since its shape depends on data.
DATA_DEPENDENT = {
    name: (getattr(ops, name), [INDICES])
    for name in ("nonzero", "where", "unique", "bincount")
}
DATA_DEPENDENT |= {name: (getattr(ops, name), [X, INDICES]) for name in SEGMENTS}
SHAPE = ((3,), "int32")
NUMBER = ((), "int32")
DATA_DEPENDENT |= {
    "get_item": (lambda x, mask: x[:, mask], [X, ((4,), "bool")]),
    "repeat": (lambda x, n: ops.repeat(x, repeats=n, axis=0), [X, SHAPE]),
    "tile": (ops.tile, [X, SHAPE]),
    "reshape": (ops.reshape, [X, SHAPE]),
    "broadcast_to": (ops.broadcast_to, [X, SHAPE]),
    "full": (lambda n: ops.full((n, 2), 0), [NUMBER]),
    "pad": (ops.pad, [X, ((3, 2), "int32")]),
    "split": (ops.split, [X, SHAPE]),
    "one_hot": (ops.one_hot, [X, NUMBER]),
    "linspace": (lambda n: ops.linspace(0, 1, num=n), [NUMBER]),
    "vander": (ops.vander, [INDICES, NUMBER]),
}
