"""How each fix strategy is walked in the lab (`tests/e2e/test_e2e_walks.py`), or why not: a new strategy is put into one of the three."""

CARRIED_OUT = {
    "identity_statement", "same_things", "corrected_statement", "resource_statement", "endpoint_statement", "owner_proposal", "may_know",
    "public_access",
}  # fmt: skip
"""Denied, applied, read back, allowed, rolled back and denied again, each in a world of its own."""
NOT_CARRIED_OUT = {
    "account_setting": "switched on by the account's owner in the console or by AWS: undeny knows no value for it (has placeholders)",
    "clock": "the machine's clock is not AWS's",
    "linked_role": "from a text alone it is a proposal; with evidence the exact statement is identity_statement's",
    "network_path": "has placeholders: which group, list or table is the network's owner's to say",
    "object_lock": "a lock that is there to hold is not undone by a program",
    "own_key": "which key is the owner's to say (has placeholders)",
    "quarantined_key": "the policy is AWS's: the exposed key goes first, and undeny does not detach it",
    "wait": "nothing is changed",
    "object_ownership": "the object's own ACL is its uploader's; the bucket's setting is carried out in tests/faults (kind `setting`)",
    "smaller_document": "the document is the user's own, and is written by the call that was refused",
    "mended_document": "the document is the user's own, and is written by the call that was refused",
    "changing_names": "the same edit as identity_statement's, with a pattern for names that are made anew each time",
    "previous_version": "the same edit of a managed policy as corrected_statement's, with the document that was there before",
    "service_needs": "the same edit as resource_statement's, for the service that the text speaks of",
}
CALLS = {
    "changed_call": "the call is made as the condition asks",
    "requester_pays": "the call says who pays",
    "another_call": "another operation, which its caller writes",
    "fresh_credentials": "the same call with credentials that are good",
    "other_session": "the session is made anew by whoever makes it",
    "real_thing": "the call on the thing that is there",
    "role_over_there": "the call as a role of the other account",
    "signed_call": "the call, signed",
    "slower_calls": "the same calls, slower",
    "higher_quota": "a quota is raised by AWS",
    "taken_name": "the call with another name",
}
