"""The rules of expertise: they know nothing of HTTP, and never commit."""
