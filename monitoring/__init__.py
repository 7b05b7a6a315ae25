"""The drift baseline of the training images, and what the endpoint captured as statistics and a report."""
