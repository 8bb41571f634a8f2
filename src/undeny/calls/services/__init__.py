"""One file a service, named by its prefix: what its parameters mean, what its calls need beside, what it calls for the caller.

A file has `SOURCE`, AWS's page, and any of these:

- `CONTEXT`: parameter path to condition key.
- `context(parameters)`: condition keys that a table cannot give.
- `TAGGED`: action to the tagging action that it also needs where it passes tags.
- `PASSES`: action to the parameters that name a role to be passed, and the service that gets it.
- `LINKED`: action to the service-linked role that it makes where the account has none: the service's name as `iam:AWSServiceName` has it,
  and the role's name; `LINKED_SOURCE` the page. `linked(call)`: such pairs where they depend on the call's parameters.
- `KEYS`: action to the KMS operations that the service makes for it; `KEY_FACTS` are the names under which the key stands,
  `KEY_WHY` the reason as a sentence, `KEY_DEFAULT` the key where none is named (`None`: KMS is then not in play), `KEY_CONTEXT` the
  condition key of the encryption context that holds the resource's ARN, `KEY_SOURCE` the page.
- `resource(action, parameters, place)`: the ARN where AWS's templates do not give it.
- `actions(operation, parameters)`: the actions of an operation that depend on its parameters.
- `holder(call)`: the ARN of the thing whose facts tell of the key, where it is not the resource itself.
- `hidden(call)`: whatever else a call needs.
"""
