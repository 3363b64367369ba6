"""Dtype policies: in which dtype a layer computes, in which it keeps its weights."""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping
from typing import Any

from keras.core import operators
from keras.core.config import floatx
from keras.core.dtypes import ALL, is_float, standardize_dtype
from keras.errors import unknown_name
from keras.typing import Config

_MIXED = {"mixed_float16": "float16", "mixed_bfloat16": "bfloat16"}
NAMES = (*_MIXED, "float16", "bfloat16", "float32", "float64")


class DTypePolicy:
    """The dtypes that a layer uses.

    Args:
        name: "float32", "float16", "bfloat16", "float64", any other dtype, or
            "mixed_float16" and "mixed_bfloat16" (weights in float32, computation in
            half precision). Default: the global policy.

    Example:
        >>> keras.DTypePolicy("mixed_bfloat16").compute_dtype
        'bfloat16'
    """

    def __init__(self, name: str | None = None) -> None:
        self._name = name if name is not None else floatx()
        if not isinstance(self._name, str):
            raise TypeError(
                f"DTypePolicy(name=...): got {name!r} ({type(name).__name__}); "
                f"expected a str such as {', '.join(NAMES)}."
            )
        if self._name in _MIXED:
            self._compute_dtype, self._variable_dtype = _MIXED[self._name], "float32"
        elif self._name in ALL:
            self._compute_dtype = self._variable_dtype = self._name
        else:
            raise unknown_name("dtype policy", self._name, (*NAMES, *ALL))

    @property
    def name(self) -> str:
        """The name it was made by."""
        return self._name

    @property
    def compute_dtype(self) -> str:
        """The dtype that inputs are cast to and layers compute in."""
        return self._compute_dtype

    @property
    def variable_dtype(self) -> str:
        """The dtype of weights."""
        return self._variable_dtype

    @property
    def quantization_mode(self) -> str | None:
        """ "int8", "int4", "float8", or `None`."""
        return None

    def convert_input(self, x: Any, autocast: bool, dtype: str) -> Any:
        """`x` cast to `dtype` if it is a float tensor and `autocast` is true."""
        given = standardize_dtype(getattr(x, "dtype", None))
        if autocast and is_float(given) and given != dtype:
            return operators.call("cast", x, dtype)
        return x

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return {"name": self.name}

    @classmethod
    def from_config(cls, config: Config) -> DTypePolicy:
        """A policy from what `get_config` returned."""
        return cls(**config)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DTypePolicy):
            return NotImplemented
        return type(self) is type(other) and self.name == other.name

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.name))

    def __repr__(self) -> str:
        return f'<DTypePolicy "{self.name}">'


class FloatDTypePolicy(DTypePolicy):
    """A policy that is not quantized: another name of `DTypePolicy`."""


class _Default:
    policy: DTypePolicy | None = None


def dtype_policy() -> DTypePolicy:
    """The policy of layers that are given none."""
    return _Default.policy or DTypePolicy(floatx())


def set_dtype_policy(policy: str | DTypePolicy | None) -> None:
    """Set the policy of layers that are given none.

    Args:
        policy: a policy or its name, such as "mixed_bfloat16".
    """
    _Default.policy = None if policy is None else get(policy)


def get(identifier: Any) -> DTypePolicy:
    """The policy that `identifier` stands for: a policy, name, dtype or config."""
    if identifier is None:
        return dtype_policy()
    if isinstance(identifier, DTypePolicy | DTypePolicyMap):
        return identifier  # type: ignore[return-value]
    if isinstance(identifier, dict):
        from keras.core.serialization import deserialize_keras_object  # it imports us

        return deserialize_keras_object(identifier)  # type: ignore[no-any-return]
    if isinstance(identifier, str) and identifier in _MIXED:
        return DTypePolicy(identifier)
    return DTypePolicy(standardize_dtype(identifier))


class DTypePolicyMap(MutableMapping[str, DTypePolicy]):
    """Policies by layer path: a key that ends a path or is a pattern for it.

    Args:
        default_policy: for paths that no key matches; default: the global policy.
        policy_map: paths and policies.
    """

    def __init__(
        self, default_policy: Any = None, policy_map: dict[str, Any] | None = None
    ) -> None:
        self._default = None if default_policy is None else get(default_policy)
        self._policies = {k: get(v) for k, v in (policy_map or {}).items()}

    @property
    def default_policy(self) -> DTypePolicy:
        """The policy for paths that no key matches."""
        return self._default or dtype_policy()

    def __getitem__(self, key: str) -> DTypePolicy:
        if key in self._policies:
            return self._policies[key]
        for pattern, policy in self._policies.items():
            if re.search(pattern, key):
                return policy
        return self.default_policy

    def __setitem__(self, key: str, value: Any) -> None:
        if key in self._policies:
            raise ValueError(
                f"DTypePolicyMap: {key!r} has a policy already. Delete it first."
            )
        self._policies[key] = get(value)

    def __delitem__(self, key: str) -> None:
        del self._policies[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._policies)

    def __len__(self) -> int:
        return len(self._policies)

    def get_config(self) -> Config:
        """The constructor's arguments."""
        return {"default_policy": self._default, "policy_map": dict(self._policies)}

    @classmethod
    def from_config(cls, config: Config) -> DTypePolicyMap:
        """A map from what `get_config` returned."""
        return cls(**config)


def serialize(dtype_policy: DTypePolicy) -> Config:
    """The policy as plain data."""
    from keras.core.serialization import serialize_keras_object  # it imports us

    return serialize_keras_object(dtype_policy)  # type: ignore[no-any-return]


def deserialize(config: Any, custom_objects: Any = None) -> DTypePolicy:
    """A policy from what `serialize` returned."""
    from keras.core.serialization import deserialize_keras_object  # it imports us

    return deserialize_keras_object(config, custom_objects)  # type: ignore[no-any-return]
