"""The training module of a PyTorch container: runs the script under torchrun.

The toolkit imports it as `pytorch_training` (SAGEMAKER_TRAINING_MODULE), with this file's folder on its path.
"""

import os

LAUNCHER = "sagemaker_torch_distributed_enabled"
PORT = "LOCAL_AWS_TORCHRUN_PORT"  # the variable with the port at which the hosts of a job find each other


def main() -> None:
    """Runs the user's script on this host under torchrun."""
    from sagemaker_training import entry_point, environment, runner, torch_distributed

    # The toolkit gives all jobs the same port, as containers have addresses of their own; here jobs share a machine.
    torch_distributed.MASTER_PORT = os.environ[PORT]
    env = environment.Environment()
    entry_point.run(
        uri=env.module_dir,
        user_entry_point=env.user_entry_point,
        args=env.to_cmd_args(),
        env_vars=env.to_env_vars(),
        capture_error=True,
        runner_type=runner.TorchDistributedRunnerType,
    )
