namespace DsmipTools.Engine.Configuration;

/// <summary>A configuration variable that can change while the agent runs. All others are settled when the agent is made.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ChangeableAttribute : Attribute;
