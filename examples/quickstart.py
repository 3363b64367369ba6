"""From nothing to a trained network on handwritten digits, in under a minute.

Run: make quickstart        (or: KERAS_BACKEND=jax python examples/quickstart.py)
"""

import time
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

import keras
from keras import layers

OUTPUT = Path("quickstart_output")
OUTPUT.mkdir(exist_ok=True)
keras.utils.set_random_seed(7)

# The data: 1,797 scanned digits, 8x8 grey values from 0 to 16, bundled with Keras.
(x_train, y_train), (x_test, y_test) = keras.datasets.digits.load_data()
x_train = x_train[..., None].astype("float32") / 16  # (1437, 8, 8, 1)
x_test = x_test[..., None].astype("float32") / 16  # (360, 8, 8, 1)

# The model.
model = keras.Sequential(
    [
        keras.Input((8, 8, 1)),
        layers.Conv2D(32, 3, padding="same", activation="relu"),  # (batch, 8, 8, 32)
        layers.Conv2D(64, 3, padding="same", activation="relu"),  # (batch, 8, 8, 64)
        layers.MaxPooling2D(2),  # (batch, 4, 4, 64)
        layers.Flatten(),  # (batch, 1024)
        layers.Dropout(0.4),
        layers.Dense(10, activation="softmax"),  # (batch, 10)
    ]
)
model.summary()

# Training.
model.compile(
    optimizer=keras.optimizers.Adam(2e-3),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
began = time.perf_counter()
history = model.fit(
    x_train, y_train, batch_size=64, epochs=15, validation_split=0.1
).history
print(f"Trained in {time.perf_counter() - began:.1f} s on {keras.config.backend()}.")

# How good is it on digits that it has not seen?
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"Test accuracy: {accuracy:.4f}")
assert accuracy >= 0.97, "the quickstart should reach 97 %"

# Predict, save, load, compare.
probabilities = model.predict(x_test, verbose=0)  # (360, 10)
model.save(OUTPUT / "digits.keras")
loaded = keras.models.load_model(OUTPUT / "digits.keras")
assert np.array_equal(loaded.predict(x_test, verbose=0), probabilities)
print(f"Saved to {OUTPUT / 'digits.keras'}; the loaded model predicts the same.")

# A picture: learning curves, and digits with what the network takes them for.
figure = plt.figure(figsize=(10, 4.5), layout="constrained")
curves, digits = figure.subfigures(1, 2)
axes = curves.subplots()
axes.plot(history["accuracy"], label="training")
axes.plot(history["val_accuracy"], label="validation")
axes.set(xlabel="epoch", ylabel="accuracy", title="Learning curves")
axes.legend()
for i, axes in enumerate(digits.subplots(4, 6).flat):
    label = int(probabilities[i].argmax())
    axes.imshow(x_test[i, ..., 0], cmap="gray_r")
    axes.set_title(str(label), color="black" if label == y_test[i] else "red")
    axes.axis("off")
figure.savefig(OUTPUT / "digits.png", dpi=100)
print(f"Curves and digits: {OUTPUT / 'digits.png'}")
