"""Research runs: virtual populations at scale, and the model held against what was published."""
