using System.Collections;
using System.Globalization;
using System.Text;
using RcptVerify.Configuration;
using Xunit;

namespace RcptVerify.Tests.Configuration;

/// <summary>Shorthand of the configuration tests.</summary>
internal static class Configured
{
    public const string Source = "c.toml";

    public static ConfigurationResult Parse(string text, Dictionary<string, string>? environment = null, params string[] routes) =>
        ConfigurationLoader.Parse(text, Source, environment ?? [], routes);

    public static ConfigurationResult FromEnvironment(params (string Name, string Text)[] variables) =>
        Parse("", variables.ToDictionary(variable => variable.Name, variable => variable.Text));

    public static RcptVerifyOptions Options(ConfigurationResult result)
    {
        Assert.Equal("", Errors(result));
        return Assert.IsType<RcptVerifyOptions>(result.Options);
    }

    /// <summary>The errors, one a line, as a user reads them.</summary>
    public static string Errors(ConfigurationResult result) => string.Join('\n', result.Errors);

    public static void HasErrors(ConfigurationResult result, params string[] errors)
    {
        Assert.Equal(string.Join('\n', errors), Errors(result));
        Assert.Null(result.Options);
    }

    /// <summary>Everything in an options record as text: records with lists inside do not compare by value.</summary>
    public static string Dump(object? value)
    {
        var text = new StringBuilder();
        Dump(text, value, "");
        return text.ToString();
    }

    private static void Dump(StringBuilder text, object? value, string path)
    {
        if (value is string or ListenAddress or ServerAddress or RateLimit)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{path} = {value}");
        }
        else if (value is IEnumerable items)
        {
            int count = 0;
            foreach (object item in items)
                Dump(text, item, $"{path}[{count++}]");
            text.AppendLine(CultureInfo.InvariantCulture, $"{path}.Count = {count}");
        }
        else if (value?.GetType() is { Namespace: "RcptVerify.Configuration", IsEnum: false } type)
        {
            foreach (System.Reflection.PropertyInfo property in type.GetProperties())
                Dump(text, property.GetValue(value), $"{path}.{property.Name}");
        }
        else
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{path} = {value ?? "null"}");
        }
    }
}
