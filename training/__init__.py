"""Training of the models that `stance` ships; never imported by it."""
