"""Notifications: what somebody wants to be told, in the product; other channels may follow."""
