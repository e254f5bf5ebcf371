"""The channels: each knows messages and replies, and nothing of flows or law."""
