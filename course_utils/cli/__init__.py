"""Commands of the course, one module each; ``main`` runs them."""
