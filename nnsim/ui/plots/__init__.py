"""The plots: an activation with its tangent, the loss of a run, the output over the data.

Every plot is a panel that draws what the controller hands out and nothing while it is hidden.
"""
