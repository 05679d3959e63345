"""Where images and targets come from."""
