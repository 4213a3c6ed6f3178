"""Tavlan: the personal tab, drawn on the server from what the policy lets the signed-in person see."""
