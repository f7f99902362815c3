"""Two engines agree: the fast path against an ODE solver, on many shapes of network."""
