"""The whole, put together: core's parts, the plugins, and the pages about the site itself."""
