"""How long models take to build: many small layers, and a graph like ResNet-50's.

    python benchmarks/build.py [--backend torch]

Seconds of processor time of the first build in the process, when no layer like another
has been seen yet, and how much of it went into first values of weights.
"""

import argparse
import os
import time


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backend", default="torch", choices=["torch", "jax", "numpy"])
    return parser.parse_args()


def chain(keras, make, count=1000):
    """A model of `count` layers in a row."""
    x = inputs = keras.Input((16,))
    for _ in range(count):
        x = make()(x)
    return keras.Model(inputs, x)


def resnet50(keras):
    """He et al., "Deep residual learning for image recognition" (2016), table 1."""
    layers = keras.layers

    def conv(x, filters, size, strides=1):
        x = layers.Conv2D(filters, size, strides, padding="same", use_bias=False)(x)
        return layers.BatchNormalization()(x)

    inputs = keras.Input((224, 224, 3))
    x = layers.ReLU()(conv(inputs, 64, 7, 2))  # (batch, 112, 112, 64)
    x = layers.MaxPooling2D(3, 2, padding="same")(x)
    for stage, blocks in enumerate((3, 4, 6, 3)):
        filters = 64 * 2**stage
        for block in range(blocks):
            strides = 2 if stage and not block else 1
            y = layers.ReLU()(conv(x, filters, 1, strides))
            y = layers.ReLU()(conv(y, filters, 3))
            y = conv(y, 4 * filters, 1)
            if not block:
                x = conv(x, 4 * filters, 1, strides)
            x = layers.ReLU()(layers.Add()([x, y]))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(1000, activation="softmax")(x))


def main():
    options = parse()
    os.environ["KERAS_BACKEND"] = options.backend
    import keras

    in_weights = 0.0
    add_weight = keras.Layer.add_weight

    def timed(*args, **kwargs):
        nonlocal in_weights
        start = time.process_time()
        result = add_weight(*args, **kwargs)
        in_weights += time.process_time() - start
        return result

    keras.Layer.add_weight = timed
    chain(keras, lambda: keras.layers.Dense(3), 2)  # the engine loads
    for name, build in {
        "1000 ReLU": lambda: chain(keras, keras.layers.ReLU),
        "1000 Dense(16)": lambda: chain(keras, lambda: keras.layers.Dense(16)),
        "ResNet-50": lambda: resnet50(keras),
    }.items():
        in_weights, start = 0.0, time.process_time()
        model = build()
        whole = time.process_time() - start
        print(
            f"{name:15} {len(model.layers):5} layers {model.count_params():9} scalars: "
            f"{whole:.2f} s, {in_weights:.2f} of them weights"
        )


if __name__ == "__main__":
    main()
