using System.Diagnostics.Tracing;

namespace Cria.Fuzz;

/// <summary>
/// The largest object that was allocated since it was last asked. The runtime reports every allocation of more than
/// about 100 KB; smaller ones do not matter here.
/// </summary>
sealed class LargestObject : EventListener
{
    const string Runtime = "Microsoft-Windows-DotNETRuntime";
    const EventKeywords Collector = (EventKeywords)1;
    const string SizeField = "ObjectSize";

    long _largest;

    public long Take() => Interlocked.Exchange(ref _largest, 0);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Runtime)
            EnableEvents(eventSource, EventLevel.Verbose, Collector);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        int field = eventData.PayloadNames?.IndexOf(SizeField) ?? -1;
        if (field >= 0 && eventData.Payload![field] is ulong size)
            _largest = Math.Max(_largest, (long)size);
    }
}
