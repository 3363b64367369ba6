"""`TensorBoard`: metrics, weights and the graph for TensorBoard to show."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from keras.callbacks._callback import Callback, Logs, overrides
from keras.callbacks._event_file import EventFile
from keras.callbacks._learning_rate import learning_rate_of
from keras.callbacks._watch import as_number
from keras.core.serialization import serialize_keras_object
from keras.errors import warn

_TRAIN_BATCH = ("on_train_batch_begin", "on_train_batch_end")


class TensorBoard(Callback):
    """Writes event files: metrics in the folders `train` and `validation`.

    The files need neither TensorFlow nor TensorBoard to be written; to see them, run
    `tensorboard --logdir logs`.

    Args:
        log_dir: folder of the run.
        histogram_freq: int, epochs between histograms of the weights; 0 for none.
        write_graph: whether to write the layers of the model.
        write_images: whether to write weights as images beside the histograms.
        write_steps_per_second: whether to write the speed.
        update_freq: "epoch", "batch", or a number of batches after which the metrics of
            batches are written.
        profile_batch: not supported but for 0; use the engine's own profiler.
        embeddings_freq: int, epochs between copies of the embeddings; 0 for none.
        embeddings_metadata: a file with a line for each row of the embeddings, or a
            dict of them by layer name.

    Raises:
        ValueError: for an unknown `update_freq`.

    Example:
        >>> model.fit(x, y, callbacks=[keras.callbacks.TensorBoard("logs/run1")])
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str] = "logs",
        histogram_freq: int = 0,
        write_graph: bool = True,
        write_images: bool = False,
        write_steps_per_second: bool = False,
        update_freq: int | str = "epoch",
        profile_batch: int | tuple[int, int] = 0,
        embeddings_freq: int = 0,
        embeddings_metadata: str | Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        is_count = isinstance(update_freq, int) and update_freq >= 1
        if update_freq not in ("batch", "epoch") and not is_count:
            raise ValueError(
                f"TensorBoard(update_freq=...): got {update_freq!r}; expected 'epoch', "
                "'batch', or a positive int."
            )
        if profile_batch:
            warn(
                "TensorBoard(profile_batch=...): steps are not profiled. Use the "
                "engine's profiler (torch.profiler, jax.profiler), and pass "
                "profile_batch=0."
            )
        self.log_dir: str = os.fspath(log_dir)
        self.histogram_freq = histogram_freq
        self.write_graph = write_graph
        self.write_images = write_images
        self.write_steps_per_second = write_steps_per_second
        self.update_freq: str | int = 1 if update_freq == "batch" else update_freq
        self.embeddings_freq = embeddings_freq
        self.embeddings_metadata = embeddings_metadata
        self._train = EventFile(Path(log_dir) / "train")
        self._validation = EventFile(Path(log_dir) / "validation")
        self._is_training = False
        self._step = 0
        self._test_step = 0
        self._epoch_began = (0, 0.0)
        self._batch_began = 0.0

    @property
    def summary(self) -> EventFile:
        """The file of the training, to write something of one's own to.

        It has the methods `scalar`, `histogram`, `image` and `text`.
        """
        return self._train

    def hears(self, method: str) -> bool:
        """Batches matter only where something is written of them."""
        counts = method not in _TRAIN_BATCH or self.update_freq != "epoch"
        return overrides(self, method, Callback if counts else TensorBoard)

    def set_model(self, model: Any) -> None:
        """Write the layers of the model."""
        super().set_model(model)
        if self.write_graph:
            self._write_graph()

    def _write_graph(self) -> None:
        # The plugin of TensorBoard draws the graph from the config of the model.
        try:
            config = serialize_keras_object(self.model)
            text = json.dumps(config)
        except (TypeError, ValueError, NotImplementedError):
            return  # a subclassed model without a config has no graph to show
        if "layers" in config.get("config", {}):
            self._train.text("keras", text, 0, plugin="graph_keras_model")

    # Metrics.

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Begin to count batches."""
        self._is_training = True
        self._step = 0

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Close the files."""
        self._abandon()

    def _abandon(self) -> None:
        self._is_training = False
        self._train.close()
        self._validation.close()

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Note the time."""
        if self.write_steps_per_second:
            self._batch_began = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Write the metrics of the batch."""
        step, self._step = self._step, self._step + 1
        if self.update_freq == "epoch":
            return
        if self.write_steps_per_second:
            pace = 1 / max(time.perf_counter() - self._batch_began, 1e-9)
            self._train.scalar("batch_steps_per_second", pace, step)
        if step % int(self.update_freq) == 0:
            for name, value in (logs or {}).items():
                self._train.scalar(f"batch_{name}", as_number(value), step)

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Note the time."""
        self._epoch_began = self._iterations(), time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Write the metrics of the epoch, and where it is time, the weights."""
        self._write_metrics(epoch, logs or {})
        if self.histogram_freq and epoch % self.histogram_freq == 0:
            self._write_weights(epoch)
        if self.embeddings_freq and epoch % self.embeddings_freq == 0:
            self._write_embeddings()
        self._train.flush()
        self._validation.flush()

    def _write_metrics(self, epoch: int, logs: Logs) -> None:
        for name, value in logs.items():
            if name.startswith("val_"):
                tag = f"epoch_{name.removeprefix('val_')}"
                self._validation.scalar(tag, as_number(value), epoch)
            else:
                self._train.scalar(f"epoch_{name}", as_number(value), epoch)
        optimizer = getattr(self.model, "optimizer", None)
        if "learning_rate" not in logs and hasattr(optimizer, "learning_rate"):
            rate = learning_rate_of(self.model, "TensorBoard")
            self._train.scalar("epoch_learning_rate", rate, epoch)
        if self.write_steps_per_second:
            steps, began = self._epoch_began
            pace = (self._iterations() - steps) / (time.perf_counter() - began)
            self._train.scalar("epoch_steps_per_second", pace, epoch)

    def _iterations(self) -> int:
        iterations = getattr(getattr(self.model, "optimizer", None), "iterations", None)
        return 0 if iterations is None else int(iterations)

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Note after how many steps of training the model is evaluated."""
        self._test_step = self._iterations()

    def on_test_end(self, logs: Logs | None = None) -> None:
        """Write the metrics of the evaluation over the steps of training."""
        for name, value in (logs or {}).items():
            tag = f"evaluation_{name}_vs_iterations"
            self._validation.scalar(tag, as_number(value), self._test_step)
        if not self._is_training:
            self._abandon()

    # Weights.

    def _write_weights(self, epoch: int) -> None:
        for layer in self.model.layers:
            for weight in layer.weights:
                name = weight.path.replace(":", "_")
                value = weight.numpy()
                self._train.histogram(f"{name}/histogram", value, epoch)
                image = as_image(value) if self.write_images else None
                if image is not None:
                    self._train.image(f"{name}/image", image, epoch)

    def _write_embeddings(self) -> None:
        """The tables of the embeddings as text files, and the list of them."""
        folder = Path(self.log_dir)
        folder.mkdir(parents=True, exist_ok=True)
        entries = []
        for layer in self.model.layers:
            table = getattr(layer, "embeddings", None)
            if table is None:
                continue
            file = re.sub(r"[^\w.-]", "_", layer.name) + ".tsv"
            np.savetxt(folder / file, table.numpy(), "%.6g", "\t")
            lines = [f"tensor_name: {layer.name!r}", f"tensor_path: {file!r}"]
            metadata = self.embeddings_metadata
            if isinstance(metadata, Mapping):
                metadata = metadata.get(layer.name)
            if metadata:
                lines.append(f"metadata_path: {os.fspath(metadata)!r}")
            entries.append("embeddings {\n  " + "\n  ".join(lines) + "\n}\n")
        (folder / "projector_config.pbtxt").write_text("".join(entries), "utf-8")


def as_image(weight: np.ndarray[Any, Any]) -> np.ndarray[Any, Any] | None:
    """A weight of up to three dimensions as `(height, width, 1)`, from 0 to 1."""
    value = np.squeeze(np.asarray(weight, "float64"))
    if value.ndim == 0 or value.ndim > 3:
        return None
    if value.ndim == 1:
        value = value[None]
    elif value.ndim == 2 and value.shape[0] > value.shape[1]:
        value = value.T
    elif value.ndim == 3:
        value = value.reshape(value.shape[0], -1)
    low, high = value.min(), value.max()
    image: np.ndarray[Any, Any] = (value - low) / max(high - low, 1e-12)
    return image[..., None]
