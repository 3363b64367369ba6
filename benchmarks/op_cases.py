"""The calls that `ops.py` times: with keras.ops, with torch, with NumPy or jax.numpy.

`x`, `y`: float32 (8, 8); `c`: the same of bool; `v`: (8,); `i`, `s`, `k`: int64 indices;
`image`, `kernel`: channels last, and `image_t`, `kernel_t` the same as torch has it;
`q`: (1, 8, 2, 4), `q_t`: (1, 2, 8, 4); `p`: a unit matrix; `F`: torch.nn.functional.
"""

_TABLE = """
add | ops.add(x, y) | torch.add(x, y) | np.add(x, y)
add scalar | ops.add(x, 2.0) | torch.add(x, 2.0) | np.add(x, 2.0)
multiply scalar | ops.multiply(2, x) | 2 * x | 2 * x
subtract | ops.subtract(x, y) | torch.sub(x, y) | np.subtract(x, y)
divide | ops.divide(x, y) | torch.div(x, y) | np.divide(x, y)
floor_divide | ops.floor_divide(x, y) | torch.floor_divide(x, y) | np.floor_divide(x, y)
mod | ops.mod(x, y) | torch.remainder(x, y) | np.mod(x, y)
power | ops.power(x, 2.0) | torch.pow(x, 2.0) | np.power(x, 2.0)
maximum | ops.maximum(x, y) | torch.maximum(x, y) | np.maximum(x, y)
clip | ops.clip(x, 0.0, 1.0) | torch.clamp(x, 0.0, 1.0) | np.clip(x, 0.0, 1.0)
negative | ops.negative(x) | torch.neg(x) | np.negative(x)
abs | ops.abs(x) | torch.abs(x) | np.abs(x)
sign | ops.sign(x) | torch.sign(x) | np.sign(x)
square | ops.square(x) | torch.square(x) | np.square(x)
sqrt | ops.sqrt(x) | torch.sqrt(x) | np.sqrt(x)
exp | ops.exp(x) | torch.exp(x) | np.exp(x)
log | ops.log(x) | torch.log(x) | np.log(x)
sin | ops.sin(x) | torch.sin(x) | np.sin(x)
tanh | ops.tanh(x) | torch.tanh(x) | np.tanh(x)
floor | ops.floor(x) | torch.floor(x) | np.floor(x)
isnan | ops.isnan(x) | torch.isnan(x) | np.isnan(x)
greater | ops.greater(x, y) | torch.gt(x, y) | np.greater(x, y)
less scalar | ops.less(x, 1.0) | torch.lt(x, 1.0) | np.less(x, 1.0)
logical_and | ops.logical_and(c, c) | torch.logical_and(c, c) | np.logical_and(c, c)
logical_not | ops.logical_not(c) | torch.logical_not(c) | np.logical_not(c)
where | ops.where(c, x, y) | torch.where(c, x, y) | np.where(c, x, y)
relu | ops.relu(x) | torch.relu(x) | np.maximum(x, 0)
relu6 | ops.relu6(x) | F.relu6(x) |
leaky_relu | ops.leaky_relu(x) | F.leaky_relu(x, 0.2) |
elu | ops.elu(x) | F.elu(x) |
selu | ops.selu(x) | torch.selu(x) |
sigmoid | ops.sigmoid(x) | torch.sigmoid(x) |
hard_sigmoid | ops.hard_sigmoid(x) | F.hardsigmoid(x) |
silu | ops.silu(x) | F.silu(x) |
gelu | ops.gelu(x) | F.gelu(x, approximate='tanh') |
softplus | ops.softplus(x) | F.softplus(x) |
softmax | ops.softmax(x) | torch.softmax(x, -1) |
log_softmax | ops.log_softmax(x) | torch.log_softmax(x, -1) |
sum | ops.sum(x, -1) | torch.sum(x, -1) | np.sum(x, -1)
sum of all | ops.sum(x) | torch.sum(x) | np.sum(x)
mean | ops.mean(x, 0) | torch.mean(x, 0) | np.mean(x, 0)
max | ops.max(x, -1) | torch.amax(x, -1) | np.max(x, -1)
prod | ops.prod(x, -1) | torch.prod(x, -1) | np.prod(x, -1)
var | ops.var(x, -1) | torch.var(x, -1, correction=0) | np.var(x, -1)
std | ops.std(x, -1) | torch.std(x, -1, correction=0) | np.std(x, -1)
any | ops.any(c, -1) | torch.any(c, -1) | np.any(c, -1)
argmax | ops.argmax(x, -1) | torch.argmax(x, -1).int() | np.argmax(x, -1)
argsort | ops.argsort(x) | torch.argsort(x, stable=True).int() | np.argsort(x)
sort | ops.sort(x) | torch.sort(x).values | np.sort(x)
top_k | ops.top_k(x, 2) | torch.topk(x, 2) |
cumsum | ops.cumsum(x, -1) | torch.cumsum(x, -1) | np.cumsum(x, -1)
logsumexp | ops.logsumexp(x, -1) | torch.logsumexp(x, -1) |
matmul | ops.matmul(x, y) | torch.matmul(x, y) | np.matmul(x, y)
dot | ops.dot(x, y) | torch.matmul(x, y) | np.dot(x, y)
einsum | ops.einsum('ij,jk->ik', x, y) | torch.einsum('ij,jk->ik', x, y) | np.einsum('ij,jk->ik', x, y)
outer | ops.outer(v, v) | torch.outer(v, v) | np.outer(v, v)
tensordot | ops.tensordot(x, y, 1) | torch.tensordot(x, y, 1) | np.tensordot(x, y, 1)
reshape | ops.reshape(x, (4, 16)) | x.reshape(4, 16) | x.reshape(4, 16)
transpose | ops.transpose(x, (1, 0)) | x.permute(1, 0) | x.transpose(1, 0)
swapaxes | ops.swapaxes(x, 0, 1) | x.swapaxes(0, 1) | np.swapaxes(x, 0, 1)
moveaxis | ops.moveaxis(x, 0, 1) | torch.movedim(x, 0, 1) | np.moveaxis(x, 0, 1)
expand_dims | ops.expand_dims(x, 0) | x.unsqueeze(0) | np.expand_dims(x, 0)
squeeze | ops.squeeze(r, 0) | r.squeeze(0) | np.squeeze(r, 0)
broadcast_to | ops.broadcast_to(x, (2, 8, 8)) | x.expand(2, 8, 8) | np.broadcast_to(x, (2, 8, 8))
concatenate | ops.concatenate([x, y], -1) | torch.cat([x, y], -1) | np.concatenate([x, y], -1)
stack | ops.stack([x, y]) | torch.stack([x, y]) | np.stack([x, y])
split | ops.split(x, 2) | torch.tensor_split(x, 2) | np.split(x, 2)
unstack | ops.unstack(x) | torch.unbind(x) | list(x)
tile | ops.tile(x, (2, 1)) | torch.tile(x, (2, 1)) | np.tile(x, (2, 1))
repeat | ops.repeat(x, 2, 0) | torch.repeat_interleave(x, 2, 0) | np.repeat(x, 2, 0)
flip | ops.flip(x, 0) | torch.flip(x, (0,)) | np.flip(x, 0)
roll | ops.roll(x, 1, 0) | torch.roll(x, 1, 0) | np.roll(x, 1, 0)
pad | ops.pad(x, ((1, 1), (0, 0))) | F.pad(x, (0, 0, 1, 1)) | np.pad(x, ((1, 1), (0, 0)))
tril | ops.tril(x) | torch.tril(x) | np.tril(x)
diagonal | ops.diagonal(x) | torch.diagonal(x) | np.diagonal(x)
meshgrid | ops.meshgrid(v, v) | torch.meshgrid(v, v, indexing='xy') | np.meshgrid(v, v)
take | ops.take(x, i, 0) | torch.index_select(x, 0, i) | np.take(x, i, 0)
take_along_axis | ops.take_along_axis(x, k, 1) | torch.take_along_dim(x, k, 1) | np.take_along_axis(x, k, 1)
get_item | ops.get_item(x, (0, slice(2, 6))) | x[0, 2:6] | x[0, 2:6]
slice | ops.slice(x, (0, 2), (8, 4)) | x[0:8, 2:6] | x[0:8, 2:6]
slice_update | ops.slice_update(x, (0, 2), u) | torch.slice_scatter(x, u, 1, 2, 6) |
segment_sum | ops.segment_sum(x, s, 4) | torch.zeros(4, 8).index_add(0, s, x) |
one_hot | ops.one_hot(i, 8) | F.one_hot(i, 8).float() |
nonzero | ops.nonzero(c) | torch.nonzero(c).T.int() |
zeros | ops.zeros((4, 8)) | torch.zeros(4, 8) | np.zeros((4, 8), 'float32')
full | ops.full((4, 8), 2.0) | torch.full((4, 8), 2.0) | np.full((4, 8), 2.0, 'float32')
ones_like | ops.ones_like(x) | torch.ones_like(x) | np.ones_like(x)
arange | ops.arange(8) | torch.arange(8, dtype=torch.int32) | np.arange(8, dtype='int32')
linspace | ops.linspace(0.0, 1.0, 5) | torch.linspace(0.0, 1.0, 5) | np.linspace(0.0, 1.0, 5)
eye | ops.eye(8) | torch.eye(8) | np.eye(8)
cast | ops.cast(x, 'int32') | x.to(torch.int32) | x.astype('int32')
convert_to_tensor | ops.convert_to_tensor([1.0, 2.0]) | torch.as_tensor([1.0, 2.0]) | np.asarray([1.0, 2.0], 'float32')
stop_gradient | ops.stop_gradient(x) | x.detach() |
norm | ops.norm(x) | torch.linalg.norm(x) | np.linalg.norm(x)
cross | ops.cross(t, t) | torch.linalg.cross(t, t) | np.cross(t, t)
det | ops.det(p) | torch.linalg.det(p) | np.linalg.det(p)
inv | ops.inv(p) | torch.linalg.inv(p) | np.linalg.inv(p)
solve | ops.solve(p, y) | torch.linalg.solve(p, y) | np.linalg.solve(p, y)
cholesky | ops.cholesky(p) | torch.linalg.cholesky(p) | np.linalg.cholesky(p)
conv | ops.conv(image, kernel, 1, 'same') | F.conv2d(image_t, kernel_t, padding='same') |
max_pool | ops.max_pool(image, 2) | F.max_pool2d(image_t, 2) |
average_pool | ops.average_pool(image, 2) | F.avg_pool2d(image_t, 2) |
attention | ops.dot_product_attention(q, q, q) | F.scaled_dot_product_attention(q_t, q_t, q_t) |
layer_normalization | ops.layer_normalization(x, v, v) | F.layer_norm(x, (8,), v, v) |
batch_normalization | ops.batch_normalization(x, v, v, -1, v, v) | F.batch_norm(x, v, v, v, v) |
categorical_crossentropy | ops.categorical_crossentropy(x, y, True) | F.cross_entropy(y, x, reduction='none') |
binary_crossentropy | ops.binary_crossentropy(x, y, True) | F.binary_cross_entropy_with_logits(y, x, reduction='none') |
"""

CASES: dict[str, tuple[str, str, str]] = {
    name: (ours, on_torch, on_numpy)
    for name, ours, on_torch, on_numpy in (
        [cell.strip() for cell in row.split("|")] for row in _TABLE.strip().splitlines()
    )
}
