"""A plugin that uses every hook of core and everything a plugin can declare."""
