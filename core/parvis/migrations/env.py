"""Alembic's environment, for core and for every plugin: one history and one version table per owner."""

from alembic import context
from parvis.db import Model

attributes = context.config.attributes
owns = attributes["owns"]

context.configure(
    connection=attributes["connection"],
    target_metadata=Model.metadata,
    version_table=attributes["version_table"],
    # both: the first filters what the database has, the second what the models have
    include_name=lambda name, kind, parents: kind != "table" or owns(name),
    include_object=lambda obj, name, kind, reflected, other: kind != "table" or owns(name),
    render_as_batch=attributes["connection"].dialect.name == "sqlite",
    compare_type=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
