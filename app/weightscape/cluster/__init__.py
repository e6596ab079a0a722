"""Pieces of pictures and films, made by the workers of a Dask cluster.

Nothing is written or kept here, and what a scene shows is decided elsewhere; only connection.py loads Dask.
"""
