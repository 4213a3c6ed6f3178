"""Alembic's entry: the caller hands over an open connection, so migrations run where the record does."""

from alembic import context

from cases.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
