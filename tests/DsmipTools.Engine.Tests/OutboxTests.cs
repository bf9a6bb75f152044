using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.Tests.Simulation;

namespace DsmipTools.Engine.Tests;

public sealed class OutboxTests
{
}
