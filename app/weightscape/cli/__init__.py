"""The command line: options become values, results are printed, faults are told in one line.

It does not do the work, and nothing imports it.
"""
