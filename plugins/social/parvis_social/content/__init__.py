"""Contents: what is published in places; comments are contents with a root."""
