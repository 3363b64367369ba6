"""Names and arguments of earlier versions, and nothing that is current."""
