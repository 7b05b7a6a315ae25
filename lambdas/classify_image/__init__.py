"""Second step of the workflow: asks the endpoint for the probabilities of a photo."""
