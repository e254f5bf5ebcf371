"""Random talks and random input: the whole desk beside a model of it, and everything that reads what others wrote."""
