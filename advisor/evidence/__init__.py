"""The evidence file: what comes in, what it tells, and what is made of it."""
