namespace Cria;

/// <summary>Tests that take long run where CRIA_SLOW=1 says so, as .ci/run does.</summary>
static class SlowTests
{
    public static bool Run { get; } = Environment.GetEnvironmentVariable("CRIA_SLOW") == "1";

    /// <summary>Skips the test that calls it, unless slow ones are wanted.</summary>
    public static void Only() => Assert.SkipUnless(Run, "slow; set CRIA_SLOW=1");
}
