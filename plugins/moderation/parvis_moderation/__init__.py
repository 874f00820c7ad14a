"""A charter, reports, decisions that explain themselves, appeals and an open record."""
