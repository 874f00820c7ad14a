"""What is kept about somebody, as core and plugins tell it: given to them, or erased for good."""
