"""One rule a file: `SOURCE` (AWS's page), `EXAMPLES` (document, kind, the codes that it must give) and `check(document, kind)`."""
