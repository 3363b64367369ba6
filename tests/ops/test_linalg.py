"""Linear algebra against NumPy in float64."""

import numpy as np
import pytest

from keras import ops

RNG = np.random.default_rng(0)
A = RNG.normal(size=(2, 4, 4))
SPD = A @ A.transpose(0, 2, 1) + 4 * np.eye(4)


def numpy(x):
    return ops.convert_to_numpy(x)


def test_cholesky_and_its_inverse(backend):
    lower, upper = ops.cholesky(SPD), ops.cholesky(SPD, upper=True)
    np.testing.assert_allclose(numpy(lower), np.linalg.cholesky(SPD), rtol=1e-8)
    inverse = np.linalg.inv(SPD)
    np.testing.assert_allclose(numpy(ops.cholesky_inverse(lower)), inverse, rtol=1e-7)
    result = ops.cholesky_inverse(upper, upper=True)
    np.testing.assert_allclose(numpy(result), inverse, rtol=1e-7)


def test_decompositions_multiply_back(backend):
    q, r = map(numpy, ops.qr(A))
    np.testing.assert_allclose(q @ r, A, atol=1e-9)
    u, s, vh = map(numpy, ops.svd(A[:, :, :2], full_matrices=False))
    np.testing.assert_allclose(u * s[:, None] @ vh, A[:, :, :2], atol=1e-9)
    w, v = map(numpy, ops.eigh(SPD))
    np.testing.assert_allclose(v * w[:, None] @ v.transpose(0, 2, 1), SPD, atol=1e-9)


def test_eigenvectors_of_any_matrix_are_stretched(backend):
    w, v = map(numpy, ops.eig(A))
    np.testing.assert_allclose(A @ v, v * w[:, None], atol=1e-8)


def test_pinv_undoes_what_can_be_undone(backend):
    tall = A[:, :, :2]
    result = numpy(ops.pinv(tall))
    np.testing.assert_allclose(result, np.linalg.pinv(tall), atol=1e-9)


def test_lu_factors_multiply_back(backend):
    lu, pivots = map(numpy, ops.lu_factor(A[0]))
    rows = np.arange(4)
    for i, pivot in enumerate(pivots):
        rows[[i, pivot]] = rows[[pivot, i]]
    product = (np.tril(lu, -1) + np.eye(4)) @ np.triu(lu)
    np.testing.assert_allclose(product, A[0][rows], atol=1e-9)


def test_solvers_solve(backend):
    b = RNG.normal(size=(2, 4, 3))
    np.testing.assert_allclose(A @ numpy(ops.solve(A, b)), b, atol=1e-8)
    vector = numpy(ops.solve(A, b[..., 0]))
    np.testing.assert_allclose((A @ vector[..., None])[..., 0], b[..., 0], atol=1e-8)
    x = numpy(ops.solve_triangular(A, b, lower=True))
    np.testing.assert_allclose(np.tril(A) @ x, b, atol=1e-8)
    x = numpy(ops.lstsq(A[0, :, :2], b[0]))
    np.testing.assert_allclose(x, np.linalg.lstsq(A[0, :, :2], b[0])[0], atol=1e-8)


@pytest.mark.parametrize(
    ("order", "axis"),
    [
        *((o, 1) for o in (None, 0, 1, 2, 3, np.inf, -np.inf)),
        *((o, (0, 2)) for o in (None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)),
        (None, None),
    ],
)
def test_norm_is_that_of_numpy(backend, order, axis):
    expected = np.linalg.norm(A, order, axis, keepdims=True)
    result = ops.norm(A, order, axis, keepdims=True)
    np.testing.assert_allclose(numpy(result), expected, rtol=1e-8)


def test_rank_det_and_logdet(backend):
    flat = np.outer([1.0, 2.0, 3.0], [1.0, 1.0, 1.0])
    assert int(ops.matrix_rank(flat)) == 1
    np.testing.assert_allclose(numpy(ops.det(SPD)), np.linalg.det(SPD), rtol=1e-8)
    expected = np.linalg.slogdet(SPD)[1]
    np.testing.assert_allclose(numpy(ops.logdet(SPD)), expected, rtol=1e-8)


def test_jvp_hands_on_what_belongs_to_it(backend):
    value, slope, aux = ops.jvp(
        lambda x: (ops.square(x), "aux"), (3.0,), (2.0,), has_aux=True
    )
    assert (float(value), aux) == (9.0, "aux")
    assert float(slope) == pytest.approx(12.0, rel=1e-5)


def test_errors_name_the_shapes(backend):
    with pytest.raises(
        ValueError, match=r"keras.ops.inv: got a tensor of shape \(2, 3"
    ):
        ops.inv(np.ones((2, 3), "float32"))
    with pytest.raises(ValueError, match="expected a number for one axis"):
        ops.norm(A, "fro", 1)
