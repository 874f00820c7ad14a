"""Streams: what somebody follows, and what a place, a tag, a person or a list of bookmarks holds."""
