"""What a user's editor sees; mypy checks it, nothing runs it."""

from typing import Any, assert_type

import numpy as np

import keras
from keras import layers, ops
from keras.callbacks import History
from keras.typing import Tensor

x = np.ones((4, 8), "float32")
y = np.ones((4, 1), "float32")

# Ops return tensors, whatever comes in, and keep their signatures under the decorator.
assert_type(ops.add(x, y), Tensor)
assert_type(ops.matmul(x, [[1.0]] * 8), Tensor)
assert_type(ops.sum(x, axis=-1, keepdims=True), Tensor)
assert_type(ops.shape(x), tuple[int | None, ...])
assert_type(ops.add(x, 1.0) * 2 - y, Tensor)

# Layers of one tensor return a tensor; layers of several decide when they run.
assert_type(keras.Input((8,)), keras.KerasTensor)
assert_type(layers.Dense(8)(x), Tensor)
assert_type(layers.Conv2D(8, 3)(x), Tensor)
assert_type(layers.Dropout(0.5)(x, training=True), Tensor)
layer = layers.Dense(8, activation="relu", name="hidden")
assert_type(layer.kernel, keras.Variable)
assert_type(layer.trainable_variables, list[keras.Variable])
assert_type(layer.get_weights(), list[np.ndarray[Any, Any]])
assert_type(layer.dtype, str)

# Models.
inputs = keras.Input((8,))
model = keras.Model(inputs, layers.Dense(1)(inputs))
sequential = keras.Sequential([layers.Dense(1)])
model.compile(optimizer="adam", loss="mse", metrics=["mae"])
assert_type(model.fit(x, y, epochs=2), History)
assert_type(model.predict(x), Any)
assert_type(model.evaluate(x, y), Any)
assert_type(model.layers, list[layers.Layer])
assert_type(model.trainable_variables, list[keras.Variable])
assert_type(sequential.layers, list[layers.Layer])

# A misspelt argument is an error here, as mypy's warning on unused ignores makes sure.
layers.Dense(8, activaton="relu")  # type: ignore[call-arg]
layers.Dropout(0.5, nmae="drop")  # type: ignore[call-arg]
ops.sum(x, axes=0)  # type: ignore[call-arg]
model.fit(x, y, epoch=2)  # type: ignore[call-arg]
