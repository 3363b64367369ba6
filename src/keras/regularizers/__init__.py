"""Penalties on weights and outputs."""
