"""The reference models, one file a paper, on shared blocks."""
