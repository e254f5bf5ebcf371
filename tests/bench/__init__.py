"""Measurements, never part of the test run: `python -m tests.bench [NAME ...]`, or `make bench`."""
