"""The policy language: ARNs, principals, patterns, documents, conditions. Pure: no data of AWS's services, no input or output."""
