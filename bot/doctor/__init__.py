"""`stafett doctor`: looks at everything an installation stands on, and says for each fault what to do about it.

It changes nothing, sends nothing to anybody, and names no person, case or thread.
"""
