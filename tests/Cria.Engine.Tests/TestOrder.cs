// Kernels own worker threads and scratch memory, and some tests count allocated bytes: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
