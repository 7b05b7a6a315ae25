"""The framework module of AWS's training toolkit: runs the script by itself, or under torchrun where a job asks for it.

The toolkit imports it as `pytorch_training` (SAGEMAKER_TRAINING_MODULE), with this file's folder on its path.
"""

import os

LAUNCHER = "sagemaker_torch_distributed_enabled"  # the hyperparameter that asks for torchrun
PORT = "TRAINING_MASTER_PORT"  # the variable with the port at which a job's hosts meet; else the toolkit's own


def main() -> None:
    """Runs the user's script on this host. What it says before it fails becomes the job's reason."""
    from sagemaker_training import entry_point, environment, runner, torch_distributed

    torch_distributed.MASTER_PORT = os.environ.get(PORT, torch_distributed.MASTER_PORT)
    env = environment.Environment()
    together = env.additional_framework_parameters.get(LAUNCHER)
    entry_point.run(
        uri=env.module_dir,
        user_entry_point=env.user_entry_point,
        args=env.to_cmd_args(),
        env_vars=env.to_env_vars(),
        capture_error=True,
        runner_type=runner.TorchDistributedRunnerType if together else runner.ProcessRunnerType,
    )
