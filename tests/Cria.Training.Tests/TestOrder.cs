// Allocations are counted for the whole process, and each test runs threads of its own.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
