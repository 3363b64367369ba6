"""The version of this package."""

__version__ = "4.0.0.dev0"


def version() -> str:
    """The version, for example "4.0.0.dev0"."""
    return __version__
