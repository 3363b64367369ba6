"""Metrics: numbers watched over many batches."""

from keras.losses._crossentropy import binary_crossentropy as binary_crossentropy
from keras.losses._crossentropy import (
    categorical_crossentropy as categorical_crossentropy,
)
from keras.losses._crossentropy import (
    sparse_categorical_crossentropy as sparse_categorical_crossentropy,
)
from keras.losses._focal import binary_focal_crossentropy as binary_focal_crossentropy
from keras.losses._focal import (
    categorical_focal_crossentropy as categorical_focal_crossentropy,
)
from keras.losses._hinge import categorical_hinge as categorical_hinge
from keras.losses._hinge import hinge as hinge
from keras.losses._hinge import squared_hinge as squared_hinge
from keras.losses._probabilistic import kl_divergence as kl_divergence
from keras.losses._probabilistic import poisson as poisson
from keras.losses._regression import huber as huber
from keras.losses._regression import log_cosh as log_cosh
from keras.losses._regression import mean_absolute_error as mean_absolute_error
from keras.losses._regression import (
    mean_absolute_percentage_error as mean_absolute_percentage_error,
)
from keras.losses._regression import mean_squared_error as mean_squared_error
from keras.losses._regression import (
    mean_squared_logarithmic_error as mean_squared_logarithmic_error,
)
from keras.metrics._accuracy import Accuracy as Accuracy
from keras.metrics._accuracy import BinaryAccuracy as BinaryAccuracy
from keras.metrics._accuracy import CategoricalAccuracy as CategoricalAccuracy
from keras.metrics._accuracy import (
    SparseCategoricalAccuracy as SparseCategoricalAccuracy,
)
from keras.metrics._accuracy import (
    SparseTopKCategoricalAccuracy as SparseTopKCategoricalAccuracy,
)
from keras.metrics._accuracy import TopKCategoricalAccuracy as TopKCategoricalAccuracy
from keras.metrics._accuracy import binary_accuracy as binary_accuracy
from keras.metrics._accuracy import categorical_accuracy as categorical_accuracy
from keras.metrics._accuracy import (
    sparse_categorical_accuracy as sparse_categorical_accuracy,
)
from keras.metrics._accuracy import (
    sparse_top_k_categorical_accuracy as sparse_top_k_categorical_accuracy,
)
from keras.metrics._accuracy import (
    top_k_categorical_accuracy as top_k_categorical_accuracy,
)
from keras.metrics._auc import AUC as AUC
from keras.metrics._correlation import ConcordanceCorrelation as ConcordanceCorrelation
from keras.metrics._correlation import PearsonCorrelation as PearsonCorrelation
from keras.metrics._correlation import (
    concordance_correlation as concordance_correlation,
)
from keras.metrics._correlation import pearson_correlation as pearson_correlation
from keras.metrics._counts import FalseNegatives as FalseNegatives
from keras.metrics._counts import FalsePositives as FalsePositives
from keras.metrics._counts import Precision as Precision
from keras.metrics._counts import Recall as Recall
from keras.metrics._counts import TrueNegatives as TrueNegatives
from keras.metrics._counts import TruePositives as TruePositives
from keras.metrics._f_score import F1Score as F1Score
from keras.metrics._f_score import FBetaScore as FBetaScore
from keras.metrics._hinge import CategoricalHinge as CategoricalHinge
from keras.metrics._hinge import Hinge as Hinge
from keras.metrics._hinge import SquaredHinge as SquaredHinge
from keras.metrics._iou import BinaryIoU as BinaryIoU
from keras.metrics._iou import IoU as IoU
from keras.metrics._iou import MeanIoU as MeanIoU
from keras.metrics._iou import OneHotIoU as OneHotIoU
from keras.metrics._iou import OneHotMeanIoU as OneHotMeanIoU
from keras.metrics._mean import Mean as Mean
from keras.metrics._mean import MeanMetricWrapper as MeanMetricWrapper
from keras.metrics._mean import Sum as Sum
from keras.metrics._metric import Metric as Metric
from keras.metrics._names import deserialize as deserialize
from keras.metrics._names import get as get
from keras.metrics._names import serialize as serialize
from keras.metrics._probabilistic import BinaryCrossentropy as BinaryCrossentropy
from keras.metrics._probabilistic import (
    CategoricalCrossentropy as CategoricalCrossentropy,
)
from keras.metrics._probabilistic import KLDivergence as KLDivergence
from keras.metrics._probabilistic import Poisson as Poisson
from keras.metrics._probabilistic import (
    SparseCategoricalCrossentropy as SparseCategoricalCrossentropy,
)
from keras.metrics._regression import CosineSimilarity as CosineSimilarity
from keras.metrics._regression import LogCoshError as LogCoshError
from keras.metrics._regression import MeanAbsoluteError as MeanAbsoluteError
from keras.metrics._regression import (
    MeanAbsolutePercentageError as MeanAbsolutePercentageError,
)
from keras.metrics._regression import MeanSquaredError as MeanSquaredError
from keras.metrics._regression import (
    MeanSquaredLogarithmicError as MeanSquaredLogarithmicError,
)
from keras.metrics._regression import R2Score as R2Score
from keras.metrics._regression import RootMeanSquaredError as RootMeanSquaredError
from keras.metrics._tradeoff import PrecisionAtRecall as PrecisionAtRecall
from keras.metrics._tradeoff import RecallAtPrecision as RecallAtPrecision
from keras.metrics._tradeoff import SensitivityAtSpecificity as SensitivityAtSpecificity
from keras.metrics._tradeoff import SpecificityAtSensitivity as SpecificityAtSensitivity
