"""What has been taken out of everybody's sight: the answers of sealed threads, and which cases begin nothing anew."""

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table

from reminders.tables import UtcTime, metadata

# The answers as they were. Nothing in Stafett reads them: they are kept because nothing is disposed of without a
# decision, and are handed out from the database itself.
sealed = Table(
    "sealed",
    metadata,
    Column("thread_id", ForeignKey("thread.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("field", String(40), primary_key=True),
    Column("value", JSON, nullable=False),
)

sealed_case = Table(
    "sealed_case",
    metadata,
    Column("key", String(40), primary_key=True),  # the reference in capitals, letters and digits only
    Column("thread_id", Integer, nullable=False),  # where it was found out; it may be disposed of before this is
    Column("person_id", ForeignKey("person.id"), nullable=False),  # by whom
    Column("at", UtcTime, nullable=False),  # care time
)
