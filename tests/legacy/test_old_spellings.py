"""Old spellings work, with one warning that says the new one."""

import warnings

import numpy as np
import pytest

import keras


def once(call, words):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = call()
    assert [w.category for w in caught] == [DeprecationWarning]
    assert words in str(caught[0].message)
    assert caught[0].filename == __file__
    return result


def test_lr_is_the_learning_rate():
    optimizer = once(lambda: keras.optimizers.SGD(lr=0.25), "SGD(learning_rate=...)")
    assert float(optimizer.learning_rate) == 0.25
    assert float(once(lambda: optimizer.lr, "learning_rate")) == 0.25
    assert len(once(lambda: optimizer.weights, "variables")) == 2


def test_decay_is_a_schedule():
    optimizer = once(
        lambda: keras.optimizers.Adam(0.5, decay=0.1), "InverseTimeDecay(0.5, 1, 0.1)"
    )
    assert float(optimizer.learning_rate) == 0.5
    optimizer.iterations.assign(10)
    assert float(optimizer.learning_rate) == 0.25


def test_the_usual_old_call_of_adam_works():
    def make():
        return keras.optimizers.Adam(
            learning_rate=0.001, beta_1=0.9, epsilon=None, decay=0.0
        )

    optimizer = once(make, "nothing in its place")
    assert optimizer.epsilon == 1e-7


def test_other_old_arguments_are_named():
    once(lambda: keras.optimizers.Nadam(schedule_decay=0.004), "beta_1")
    once(lambda: keras.optimizers.SGD(jit_compile=True), "compile(jit_compile=...)")
    assert once(lambda: keras.regularizers.l2(l=0.5), "L2(l2=...)").l2 == 0.5
    assert once(lambda: keras.regularizers.l1(l=0.5), "L1(l1=...)").l1 == 0.5
    norm = once(lambda: keras.constraints.get("maxnorm"), "max_norm")
    assert isinstance(norm, keras.constraints.MaxNorm)


def test_what_never_was_is_refused():
    with pytest.raises(TypeError, match="Did you mean"):
        keras.optimizers.SGD(momentun=0.9)
    with pytest.raises(AttributeError, match="learning_rate"):
        _ = keras.optimizers.SGD().learning_rat
    with pytest.raises(ImportError, match=r"of the same name in keras.optimizers"):
        keras.optimizers.legacy.Adam()


@pytest.mark.parametrize("kind", ["losses", "metrics"])
def test_an_old_name_is_shown_at_the_line_that_has_it(kind):
    once(lambda: getattr(keras, kind).get("cosine_proximity"), "cosine_similarity")


def test_acc_is_accuracy():
    metric = once(lambda: keras.metrics.get("acc"), "'accuracy'")
    assert isinstance(metric, keras.metrics.Accuracy)


def model():
    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])


@pytest.mark.parametrize(
    ("loss", "metrics", "new"),
    [
        ("cosine_proximity", None, "cosine_similarity"),
        ("mse", ["cosine_proximity"], "cosine_similarity"),
        ("mse", ["acc"], "accuracy"),
    ],
)
def test_an_old_name_in_compile_is_told_once_and_logged_as_written(loss, metrics, new):
    net = model()
    once(lambda: net.compile("sgd", loss, metrics=metrics), new)
    x = np.ones((4, 2), "float32")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        history = net.fit(x, x, verbose=0).history
    assert list(history) == ["loss", *(metrics or [])]
