"""Blogs: a leader with ten minutes a week writes, everybody comments and asks, the leader answers."""
