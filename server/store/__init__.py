"""The only SQL of the product: tables, queries, migrations, encryption at rest."""
