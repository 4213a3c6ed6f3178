"""A Graph that is played on this machine: just the calls that Stafett makes, with the rules that Microsoft documents.

It keeps its state in memory, for as long as it runs. The demo shows its calendars to people; the tests hold Stafett's
own way to Graph against it. Nothing outside the demo and the tests may reach for it.
"""
