"""The context of a call, as AWS's own runtime client gives it to a handler."""

from awslambdaric.lambda_context import LambdaContext

FUNCTION = "scones-test-function"
REQUEST_ID = "8a3fd7e4-0000-4000-8000-000000000001"

CONTEXT = LambdaContext(REQUEST_ID, None, None, 0, f"arn:aws:lambda:eu-west-1:123456789012:function:{FUNCTION}")
# The client takes these from the environment of the function's process.
CONTEXT.function_name, CONTEXT.function_version, CONTEXT.memory_limit_in_mb = FUNCTION, "$LATEST", "512"
