"""Importing tables: the wizard and its parts."""
