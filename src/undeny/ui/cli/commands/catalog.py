"""`undeny catalog refresh`: newer service data into the cache, only when asked."""

import click

from undeny.ui.cli import options

HELP = "of when the service data is; refresh: copy AWS's newest"


def build() -> click.Command:
    """Build the command."""
    return options.command(
        "catalog",
        _run,
        "Say of when the service data is; with `refresh` copy AWS's Service Reference into your cache, where it counts from then on.",
        (
            click.Argument(["what"], type=click.Choice(["refresh"]), required=False),
            click.Option(["--from", "address"], help="Where to copy from.", metavar="URL"),
        ),
    )


def _run(what: str | None, address: str | None) -> int:
    from undeny import catalog  # noqa: PLC0415 - only where it is asked for
    from undeny.catalog import newer_data  # noqa: PLC0415 - as above

    if what is None:
        click.echo(f"{len(catalog.prefixes())} services as of {catalog.AS_OF}; dependent actions as of {catalog.DEPENDENT_AS_OF}")
        for line in newer_data():
            click.echo(line)
        return 0
    from undeny.aws import reference  # noqa: PLC0415 - only where AWS is to be asked
    from undeny.catalog import cache_folder  # noqa: PLC0415 - as above

    folder = cache_folder()
    found = reference.refresh(address or reference.ADDRESS, folder)
    for name, why in found.left:
        click.echo(f"left as it was: {name or 'a service'} ({why})", err=True)
    click.echo(f"{len(found.copied)} services copied to {folder}")
    return 0 if found.copied else 3
