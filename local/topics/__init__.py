"""What topics do with what is published, where moto's SNS does otherwise than AWS's."""
