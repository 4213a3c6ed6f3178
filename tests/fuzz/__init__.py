"""Drawn input: what no client sends and no office writes, into every door through which anything comes in."""
