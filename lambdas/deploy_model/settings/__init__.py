"""What the deploying function is told by its environment: the settings of `endpoint`, parsed once. Calls no AWS."""
