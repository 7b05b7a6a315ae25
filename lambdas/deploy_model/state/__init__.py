"""What the function reads before it decides: the endpoint, the registry's packages, and its own marks on both."""
