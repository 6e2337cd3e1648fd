"""Text whose words are as unequal as one likes.

    P(word of rank k)  =  k^-exponent / sum over j <= vocabulary of j^-exponent

Exponent 1 is natural language (Zipf 1949), 0 is uniform.
"""

import numpy as np

from cme323.errors import BadInput


def zipf_words(n: int, vocabulary: int, exponent=1.0, seed=0) -> list[str]:
    """`n` words drawn from w1, the most frequent, to w<vocabulary>, the rarest.

    >>> zipf_words(3, vocabulary=1)
    ['w1', 'w1', 'w1']
    """
    if n < 0 or vocabulary < 1 or not 0 <= exponent < np.inf:
        raise BadInput(
            "expected n >= 0 words, a vocabulary >= 1 and a finite exponent >= 0, "
            f"but got n={n}, vocabulary={vocabulary}, exponent={exponent}"
        )
    weights = np.arange(1.0, vocabulary + 1) ** -exponent
    rng = np.random.default_rng(seed)
    ranks = rng.choice(vocabulary, n, p=weights / weights.sum())
    words = np.array([f"w{rank}" for rank in range(1, vocabulary + 1)], dtype=object)
    return words[ranks].tolist()
