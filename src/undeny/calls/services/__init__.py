"""One file a service: what its parameters mean, and what it calls for the caller. Named by the service's prefix."""
