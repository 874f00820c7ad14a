"""Conversations: places, contents, comments, reactions, follows, the home feed, notifications."""
