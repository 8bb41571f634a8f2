"""How candidates are ordered: bands, so that files that know nothing of each other can be compared.

What AWS says before it looks at any policy (a token, a limit, no answer at all) beats the policies; a verdict over policies that
were read beats what a text names; a fact that is known to refuse calls beats a guess from the wording.
"""

BEFORE_POLICY = 120.0
"""The text says that no policy was asked: credentials, limits, a fault, no answer."""
ASKED_NOBODY = BEFORE_POLICY - 5.0
"""From here on a sign says that no policy was asked."""
EXPLICIT = 110.0
"""The verdict has an explicit deny."""
BLOCKED = 90.0
"""The verdict lacks an allow. What is known of the reason adds up to ten: a nearer miss, a special rule."""
SAID = 80.0
"""AWS's sentence names the reason."""
FACT = 70.0
"""Policies allow it; a setting or date that was read refuses such calls."""
WORDING = 50.0
"""The wording is typical of it."""
USUAL = 40.0
"""One of the usual reasons for such an error, none likelier than the others."""
UNREAD = 30.0
"""A layer that was not read could be it."""
LAST = 10.0
"""What is left when nothing is known."""

WORTH_TELLING = 60.0
"""What is left out beside a proven cause: guesses from the wording."""
NAMED = 5.0
"""Added where AWS's sentence names the layer of a cause that the verdict gave."""
OTHER_REQUEST = 12.0
"""Taken off for a request that is denied as well, after the first."""
UNCERTAIN = 30.0
"""Taken off for a request that the call makes only under circumstances that nobody read: a fact that was read beats it."""
KNOWN_THING = 15.0
"""Given back where that request is about a thing that was read, such as the bucket's own key."""
TIE = 0.5
"""Candidates from wording alone that are nearer than this are equally likely."""
