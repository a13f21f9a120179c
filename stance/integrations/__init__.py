"""Where stance meets other tools; each needs an extra."""
