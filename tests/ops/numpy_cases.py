"""One list of all ops: what NumPy calls each, and what arguments to draw for it.

A new op is one line here; test_numpy_properties.py walks the list. Shapes come from a
short list, as each one is compiled anew on JAX: a scalar, empty ones, several axes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


@dataclass(frozen=True, slots=True)
class Case:
    """The same in NumPy, and a strategy for positional and named arguments."""

    reference: Callable[..., Any]
    arguments: st.SearchStrategy[tuple[tuple[Any, ...], dict[str, Any]]]


SHAPES = [(), (3,), (0,), (2, 3), (2, 0), (2, 1, 3)]
PAIRS = [
    ((), ()),
    ((3,), ()),
    ((3,), (2, 3)),
    ((2, 1), (1, 3)),
    ((2, 1, 3), (2, 1)),
    ((2, 0), (2, 1)),
    ((0,), (1,)),
]
# XLA takes subnormal numbers for zero: also where it divides by a large number by
# multiplying with the reciprocal.
FINITE = st.floats(-8, 8, width=32, allow_subnormal=False) | st.just(-0.0)
HOLED = FINITE | st.just(np.nan)
FLOATS = FINITE | st.sampled_from([np.nan, np.inf, -np.inf, 8e37, -8e37, 1.5e-38])


@st.composite
def arrays(draw, shapes=None, kinds="fib", floats=FLOATS, low=-9, high=9):
    """An array of float32, int32 or bool, as the letters of `kinds` allow."""
    shape = draw(st.sampled_from(shapes or SHAPES))
    kind = draw(st.sampled_from(kinds))
    if kind == "f":
        return draw(hnp.arrays(np.float32, shape, elements=floats))
    if kind == "i":
        return draw(hnp.arrays(np.int32, shape, elements=st.integers(low, high)))
    return draw(hnp.arrays(np.bool_, shape))


floats = partial(arrays, kinds="f", floats=FINITE)


@st.composite
def calls(draw, *args, **kwargs):
    """The arguments, drawn where they are strategies."""

    def value(x):
        return draw(x) if isinstance(x, st.SearchStrategy) else x

    return tuple(map(value, args)), {k: value(v) for k, v in kwargs.items()}


@st.composite
def pairs(draw, shapes=PAIRS, **options):
    """Two arrays that are broadcast."""
    first, second = draw(st.sampled_from(shapes).flatmap(st.permutations))
    return (draw(arrays([first], **options)), draw(arrays([second], **options))), {}


@st.composite
def along(draw, x, *more, several=False, optional=True, keepdims=False, **options):
    """An array, other arguments, and as `axis` one of its axes, or several, or none."""
    x = draw(x)
    kwargs = {k: draw(v) for k, v in options.items()}
    axes = st.integers(-x.ndim, x.ndim - 1) if x.ndim else st.none()
    if several and x.ndim:
        axes |= st.lists(axes, unique_by=lambda a: a % x.ndim, min_size=1).map(tuple)
    if keepdims:
        kwargs["keepdims"] = draw(st.booleans())
    return (x, *map(draw, more)), {
        "axis": draw(st.none() | axes if optional else axes),
        **kwargs,
    }


def same(names, arguments):
    """Ops that NumPy has under the same name."""
    return {name: Case(getattr(np, name), arguments) for name in names.split()}


def like(references, arguments):
    return {name: Case(f, arguments) for name, f in references.items()}


def position(function, worst, x, **kwargs):
    """Of what is no NaN, -1 where all are: there NumPy raises an error."""
    found = function(np.where(np.isnan(x), worst, x), **kwargs)
    return np.where(np.isnan(x).all(**kwargs), -1, found)


ROWS = [shape for shape in SHAPES if shape]
MATRICES = [(2, 3), (3, 2), (2, 0), (0, 3)]
SQUARES = [(2, 2), (3, 2, 2)]

ELEMENTWISE = (
    same(
        """
    abs absolute angle arccos arccosh arcsin arcsinh arctan arctanh cbrt ceil conj
    conjugate copy cos cosh deg2rad exp exp2 expm1 fabs floor imag isfinite isinf isnan
    isreal log log10 log1p log2 logical_not nan_to_num ndim ones_like rad2deg ravel real
    shape sin sinc sinh size sqrt square tanh trunc zeros_like
    """,
        calls(arrays()),
    )
    | same("isneginf isposinf negative sign signbit", calls(arrays(kinds="fi")))
    | same("i0 reciprocal tan", calls(floats()))
    | same("bitwise_invert bitwise_not", calls(arrays(kinds="ib")))
    | same("round", calls(floats(), st.integers(-1, 2)))
    | same("clip", calls(arrays(kinds="fi"), -2, st.integers(-2, 3)))
    | like(
        {
            "rsqrt": lambda x: 1 / np.sqrt(x),
            "relu": lambda x: np.maximum(x, 0),
            "relu6": lambda x: np.clip(x, 0, 6),
            "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
            "softsign": lambda x: x / (1 + np.abs(x)),
            "array": np.array,
            "convert_to_numpy": np.asarray,
            "convert_to_tensor": np.asarray,
            "stop_gradient": np.asarray,
        },
        calls(arrays(kinds="f", floats=HOLED)),
    )
    | like(
        {"cast": np.ndarray.astype}, calls(floats(), st.sampled_from(["int32", "bool"]))
    )
    | like({"view": np.ndarray.view}, calls(floats(ROWS), st.just("int32")))
    | like({"full_like": np.full_like}, calls(arrays(), 3))
    | same(
        """
    add equal fmax fmin greater greater_equal heaviside less less_equal logical_and
    logical_or logical_xor maximum minimum multiply not_equal
    """,
        pairs(),
    )
    | same("divide subtract true_divide", pairs(kinds="fi"))
    | same("arctan2 hypot logaddexp logaddexp2 nextafter", pairs(kinds="f"))
    | same(
        "isclose allclose",
        pairs(kinds="f", floats=st.sampled_from([1, 1.000001, np.inf, np.nan])),
    )
    | same("power", pairs(kinds="f", floats=FINITE))
    | same("floor_divide fmod mod", pairs(kinds="fi", low=1))
    | same("bitwise_and bitwise_or bitwise_xor", pairs(kinds="ib"))
    | same("gcd lcm", pairs(kinds="i"))
    | same(
        "bitwise_left_shift bitwise_right_shift left_shift right_shift",
        pairs(kinds="i", low=0),
    )
    | same("ldexp", calls(floats([(2, 3)]), arrays([(3,), ()], "i")))
    | like(
        {"divide_no_nan": lambda x, y: np.where(y == 0, 0, x / y)},
        pairs(kinds="f", floats=HOLED),
    )
    | same(
        "where",
        calls(arrays([(2, 3), (3,)], "b"), arrays([(2, 1), ()]), arrays([(3,)])),
    )
    | like(
        {"select": lambda c, x, default: np.select(c, x, default)},
        calls(
            st.tuples(*[arrays([(2, 3)], "b")] * 2).map(list),
            st.tuples(*[arrays([(2, 3)], "f")] * 2).map(list),
            st.integers(0, 3),
        ),
    )
)

REDUCTIONS = (
    same("all any", along(arrays(), several=True, keepdims=True))
    | same("sum", along(arrays(), several=True, keepdims=True))
    | same(
        "amax amin max min",
        along(arrays(), several=True, keepdims=True),
    )
    | same(
        "mean prod",
        along(arrays(floats=HOLED, low=-4, high=4), several=True, keepdims=True),
    )
    | same(
        "median std var",
        along(arrays(kinds="fi", floats=HOLED), several=True, keepdims=True),
    )
    | same("ptp", along(arrays(kinds="fi"), several=True, keepdims=True))
    | same(
        "nanmax nanmean nanmedian nanmin nanprod nanstd nansum nanvar",
        along(arrays(kinds="f", floats=HOLED), several=True, keepdims=True),
    )
    | same("count_nonzero", along(arrays(), several=True))
    | same("argmax argmin", along(arrays(ROWS), keepdims=True))
    | like(
        {
            "nanargmax": partial(position, np.argmax, -np.inf),
            "nanargmin": partial(position, np.argmin, np.inf),
        },
        along(arrays([(3,), (2, 3)], "fi"), keepdims=True),
    )
    | same(
        "quantile nanquantile",
        along(
            arrays([(3,), (2, 3), (2, 1, 3)], "fi", HOLED),
            st.sampled_from([0.0, 0.25, 0.5, 1.0, [0.0, 0.75]]),
            several=True,
            keepdims=True,
            method=st.sampled_from(
                ["linear", "lower", "higher", "nearest", "midpoint"]
            ),
        ),
    )
    | same(
        "percentile nanpercentile",
        along(
            arrays([(2, 3)], "f", HOLED), st.sampled_from([50, [0, 75]]), keepdims=True
        ),
    )
    | like(
        {
            "logsumexp": lambda x, axis, keepdims: np.logaddexp.reduce(
                x, axis if axis is not None else tuple(range(x.ndim)), keepdims=keepdims
            )
        },
        along(arrays(kinds="f"), keepdims=True),
    )
    | same("cumprod cumsum", along(arrays(ROWS)))
    | same("nancumprod nancumsum", along(arrays(ROWS, "f", HOLED)))
    | same("sort", along(arrays(ROWS)))
    | same("flip", along(arrays(), several=True))
    | like({"argsort": partial(np.argsort, kind="stable")}, along(arrays(ROWS)))
    | same("average", along(floats([(2, 3), (3,)])))
    | same("diff", along(floats(ROWS), n=st.integers(0, 2), optional=False))
    | same("trapezoid", along(floats(ROWS), dx=st.just(0.5), optional=False))
    | same(
        "searchsorted",
        calls(
            arrays([(3,), (0,)], "fi", FINITE).map(np.sort),
            arrays(kinds="i"),
            st.sampled_from(["left", "right"]),
        ),
    )
    | same("digitize", calls(arrays(), arrays([(3,)], "f", FINITE).map(np.sort)))
    | same("isin", calls(arrays(kinds="i"), arrays(kinds="i")))
    | same(
        "bincount", calls(arrays([(3,), (0,)], "i", low=0), minlength=st.integers(0, 4))
    )
    | same("histogram", calls(floats([(3,), (2, 3), (0,)]), st.integers(1, 3), (-2, 2)))
    | same("unique", calls(arrays([(3,)], "fi", FINITE)))
    | like({"nonzero": lambda x: np.stack(np.nonzero(x))}, calls(arrays(ROWS)))
    | same("unravel_index", calls(arrays(kinds="i", low=0, high=5), (2, 3)))
    | same("corrcoef", calls(arrays([(3,), (2, 3)], "i")))
)

SHAPING = (
    same("transpose", along(arrays()).map(lambda c: (c[0], {})))
    | same("expand_dims", along(arrays(ROWS), several=False, optional=False))
    | same("squeeze", calls(arrays([(2, 1, 3), (1,), (1, 0)])))
    | same("moveaxis", calls(arrays([(2, 1, 3), (2, 0)]), st.integers(-2, 1), -1))
    | same("swapaxes", calls(arrays([(2, 1, 3), (2, 0)]), st.integers(-2, 1), -1))
    | same(
        "reshape",
        calls(arrays([(2, 3), (2, 1, 3)]), st.sampled_from([-1, (3, -1), (1, 6)])),
    )
    | same(
        "broadcast_to",
        calls(arrays([(3,), (1, 3), ()]), st.sampled_from([(2, 3), (0, 3)])),
    )
    | same("tile", calls(arrays(), st.sampled_from([2, (0,), (2, 1), (1, 2, 2, 1)])))
    | same("repeat", along(arrays(ROWS), st.integers(0, 2)))
    | same("roll", along(arrays(), st.integers(-4, 4)))
    | same("rot90", calls(arrays(MATRICES), st.integers(-2, 3)))
    | same("fliplr", calls(arrays(MATRICES)))
    | same("flipud", calls(arrays(ROWS)))
    | same("diag", calls(arrays([(3,), *MATRICES]), st.integers(-2, 2)))
    | same("diagflat", calls(arrays(), st.integers(-2, 2)))
    | same(
        "diagonal trace",
        calls(arrays([*MATRICES, (2, 1, 3)], "fi", FINITE), st.integers(-1, 1), 0, -1),
    )
    | same("tril triu", calls(arrays([*MATRICES, (2, 1, 3)]), st.integers(-2, 2)))
    | like(
        {"vander": np.vander},
        calls(floats([(3,), (0,)]), st.integers(0, 3), increasing=st.booleans()),
    )
    | same("array_split", along(arrays(ROWS), st.integers(1, 4), optional=False))
    | same("split", calls(arrays([(2, 3), (2, 0)]), st.sampled_from([2, [1], [0, 5]])))
    | same(
        "hsplit", calls(arrays([(4,), (2, 4), (2, 0)]), st.sampled_from([2, [1, 2]]))
    )
    | same("vsplit", calls(arrays([(2, 3), (0, 3)]), st.sampled_from([2, [1]])))
    | same("dsplit", calls(arrays([(2, 1, 4), (2, 0, 4)]), st.sampled_from([2, [1]])))
    | like(
        {"unstack": lambda x, axis: [*np.moveaxis(x, axis, 0)]},
        along(arrays(ROWS), optional=False),
    )
    | like(
        {
            "concatenate": np.concatenate,
            "stack": np.stack,
        },
        along(arrays(ROWS), optional=False).map(lambda c: (([c[0][0]] * 3,), c[1])),
    )
    | same("dstack hstack vstack", calls(arrays().map(lambda x: [x, x])))
    | same("append", along(arrays()).map(lambda c: (c[0] * 2, c[1])))
    | same(
        "meshgrid",
        calls(
            arrays([(3,), (0,), ()]),
            arrays([(2,)]),
            indexing=st.sampled_from(["xy", "ij"]),
        ),
    )
    | same(
        "pad",
        calls(
            arrays([(2, 3)], "fi"),
            st.sampled_from([1, (1, 0), ((1, 2), (0, 1))]),
            mode=st.sampled_from(["constant", "reflect", "symmetric", "edge", "wrap"]),
        ),
    )
    | same("take", along(arrays([(3, 3), (3,)]), arrays(kinds="i", low=-3, high=2)))
    | same(
        "take_along_axis",
        along(arrays([(3, 3)]), arrays([(3, 3)], "i", low=-3, high=2), optional=False),
    )
    | like(
        {"get_item": lambda x, key: x[key]},
        st.sampled_from([(3, 2, 4), (3, 0, 4), (5,)]).flatmap(
            lambda shape: calls(
                arrays([shape]),
                hnp.basic_indices(shape, allow_newaxis=True, allow_ellipsis=True),
            )
        ),
    )
    | like(
        {
            "slice": lambda x, at, size: x[
                at[0] : at[0] + size[0], at[1] : at[1] + size[1]
            ]
        },
        calls(
            arrays([(3, 4)]),
            st.tuples(st.integers(0, 2), st.integers(0, 1)),
            st.tuples(st.integers(0, 1), st.integers(0, 3)),
        ),
    )
)

CREATION = (
    same(
        "arange",
        calls(st.integers(-9, 9), st.integers(-9, 9), st.sampled_from([1, 2, -3])),
    )
    | same("zeros ones", calls(st.sampled_from(SHAPES)))
    | same("full", calls(st.sampled_from(SHAPES), st.sampled_from([2.5, np.nan])))
    | same("eye tri", calls(st.integers(0, 3), st.integers(0, 3), st.integers(-2, 2)))
    | same("identity", calls(st.integers(0, 3)))
    | same("bartlett blackman hamming hanning", calls(st.sampled_from([0, 1, 2, 7])))
    | same("kaiser", calls(st.sampled_from([0, 1, 2, 7]), 4.0))
    | same(
        "linspace",
        calls(*[arrays([(), (2,)], "f", FINITE)] * 2, st.integers(0, 4), st.booleans()),
    )
    | same(
        "logspace", calls(*[st.integers(-2, 2)] * 2, st.integers(0, 4), st.booleans())
    )
    | same(
        "geomspace",
        calls(*[st.floats(0.5, 4, width=32)] * 2, st.integers(0, 4), st.booleans()),
    )
)

PRODUCTS = (
    same("outer", pairs(kinds="fi", floats=FINITE))
    | same(
        "kron",
        pairs(
            shapes=[((2, 1), (1, 3)), ((3,), (2,)), ((2, 0), (3, 1)), ((), (3,))],
            kinds="f",
            floats=FINITE,
        ),
    )
    | same(
        "matmul",
        pairs(
            shapes=[
                ((2, 2), (2, 2)),
                ((3, 2, 2), (2, 2)),
                ((2, 1, 2, 2), (3, 2, 2)),
                ((2,), (2, 2)),
                ((0, 0), (0, 0)),
            ],
            kinds="fi",
            floats=FINITE,
        ),
    )
    | same(
        "dot",
        pairs(
            shapes=[((2, 2), (3, 2, 2)), ((2,), (2, 2)), ((), (2, 0)), ((2,), (2,))],
            kinds="f",
            floats=FINITE,
        ),
    )
    | same("inner", calls(floats([(2, 3)]), floats([(3,), (1, 3), ()])))
    | same(
        "vdot",
        pairs(
            shapes=[((2, 3), (2, 3)), ((0,), (0,)), ((), ())], kinds="f", floats=FINITE
        ),
    )
    | same(
        "tensordot",
        calls(
            floats([(2, 3)]),
            floats([(3, 2)]),
            st.sampled_from([0, 1, [[0, 1], [1, 0]]]),
        ),
    )
    | same("cross", calls(floats([(3,), (4, 3)]), floats([(4, 3), (3,)])))
    | same(
        "einsum",
        calls(
            st.sampled_from(
                ["ij,kj->ik", "ij,ij->", "ij,kl", "ii,jj->j", "i...,j...->..."]
            ),
            *[floats([(2, 2)])] * 2,
        ),
    )
    | same(
        "correlate",
        calls(
            floats([(3,), (5,)]),
            floats([(1,), (3,), (4,)]),
            st.sampled_from(["valid", "same", "full"]),
        ),
    )
    | like(
        {"det": np.linalg.det, "slogdet": np.linalg.slogdet},
        calls(floats(SQUARES).map(lambda x: x + 20 * np.eye(2, dtype="float32"))),
    )
    | like(
        {"norm": np.linalg.norm}, along(floats([(3,), (2, 3), (2, 0)]), keepdims=True)
    )
)

CASES = ELEMENTWISE | REDUCTIONS | SHAPING | CREATION | PRODUCTS

# Ops that NumPy has not, or that need arguments of their own: which file tests them.
_ELSEWHERE = {
    "test_linalg.py": """
        cholesky cholesky_inverse eig eigh inv jvp logdet lstsq lu_factor matrix_rank
        pinv qr solve solve_triangular svd""",
    "test_fft.py": "extract_sequences fft fft2 ifft2 irfft istft rfft stft",
    "test_nn.py": """
        batch_normalization binary_crossentropy categorical_crossentropy celu ctc_decode
        ctc_loss depth_to_space elu erf erfc erfinv fold gelu glu hard_shrink
        hard_sigmoid hard_silu hard_swish hard_tanh in_top_k layer_normalization
        leaky_relu log_sigmoid log_softmax moments multi_hot normalize one_hot
        rms_normalization segment_max segment_min segment_prod segment_sum selu silu
        soft_shrink softmax softplus space_to_depth sparse_categorical_crossentropy
        sparse_plus sparse_sigmoid sparsemax squareplus swish tanh_shrink threshold
        unfold""",
    "test_conv.py": """
        adaptive_average_pool adaptive_max_pool average_pool conv conv_transpose
        depthwise_conv max_pool separable_conv""",
    "test_control.py": """
        associative_scan cond fori_loop map scan switch vectorize vectorized_map
        while_loop""",
    "test_gradients.py": "custom_gradient grad value_and_grad",
    "test_attention.py": "dot_product_attention",
    "test_rearrange.py": "cdist rearrange",
    "test_numpy_properties.py": """
        argpartition dtype empty empty_like is_tensor polar psnr saturate_cast scatter
        scatter_update slice_update top_k view_as_complex view_as_real""",
}
TESTED_IN = {name: file for file, names in _ELSEWHERE.items() for name in names.split()}
