"""The user's own code: where a policy is defined in Terraform or CloudFormation, and the change of a fix written there as a patch.

Everything is text with places: a definition is a tree of nodes that know where they stand, so that an edit touches nothing but what
changes, and comments and formatting stay. What was written is read again, and has to say the policy that was proved.
"""
