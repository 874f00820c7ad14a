"""A plugin that requires another and uses the hook it offers."""
