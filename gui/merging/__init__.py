"""Merging two copies of a case: the window and its parts."""
