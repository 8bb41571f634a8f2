"""Puts `tests/` on the import path, so that `generators` can be imported by the tests; prints what tests counted."""


def pytest_terminal_summary(terminalreporter):
    """Print the counts that tests tell (`record_property("told", ...)`), also where they ran elsewhere."""
    for report in terminalreporter.stats.get("passed", ()):
        for name, text in report.user_properties:
            if name == "told":
                terminalreporter.write_line(text)
