"""What a PyTorch container adds to AWS's training toolkit: torchrun, where the hyperparameters ask for it.

The toolkit imports this by its own name (SAGEMAKER_TRAINING_MODULE), with the folder of this file on its path.
"""

LAUNCHER = "sagemaker_torch_distributed_enabled"


def main() -> None:
    """Run the user's script on this host under torchrun."""
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
