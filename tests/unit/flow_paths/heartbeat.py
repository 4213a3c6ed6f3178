"""Stafett's own proof that messages get through: nobody presses anything."""

SENDERS = {"heartbeat": "sara"}
PATHS = {"heartbeat": {"waiting": [], "beaten": ["until 2026-11-16 09:01"]}}
