"""Who makes a request: access keys, roles and their temporary credentials. moto's IAM and STS keep them."""
