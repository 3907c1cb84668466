"""Run migrations over the connection that ``core.store.migrate`` hands in."""

from alembic import context


config = context.config
connection = config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=config.attributes.get("metadata"),
    render_as_batch=connection.dialect.name == "sqlite",
    # Ours, so that a revision names the types the tables use.
    user_module_prefix="base.",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
