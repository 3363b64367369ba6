"""A model that is only as much of one as callbacks look at."""

import numpy as np


class Rate:
    def __init__(self, value):
        self.learning_rate = value
        self._learning_rate = value
        self.iterations = 0


class StubModel:
    def __init__(self, learning_rate=0.1):
        self.optimizer = Rate(learning_rate)
        self.stop_training = False
        self.weight = np.zeros(2)
        self.saved = []
        self.history = None

    def get_weights(self):
        return [self.weight]

    def set_weights(self, weights):
        self.weight = np.array(weights[0])

    def save(self, path, overwrite=True):
        self.saved.append(path.name)

    save_weights = save


def run_epochs(callback, values, name="val_loss", model=None):
    """Run epochs whose metric takes these values: their number, and the model."""
    model = model or StubModel()
    callback.set_model(model)
    callback.on_train_begin()
    done = 0
    for epoch, value in enumerate(values):
        callback.on_epoch_begin(epoch)
        model.weight += 1  # in place, as an engine may
        callback.on_epoch_end(epoch, {name: value})
        done += 1
        if model.stop_training:
            break
    callback.on_train_end()
    return done, model
