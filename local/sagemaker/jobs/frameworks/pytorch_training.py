"""The training module of a PyTorch container: runs the script under torchrun.

The toolkit imports it as `pytorch_training` (SAGEMAKER_TRAINING_MODULE), with this file's folder on its path.
"""

LAUNCHER = "sagemaker_torch_distributed_enabled"


def main() -> None:
    """Runs the user's script on this host under torchrun."""
    from sagemaker_training import entry_point, environment, runner

    env = environment.Environment()
    entry_point.run(
        uri=env.module_dir,
        user_entry_point=env.user_entry_point,
        args=env.to_cmd_args(),
        env_vars=env.to_env_vars(),
        capture_error=True,
        runner_type=runner.TorchDistributedRunnerType,
    )
