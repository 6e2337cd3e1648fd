"""Link: how one direction of a wire between two ranks differs from the others."""

from dataclasses import dataclass
from math import inf
from numbers import Real

from cme323.errors import BadInput


@dataclass(frozen=True)
class Link:
    """A link that is slow, loses messages, or is cut; for Network(links={...}).

    slow    how many times longer a message takes
    loss    the probability that a message is lost; its sender does not notice
    resend  sends what was lost again, until it has arrived; each try takes its time
    cut     the second from which nothing arrives, sent again or not
    """

    slow: float = 1.0
    loss: float = 0.0
    resend: bool = False
    cut: float = inf

    def __post_init__(self):
        for name, high in (("slow", inf), ("loss", 1), ("cut", inf)):
            value = getattr(self, name)
            if not isinstance(value, Real) or not 0 <= value <= high:
                raise BadInput(
                    f"{name} must be a number from 0 to {high}, not {value!r}"
                )
        if self.resend and self.loss == 1:
            raise BadInput(
                "a link that loses every message can resend for ever: cut it"
            )

    def tries(self, start, seconds, rng):
        """(start, end, lost) of each time that a message is put on the wire."""
        while True:
            end = start + seconds * self.slow
            lost = end > self.cut or (self.loss > 0 and rng.random() < self.loss)
            yield start, end, lost
            if not lost or not self.resend or end > self.cut:
                return
            start = end
