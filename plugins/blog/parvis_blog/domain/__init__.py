"""The rules of blogs: no HTTP in sight."""
