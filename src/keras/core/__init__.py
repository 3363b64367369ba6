"""Variables, graph nodes, dtypes, names, seeds, and the registry: floor 1."""
