using Cria.Engine.Tensors;

namespace Cria.Engine.Graphs;

/// <summary>
/// All parameters of a model in one flat block, and their gradients in another: in recording order, each aligned to 256
/// bytes, padding zero. A model asks for its parameters by name; <see cref="Allocate"/> gives them memory.
/// </summary>
public sealed class ParameterStore(IDevice device, DType type = DType.F32) : IDisposable
{
    const int AlignmentInBytes = 256;

    readonly List<Parameter> _parameters = [];
    readonly List<long> _offsets = [];
    DeviceMemory? _weights, _gradients;
    long _length;

    public IDevice Device => device;

    public DType DType => type;

    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Elements of the flat blocks, padding included.</summary>
    public long FlatLength => _length;

    /// <summary>The exact number of parameters; tied ones count once.</summary>
    public long Count => _parameters.Sum(p => p.Shape.Length);

    public Tensor Weights => Flat(_weights, 0, _length);

    public Tensor Gradients => Flat(_gradients, 0, _length);

    public Parameter Add(string name, Shape shape, Initializer initializer, ParameterKind kind)
    {
        if (_weights is not null)
            throw new InvalidOperationException($"{name} comes after the store was allocated");
        if (_parameters.Exists(p => p.Name == name))
            throw new InvalidOperationException($"there are two parameters named {name}");
        var parameter = new Parameter(name, type, shape, initializer, kind)
        {
            Gradient = new Value("d" + name, type, shape), // its memory comes with Allocate
        };
        int alignment = AlignmentInBytes / type.SizeInBytes();
        _parameters.Add(parameter);
        _offsets.Add(_length);
        _length += (shape.Length + alignment - 1) / alignment * alignment;
        if (_length > int.MaxValue)
            throw new DeviceException($"the model has more than {int.MaxValue:N0} parameters with {name}; " +
                "this version holds them in one flat block of at most that many.");
        return parameter;
    }

    /// <summary>Gives every parameter its memory; with gradients, if the model is to be trained.</summary>
    public void Allocate(bool withGradients)
    {
        _weights = device.Allocate(_length * type.SizeInBytes());
        if (withGradients)
            _gradients = device.Allocate(_length * type.SizeInBytes());
        for (int i = 0; i < _parameters.Count; i++)
        {
            var parameter = _parameters[i];
            long offset = _offsets[i] * type.SizeInBytes();
            parameter.Bind(_weights.Tensor(type, parameter.Shape, offset));
            parameter.Master = parameter.Data;
            if (_gradients is not null)
                parameter.Gradient!.Bind(_gradients.Tensor(type, parameter.Shape, offset));
        }
    }

    /// <summary>Fills every parameter by its initializer; the numbers depend on (seed, name, index) alone.</summary>
    /// <param name="seed">Of all parameters.</param>
    /// <param name="factor">What a parameter's numbers are multiplied by; 1 for all by default.</param>
    public void Initialize(ulong seed, Func<Parameter, double>? factor = null)
    {
        double[] piece = new double[1 << 13]; // small: garbage of the parameters' size would stay resident
        foreach (var parameter in _parameters)
        {
            var random = Philox.For(seed, parameter.Name);
            double scale = factor?.Invoke(parameter) ?? 1;
            for (long start = 0; start < parameter.Shape.Length; start += piece.Length)
            {
                var values = piece.AsSpan(0, (int)Math.Min(piece.Length, parameter.Shape.Length - start));
                for (int i = 0; i < values.Length; i++)
                    values[i] = scale * parameter.Initializer.At(random, (ulong)(start + i));
                Write(parameter, values, start);
            }
        }
    }

    /// <summary>Sets a parameter from numbers on the host.</summary>
    /// <param name="parameter">One of this store's.</param>
    /// <param name="values">In its order.</param>
    /// <param name="start">Which of its numbers the first one is.</param>
    public void Write(Parameter parameter, ReadOnlySpan<double> values, long start = 0)
    {
        if (start < 0 || start + values.Length > parameter.Shape.Length)
            throw new ArgumentException($"{values.Length} numbers from {start} on do not fit {parameter}");
        var master = new Tensor(device, parameter.Master.Address + (nint)(start * type.SizeInBytes()), type, new Shape(values.Length));
        if (type == DType.F64)
        {
            master.Write(values);
            return;
        }
        float[] rounded = new float[values.Length];
        for (int i = 0; i < rounded.Length; i++)
            rounded[i] = (float)values[i];
        master.Write<float>(rounded);
    }

    /// <summary>Flat ranges (offset, length in elements) of the trainable parameters among these; neighbours become one range.</summary>
    public IReadOnlyList<(long Offset, long Length)> Ranges(Func<Parameter, bool> includes)
    {
        var ranges = new List<(long Offset, long Length)>();
        for (int i = 0; i < _parameters.Count; i++)
        {
            if (!_parameters[i].Trainable || !includes(_parameters[i]))
                continue;
            long end = i + 1 < _offsets.Count ? _offsets[i + 1] : _length;
            if (ranges.Count > 0 && ranges[^1].Offset + ranges[^1].Length == _offsets[i])
                ranges[^1] = (ranges[^1].Offset, end - ranges[^1].Offset);
            else
                ranges.Add((_offsets[i], end - _offsets[i]));
        }
        return ranges;
    }

    /// <summary>Where the parameter begins in the flat blocks, in elements.</summary>
    public long OffsetOf(Parameter parameter) => _offsets[_parameters.IndexOf(parameter)];

    public void Dispose()
    {
        _weights?.Dispose();
        _gradients?.Dispose();
    }

    Tensor Flat(DeviceMemory? block, long offset, long length) =>
        block is null
            ? throw new InvalidOperationException("the store has no such memory; call Allocate first")
            : block.Tensor(type, new Shape(checked((int)length)), offset);
}
