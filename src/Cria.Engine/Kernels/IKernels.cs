using Cria.Engine.Tensors;

namespace Cria.Engine.Kernels;

/// <summary>
/// The narrow waist: everything a backend can do. Outputs first, inputs next, scalars last. A kernel works in memory that
/// is already there, on the rows below the extent; it allocates nothing after the first call of a shape, and never reads back
/// to the host. Ops check shapes when they are recorded; kernels trust them, and assert them in Debug. A row's result never
/// depends on the other rows, on their number, or on threads.
/// </summary>
/// <remarks>R is the number of rows (tokens) of a micro-batch; other letters as in docs/glossary.md.</remarks>
public interface IKernels : IMatrixKernels
{
    string Name { get; }

    /// <summary>y = x · wᵀ + epilogue. y (R, N); x (R, C); w (N, C).</summary>
    void MatMul(Sink y, Tensor x, Tensor w, Epilogue epilogue = default);

    /// <summary>The input gradient of <see cref="MatMul"/>: dx = dy · w. dx (R, C); dy (R, N); w (N, C).</summary>
    void MatMulInput(Sink dx, Tensor dy, Tensor w);

    /// <summary>The weight gradient of <see cref="MatMul"/>: dw = dyᵀ · x. dw (N, C); dy (R, N); x (R, C).</summary>
    void MatMulWeight(Sink dw, Tensor dy, Tensor x);

    /// <summary>The gradient of a product's bias: sums[c] = Σ x[r, c]. sums (C); x (R, C).</summary>
    void ColumnSums(Sink sums, Tensor x);

    /// <summary>y[r] = table[ids[r]]. y (R, H); table (V, H); ids I32 (R, 1).</summary>
    void Embed(Tensor y, Tensor table, Tensor ids);

    /// <summary>dTable[ids[r]] += dy[r], over the rows in order, but nothing to the frozen row; −1 is none.</summary>
    void EmbedBackward(Sink dTable, Tensor dy, Tensor ids, int frozenRow);

    /// <summary>y = x · inverseRms · weight, row by row. x, y (R, C); inverseRms (R, 1); weight (C).</summary>
    void RmsNorm(Tensor y, Tensor inverseRms, Tensor x, Tensor weight, float epsilon);

    /// <summary>The gradients of <see cref="RmsNorm"/>.</summary>
    void RmsNormBackward(Sink dx, Sink dWeight, Tensor dy, Tensor x, Tensor weight, Tensor inverseRms);

    /// <summary>
    /// y = (x − mean) · inverseDeviation · weight + bias, row by row. x, y (R, C); mean, inverseDeviation (R, 1): kept for
    /// backward; weight, bias (C), and the bias may be nothing.
    /// </summary>
    void LayerNorm(Tensor y, Tensor mean, Tensor inverseDeviation, Tensor x, Tensor weight, Tensor bias, float epsilon);

    /// <summary>The gradients of <see cref="LayerNorm"/>.</summary>
    void LayerNormBackward(Sink dx, Sink dWeight, Sink dBias, Tensor dy, Tensor x, Tensor weight, Tensor mean,
        Tensor inverseDeviation);

    /// <summary>
    /// Rotates pairs (i, i + P/2) of every head's first P columns by the row's position; the others pass as they are.
    /// x, y (R, heads · D); positions I32 (R, 1); cosSin (positions, P): P/2 cosines, then P/2 sines, P at most D. Inverse
    /// turns back, which is the gradient. y may be x.
    /// </summary>
    void Rope(Sink y, Tensor x, Tensor positions, Tensor cosSin, int headDim, bool inverse);

    /// <summary>
    /// Softmax attention over segments, without a T × T matrix. y, q (R, N·D); k, v (R or cache rows, K·D);
    /// logSumExp (R, N): log Σ exp(scale · q·k), kept for backward. In training the spans may tell what to drop of the
    /// probabilities, after the softmax.
    /// </summary>
    void Attention(Tensor y, Tensor logSumExp, Tensor q, Tensor k, Tensor v, AttentionSpans spans, AttentionShape shape);

    /// <summary>The gradients of <see cref="Attention"/> (without a cache). delta (R, N) is scratch: Σ dy · y a head.</summary>
    void AttentionBackward(Sink dq, Sink dk, Sink dv, Tensor delta, Tensor dy, Tensor y, Tensor logSumExp,
        Tensor q, Tensor k, Tensor v, AttentionSpans spans, AttentionShape shape);

    /// <summary>y = x · mask; the gradient is the same of dy. x, y (R, C).</summary>
    void Dropout(Sink y, Tensor x, DropoutMask mask);

    /// <summary>Copies this step's rows behind each segment's past. cache (cache rows, C); rows (R, C).</summary>
    void CacheWrite(Tensor cache, Tensor rows, AttentionSpans spans);

    /// <summary>y = f(a, b), element by element; all of one shape.</summary>
    void Map<F>(Tensor y, Tensor a, Tensor b) where F : struct, IFormula;

    /// <summary>The gradients of <see cref="Map"/>.</summary>
    void MapBackward<F>(Sink da, Sink db, Tensor dy, Tensor a, Tensor b) where F : struct, IFormula;

    /// <summary>y = f(x), element by element.</summary>
    void Activate<F>(Tensor y, Tensor x) where F : struct, IActivation;

    /// <summary>The gradient of <see cref="Activate"/>.</summary>
    void ActivateBackward<F>(Sink dx, Tensor dy, Tensor x) where F : struct, IActivation;

    /// <summary>
    /// to = from in the other type: F32 to BF16 rounds to the nearest, ties to even, NaN stays NaN; BF16 to F32 is exact.
    /// to, from (R, C). The only kernel, beside <see cref="AdamWCompact"/>, that knows BF16.
    /// </summary>
    void Convert(Tensor to, Tensor from);

    /// <summary>
    /// loss[r] = −Σ y[v] · log softmax(logits[r])[v] in nats, where y is 1 − smoothing of targets[r] and smoothing / V of every
    /// token; a negative target makes loss 0. loss (R, 1); logits (R, V); targets I32 (R, 1).
    /// </summary>
    void CrossEntropy(Tensor loss, Tensor logits, Tensor targets, float smoothing);

    /// <summary>
    /// <see cref="CrossEntropy"/>, and its gradient in the place of the logits: weights[r] · (softmax − y). weights (R, 1).
    /// </summary>
    void CrossEntropyGradient(Tensor loss, Tensor logits, Tensor targets, Tensor weights, float smoothing);

    /// <summary>
    /// crossEntropy[r] as in <see cref="CrossEntropy"/>, divergence[r] = Σ p · (log p − log softmax(logits[r] / T)) with p =
    /// teachers[r], probabilities, and loss[r] = c · crossEntropy[r] + d · divergence[r]; in the place of the logits the loss's gradient,
    /// weights[r] · (c · (softmax − one-hot) + d / T · (softmax at T − p)). A negative target makes all of them 0. loss, crossEntropy,
    /// divergence, weights (R, 1); logits, teachers (R, V); targets I32 (R, 1).
    /// </summary>
    void Distillation(Tensor loss, Tensor crossEntropy, Tensor divergence, Tensor logits, Tensor teachers, Tensor targets, Tensor weights,
        DistillationConstants constants);

    /// <summary>
    /// <see cref="Distillation"/> from the few tokens that are kept of a teacher's prediction. With q = softmax(logits[r] / T):
    /// divergence[r] = Σ a · (log p − log q) + ρ · (log ρ − log q_rest), where the sum is over the kept tokens, with shares a and
    /// log-probabilities log p, ρ is the share of all other tokens together and q_rest what q gives to them. The divergence's part
    /// of the gradient is weights[r] · d / T · g, where A = Σ a + ρ and g = A · q − a of a kept token, A · q − ρ · q / q_rest of another.
    /// </summary>
    void SparseDistillation(Tensor loss, Tensor crossEntropy, Tensor divergence, Tensor logits, SparsePredictions teachers, Tensor targets,
        Tensor weights, DistillationConstants constants);

    /// <summary>p = factor · softmax(scale · logits), row by row. p, logits (R, V); scale above 0. p may be the logits.</summary>
    void Softmax(Sink p, Tensor logits, float scale, float factor);

    /// <summary>y = factor · x. y, x (R, C).</summary>
    void Scale(Sink y, Tensor x, float factor);

    /// <summary>targets[r] drawn from softmax(logits[r]). targets I32 (R, 1); logits (R, V).</summary>
    void SampleLabels(Tensor targets, Tensor logits, SampledLabels labels);

    /// <summary>total = Σ values[r] · weights[r], summed in double. total (1); values, weights (R, 1).</summary>
    void WeightedSum(Tensor total, Tensor values, Tensor weights);

    /// <summary>
    /// Writes <see cref="StepScalar.GradientNorm"/> and <see cref="StepScalar.ClipFactor"/>. gradients: flat;
    /// a maxNorm of 0 does not clip.
    /// </summary>
    void ClipByGlobalNorm(Tensor scalars, Tensor gradients, float maxNorm);

    /// <summary>
    /// norms[i] = the L2 norm of values − minus over the elements starts[i] .. starts[i + 1], summed in double; minus may be
    /// nothing, which is zero. norms F32 (n); values, minus: flat; starts I32 (n + 1), ascending.
    /// </summary>
    void RangeNorms(Tensor norms, Tensor values, Tensor minus, Tensor starts);

    /// <summary>One AdamW step over a flat range; learning rate, corrections and clip factor from the scalars.</summary>
    void AdamW(Tensor weights, Tensor firstMoment, Tensor secondMoment, Tensor gradients, Tensor scalars,
        AdamWConstants constants);

    /// <summary>
    /// <see cref="AdamW"/> with both moments in BF16, rounded stochastically: the weights take the step of the moments
    /// before they are rounded.
    /// </summary>
    void AdamWCompact(Tensor weights, Tensor firstMoment, Tensor secondMoment, Tensor gradients, Tensor scalars,
        AdamWConstants constants, RoundingNoise noise);

    /// <summary>
    /// One step of an optimizer over a flat range, in one pass: weights and state from the gradients times the clip factor. Where
    /// that is 0 everything stays as it is. Slots that the update does not have are nothing.
    /// </summary>
    void Update<U>(Tensor weights, Tensor first, Tensor second, Tensor third, Tensor gradients, Tensor scalars, U update)
        where U : unmanaged, IUpdate;

    /// <summary>y = y + rate · (x − y) over a flat range: a step of an exponential or a running mean. rate F32 (1).</summary>
    void Lerp(Tensor y, Tensor x, Tensor rate);

    /// <summary>
    /// The bytes of a backend's own that calls up to these sizes need: buffers beside the tensors, such as packed panels
    /// of a product. <see cref="Reserve"/> allocates exactly so many.
    /// </summary>
    long ScratchBytes(ScratchDemand demand);

    /// <summary>Allocates what calls up to these sizes need, so that none of them allocates; it only ever grows.</summary>
    void Reserve(ScratchDemand demand);
}
