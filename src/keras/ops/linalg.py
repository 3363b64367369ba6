"""Linear algebra."""

from keras.ops._linalg import cholesky as cholesky
from keras.ops._linalg import cholesky_inverse as cholesky_inverse
from keras.ops._linalg import det as det
from keras.ops._linalg import eig as eig
from keras.ops._linalg import eigh as eigh
from keras.ops._linalg import inv as inv
from keras.ops._linalg import jvp as jvp
from keras.ops._linalg import lstsq as lstsq
from keras.ops._linalg import lu_factor as lu_factor
from keras.ops._linalg import matrix_rank as matrix_rank
from keras.ops._linalg import norm as norm
from keras.ops._linalg import pinv as pinv
from keras.ops._linalg import qr as qr
from keras.ops._linalg import solve as solve
from keras.ops._linalg import solve_triangular as solve_triangular
from keras.ops._linalg import svd as svd
