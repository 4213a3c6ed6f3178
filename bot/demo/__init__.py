"""The local demo: Microsoft's own test client, one window per person, against one bot on this machine."""
