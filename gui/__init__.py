"""Parley's window: Qt only, no arithmetic beyond formatting."""
