"""Constraints on weights."""
