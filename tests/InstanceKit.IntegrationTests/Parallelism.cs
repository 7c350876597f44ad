using Xunit.Sdk;
using Xunit.v3;

// Each of these tests starts containers and processes of its own; more at once would only measure the machine, and on a
// slow one with two processors everything else that a test waits for would come too late.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 2)]
