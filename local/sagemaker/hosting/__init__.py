"""SageMaker hosting: endpoints, the model servers behind them, invocation and data capture.

Imports the runtime, events and the model registry. The SageMaker API imports it.
"""
