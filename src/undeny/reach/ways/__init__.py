"""What lies behind a route, one kind of target a file: `TARGETS` are the first parts of its ids, `walk(leg, route, resolved)` goes on."""
