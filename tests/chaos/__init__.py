"""Replicas that are killed, paused and cut off from their database while people talk to them."""
