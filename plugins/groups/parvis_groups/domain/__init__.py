"""The rules of groups: no HTTP in sight."""
