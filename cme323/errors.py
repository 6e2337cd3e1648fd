"""The one error that a person causes and a person can mend."""


class BadInput(ValueError):
    """What was expected, what came, and what to do, in one sentence.

    The command line prints the sentence without a traceback and exits with 2.
    """
