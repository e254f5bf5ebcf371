"""What the command line does beyond a line or two: each command in a module of its own."""


class CouldNotError(Exception):
    """The command could not be carried out; the message says why in one sentence."""
