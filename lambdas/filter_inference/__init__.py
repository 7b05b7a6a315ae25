"""Third step of the workflow: decides whether the model is confident enough."""
