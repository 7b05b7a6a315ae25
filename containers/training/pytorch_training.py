"""The framework module of AWS's training toolkit: runs the script by itself, or under torchrun where a job asks for it.

The toolkit imports it as `pytorch_training` (SAGEMAKER_TRAINING_MODULE), with this file's folder on its path.
"""

import os
import signal
from types import FrameType

LAUNCHER = "sagemaker_torch_distributed_enabled"  # the hyperparameter that asks for torchrun
PORT = "TRAINING_MASTER_PORT"  # the variable with the port at which a job's hosts meet; else the toolkit's own


def main() -> None:
    """Runs the user's script on this host."""
    from sagemaker_training import entry_point, environment, runner, torch_distributed

    signal.signal(signal.SIGTERM, pass_on)
    torch_distributed.MASTER_PORT = os.environ.get(PORT, torch_distributed.MASTER_PORT)
    env = environment.Environment()
    together = env.additional_framework_parameters.get(LAUNCHER)
    entry_point.run(
        uri=env.module_dir,
        user_entry_point=env.user_entry_point,
        args=env.to_cmd_args(),
        env_vars=env.to_env_vars(),
        capture_error=bool(together),  # by itself the script writes its log: the toolkit would tear lines apart
        runner_type=runner.TorchDistributedRunnerType if together else runner.ProcessRunnerType,
    )


def pass_on(number: int, _: FrameType | None) -> None:
    """Passes a signal on to the script, once, and goes on waiting for it.

    A container's first process alone gets SIGTERM when a job is stopped, and ignores it unless it has a handler.
    """
    signal.signal(number, lambda *_: None)  # not SIG_IGN, which a script that starts only now would inherit
    os.killpg(0, number)  # the process group, this process included
