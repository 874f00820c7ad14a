"""Groups: anybody opens one in a minute, anybody joins."""
