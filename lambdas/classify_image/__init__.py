"""Small PNG → the probabilities of the endpoint."""
