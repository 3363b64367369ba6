"""Images: resampling, transforms, colours, filters."""

import colorsys

import numpy as np
import pytest

from keras import ops
from keras.ops import image

RNG = np.random.default_rng(0)
X = RNG.random((2, 6, 8, 3)).astype("float32")
METHODS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area")


def numpy(x):
    return ops.convert_to_numpy(x)


@pytest.mark.parametrize("antialias", [False, True])
@pytest.mark.parametrize("method", METHODS)
def test_resize_keeps_constants_and_channels_first(backend, method, antialias):
    flat = np.full((5, 4, 2), 3.0, "float32")
    result = image.resize(flat, (3, 9), method, antialias)
    np.testing.assert_allclose(numpy(result), np.full((3, 9, 2), 3.0), rtol=1e-4)
    last = numpy(image.resize(X, (4, 5), method, antialias))
    first = X.transpose(0, 3, 1, 2)
    result = image.resize(
        first, (4, 5), method, antialias, data_format="channels_first"
    )
    np.testing.assert_allclose(numpy(result).transpose(0, 2, 3, 1), last, rtol=1e-4)


def test_resize_by_two_is_the_mean_and_the_line(backend):
    x = np.arange(8, dtype="float32").reshape(1, 8, 1)
    halved = numpy(image.resize(x, (1, 4), antialias=False))
    np.testing.assert_allclose(halved.ravel(), [0.5, 2.5, 4.5, 6.5], rtol=1e-5)
    doubled = numpy(image.resize(x, (1, 16))).ravel()
    np.testing.assert_allclose(doubled[1:-1], np.arange(0.25, 7, 0.5), rtol=1e-5)


def test_resize_says_what_it_knows():
    with pytest.raises(ValueError, match="Did you mean 'bilinear'"):
        image.resize(X, (2, 2), "bilinaer")


def test_targets_out_of_reach_are_refused(backend):
    with pytest.raises(ValueError, match="got borders of 0 and -2"):
        image.pad_images(X, 0, 0, target_height=4, target_width=8)
    with pytest.raises(ValueError, match="got borders of 1 and -3"):
        image.crop_images(X, 0, 1, target_height=6, target_width=10)


def test_crop_undoes_pad(backend):
    large = image.pad_images(X, 1, 2, 3, target_width=14)
    assert large.shape == (2, 10, 14, 3)
    back = image.crop_images(large, 1, 2, 3, target_width=8)
    np.testing.assert_array_equal(numpy(back), X)
    with pytest.raises(ValueError, match="got 1 of the three"):
        image.pad_images(X, 1, 1, 1)


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear"])
def test_affine_transform_shifts(backend, interpolation):
    shift = [1.0, 0, 2, 0, 1.0, 1, 0, 0]  # (x, y) shows (x + 2, y + 1)
    result = numpy(image.affine_transform(X, shift, interpolation))
    np.testing.assert_allclose(result[:, :-1, :-2], X[:, 1:, 2:], rtol=1e-5)
    np.testing.assert_allclose(result[:, -1], 0)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("constant", [9, 9, 0, 1, 2, 9, 9]),
        ("nearest", [0, 0, 0, 1, 2, 2, 2]),
        ("wrap", [1, 2, 0, 1, 2, 0, 1]),
        ("mirror", [2, 1, 0, 1, 2, 1, 0]),
        ("reflect", [1, 0, 0, 1, 2, 2, 1]),
    ],
)
@pytest.mark.parametrize("order", [0, 1])
def test_map_coordinates_goes_on_outside(backend, mode, expected, order):
    x = np.arange(3, dtype="float32")
    places = np.arange(-2, 5, dtype="float32")[None]
    result = image.map_coordinates(x, places, order, mode, 9)
    np.testing.assert_allclose(numpy(result), expected)


def test_perspective_transform_moves_the_points(backend):
    start = np.array([[0, 0], [7, 0], [0, 5], [7, 5]], "float32")
    end = np.array([[1, 0], [7, 1], [0, 5], [6, 4]], "float32")
    result = numpy(image.perspective_transform(X, start, end))
    for (x0, y0), (x1, y1) in zip(start.astype(int), end.astype(int), strict=True):
        np.testing.assert_allclose(result[:, y1, x1], X[:, y0, x0], atol=1e-3)


def test_hsv_is_that_of_colorsys(backend):
    pixels = X.reshape(-1, 3)
    expected = [colorsys.rgb_to_hsv(*map(float, p)) for p in pixels]
    result = image.rgb_to_hsv(X)
    np.testing.assert_allclose(numpy(result).reshape(-1, 3), expected, atol=1e-5)
    np.testing.assert_allclose(numpy(image.hsv_to_rgb(result)), X, atol=1e-5)


def test_grayscale_weights(backend):
    result = image.rgb_to_grayscale(X)
    expected = X @ np.array([0.2989, 0.587, 0.114])
    np.testing.assert_allclose(numpy(result)[..., 0], expected, rtol=1e-4)


def test_patches_are_the_windows(backend):
    patches = numpy(image.extract_patches(X, (2, 3), (2, 2)))
    np.testing.assert_array_equal(patches[:, 1, 2], X[:, 2:4, 4:7].reshape(2, -1))
    cube = np.arange(64.0).reshape(1, 4, 4, 4, 1)
    patches = numpy(image.extract_patches_3d(cube, 2))
    np.testing.assert_array_equal(patches[0, 1, 0, 1], cube[0, 2:, :2, 2:].ravel())


def test_blur_spreads_and_ssim_of_equals_is_one(backend):
    dot = np.zeros((1, 9, 9, 2), "float32")
    dot[0, 4, 4, 0] = 1
    result = numpy(image.gaussian_blur(dot, (3, 5), (1.0, 2.0)))[0]
    assert result[..., 0].sum() == pytest.approx(1, rel=1e-4)
    assert not result[..., 1].any()
    assert np.flatnonzero(result[:, 4, 0]).tolist() == [2, 3, 4, 5, 6]
    np.testing.assert_allclose(numpy(image.ssim(X, X, filter_size=5)), 1, rtol=1e-4)


def test_elastic_transform_is_the_same_for_the_same_seed(backend):
    first, again, other = (
        numpy(image.elastic_transform(X, 5.0, 1.0, seed=s)) for s in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.01
