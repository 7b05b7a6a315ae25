"""What the endpoint captured, as statistics and a report."""
