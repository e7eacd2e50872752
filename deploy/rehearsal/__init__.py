"""A stage without AWS: the events, the Lambda runtime and the cloud's interfaces that the product meets there."""
