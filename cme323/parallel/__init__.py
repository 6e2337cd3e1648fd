"""Sums, scans, sorts, products and joins, each with what it costs in theory.

On the fork-join machine: tree_sum, kahan, scan, filter_by_scan, filter_by_loop,
merge, mergesort, quicksort, quickselect, strassen, adders, karatsuba.

On RDDs: sample_sort, psrs, broadcast_join, salted.
"""
