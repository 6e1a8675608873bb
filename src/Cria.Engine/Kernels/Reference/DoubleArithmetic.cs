namespace Cria.Engine.Kernels.Reference;

/// <summary>A formula's operations on one double: how Reference and the gradient checks evaluate it.</summary>
public readonly struct DoubleArithmetic : IArithmetic<double>
{
    public static double Splat(float value) => value;

    public static double Add(double a, double b) => a + b;

    public static double Subtract(double a, double b) => a - b;

    public static double Multiply(double a, double b) => a * b;

    public static double Divide(double a, double b) => a / b;

    public static double MulAdd(double a, double b, double c) => Math.FusedMultiplyAdd(a, b, c);

    public static double Max(double a, double b) => Math.Max(a, b);

    public static double Min(double a, double b) => Math.Min(a, b);

    public static double Sqrt(double x) => Math.Sqrt(x);

    public static double Abs(double x) => Math.Abs(x);

    public static double Negate(double x) => -x;

    public static double GreaterThan(double a, double b) => BitConverter.Int64BitsToDouble(a > b ? -1 : 0);

    public static double Select(double mask, double a, double b) => BitConverter.DoubleToInt64Bits(mask) != 0 ? a : b;

    public static double Exp(double x) => Math.Exp(x);

    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    public static double Tanh(double x) => Math.Tanh(x);

    public static double Erf(double x) => ErrorFunction.At(x);
}
