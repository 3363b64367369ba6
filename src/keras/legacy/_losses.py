"""Old spellings of losses and metrics in strings, each with one warning."""

from keras.legacy._names import warn_renamed

_LOSSES = {
    "cosine": "cosine_similarity",
    "cosine_proximity": "cosine_similarity",
    "huber_loss": "huber",
    "kullback_leibler_divergence": "kl_divergence",
    "logcosh": "log_cosh",
}
# Metrics are classes: "LogCoshError", not "LogCosh".
_METRICS = {
    "acc": "accuracy",
    "cosine": "cosine_similarity",
    "cosine_proximity": "cosine_similarity",
    "f1score": "f1_score",
    "fmeasure": "f1_score",
    "fscore": "f1_score",
    "kullback_leibler_divergence": "kl_divergence",
    "logcosh": "log_cosh_error",
}


def modern_loss(name: str) -> str:
    """The name of today for a loss."""
    return _modern("loss", name, _LOSSES)


def modern_metric(name: str) -> str:
    """The name of today for a metric."""
    return _modern("metric", name, _METRICS)


def _modern(what: str, name: str, renamed: dict[str, str]) -> str:
    if name in renamed:
        warn_renamed(f"The {what} {name!r}", repr(renamed[name]))
    return renamed.get(name, name)


def modern_reduction(owner: str, reduction: str) -> str:
    """The name of today for "auto", which Keras 2 resolved to it."""
    warn_renamed(f"{owner}(reduction={reduction!r})", "reduction='sum_over_batch_size'")
    return "sum_over_batch_size"
