"""The kill harness: a real server under random load, killed at moments drawn from a seed, and an independent account.

`server` is the process that dies, `recorder` plays Teams' connector and keeps the notes, `people` press and type,
`run` kills and starts again, `checks` compares the notes with what the database holds in the end.
"""
