"""The rules of moderation, which know nothing of HTTP."""
