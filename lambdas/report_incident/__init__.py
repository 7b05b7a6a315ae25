"""The function `report-incident`: tells people when monitoring begins and ceases to distrust the model.

The last step of the monitoring pipeline calls it with the verdict. Nothing else may import it.
"""
