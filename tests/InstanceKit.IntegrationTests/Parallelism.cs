using Xunit.Sdk;
using Xunit.v3;

// Each of these tests starts containers and processes of its own; more at once would only measure the machine.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 2)]
