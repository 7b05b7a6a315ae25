"""What the function changes: models, endpoint configurations, alarms, scaling, and what follows from an update."""
