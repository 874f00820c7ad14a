"""Places: where contents live and what one follows; who belongs to one, and who may read it."""
