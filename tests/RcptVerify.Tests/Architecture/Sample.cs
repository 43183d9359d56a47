// A small product in the same layout that breaks the rules on purpose: the architecture test must see each of its faults.
// One file for all its namespaces: apart they would only hide what belongs together.
using RcptVerify.Tests.Architecture.Sample.Caching;
using RcptVerify.Tests.Architecture.Sample.Verification;

namespace RcptVerify.Tests.Architecture.Sample.Verification
{
    internal interface IVerdictStore;

    internal sealed class Verdict;
}

namespace RcptVerify.Tests.Architecture.Sample.Caching
{
    internal sealed class Store
    {
        public static readonly int Count = Environment.ProcessorCount;

        public static int Size() => Count;

        internal sealed class Inner
        {
            public static int Size() => Count;
        }
    }

    internal interface IStored;

    internal sealed class StoreException : Exception;

    [AttributeUsage(AttributeTargets.All)]
    internal sealed class StoredAttribute : Attribute;
}

namespace RcptVerify.Tests.Architecture.Sample.Probing
{
    internal static class Allowed
    {
        public static object Body() => new Verdict();
    }

    internal static class CallInBody
    {
        public static int Body() => Store.Size();
    }

    internal static class FieldInBody
    {
        public static int Body() => Store.Count;
    }

    internal static class NestedInBody
    {
        public static int Body() => Store.Inner.Size();
    }

    internal static class TypeOfInBody
    {
        public static Type Body() => typeof(Store);
    }

    internal static class GenericArgumentInBody
    {
        public static object Body() => Array.Empty<List<Store[]>>();
    }

    internal static class CatchInBody
    {
        public static bool Body(Action action)
        {
            try
            {
                action();
                return true;
            }
            catch (StoreException)
            {
                return false;
            }
        }
    }

    internal static class LambdaInBody
    {
        public static Func<int> Body(int offset) => () => offset + Store.Size();
    }

    internal static class AsyncBody
    {
        public static async Task<int> Body(Task before)
        {
            await before;
            return Store.Size();
        }
    }

    internal static class AfterSwitchInBody
    {
        // Enough cases in a row for a jump table, whose length stands in the instruction.
        public static int Body(int n)
        {
            switch (n)
            {
                case 0: Console.Beep(); break;
                case 1: Console.Clear(); break;
                case 2: GC.Collect(); break;
                case 3: GC.KeepAlive(n); break;
                case 4: Console.ResetColor(); break;
                case 5: GC.WaitForPendingFinalizers(); break;
            }

            return Store.Size();
        }
    }

    internal static class Signature
    {
        public static void Body(Store[]? stores) => ArgumentNullException.ThrowIfNull(stores);
    }

    internal static class Constraint
    {
        public static T? Body<T>()
            where T : class, IStored => null;
    }

    [Stored]
    internal static class Attributed;

    internal sealed class Derived : Dictionary<string, Store>;

    internal static class ForbiddenType
    {
        public static bool Body(object store) => store is IVerdictStore;
    }
}

namespace RcptVerify.Tests.Architecture.Sample.Wire.Policy
{
    internal static class KnowsTelemetry
    {
        public static object Body() => new Telemetry.Log();
    }
}

namespace RcptVerify.Tests.Architecture.Sample.Telemetry
{
    internal sealed class Log;
}

namespace RcptVerify.Tests.Architecture.Sample.Endpoints
{
    internal static class MayLog
    {
        public static object Body() => new Telemetry.Log();
    }
}

namespace RcptVerify.Tests.Architecture.Sample.Undecided
{
    internal static class Newcomer
    {
        public static int Body() => Caching.Store.Size();
    }
}
