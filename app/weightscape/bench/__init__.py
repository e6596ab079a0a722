"""Measurements: our engines beside others, and this machine described.

It does not change what is measured, and nothing but the command line imports it.
"""
