"""Graph algorithms on RDDs; the library's version of each stands beside it."""
