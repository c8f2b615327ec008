"""Data sets and their way into a network: make → features → split → scale → encode."""

from nnsim.core.datasets.base import DatasetEntry, Samples, Suggestion, TaskKind
from nnsim.core.datasets.chains import CHAINS
from nnsim.core.datasets.classification import CLASSIFICATION
from nnsim.core.datasets.features import FEATURES, Feature, feature_matrix, feature_names
from nnsim.core.datasets.gates import GATES
from nnsim.core.datasets.regression import REGRESSION
from nnsim.core.datasets.scaling import SCALINGS, Scaling, ScalingRule, fit_scaling
from nnsim.core.datasets.split import split
from nnsim.core.datasets.tables import TABLES
from nnsim.core.datasets.targets import class_low, encode, mismatch
from nnsim.core.registry import Registry

DATASETS: Registry[DatasetEntry] = Registry(
    "data set", (*CLASSIFICATION, *REGRESSION, *GATES, *CHAINS, *TABLES)
)

__all__ = [
    "DATASETS",
    "FEATURES",
    "SCALINGS",
    "DatasetEntry",
    "Feature",
    "Samples",
    "Scaling",
    "ScalingRule",
    "Suggestion",
    "TaskKind",
    "class_low",
    "encode",
    "feature_matrix",
    "feature_names",
    "fit_scaling",
    "mismatch",
    "split",
]
