"""Builds the reference pack from committed source tables.

python -m core.reference.build SOURCE_DIR OUT_DIR
"""
