"""The public surface for plugins that require social: whatever is not here may change without notice."""
