"""Sums, scans, sorts, products, joins and graphs, each with what it costs in theory.

On the fork-join machine: tree_sum, kahan, scan, filter_by_scan, filter_by_loop,
merge, mergesort, quicksort, quickselect, strassen, adders, karatsuba.

Lists and graphs on it: list_ranking, pointer_jumping, label_propagation, contraction,
random_mate, boruvka, luby; concurrent_write and undirected are what they share.

On RDDs: sample_sort, psrs, broadcast_join, salted.
"""
