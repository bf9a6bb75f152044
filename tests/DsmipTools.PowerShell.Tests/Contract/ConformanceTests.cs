namespace DsmipTools.PowerShell.Tests.Contract;

public class ConformanceTests
{
    [Theory]
    [InlineData("5454", 76)]
    [InlineData("5846", 97)]
    [InlineData("5213", 250)]
    [InlineData("5844", 110)]
    [InlineData("5845", 50)]
    [InlineData("5847", 28)]
    [InlineData("4213", 34)]
    [InlineData("5944", 215)]
    [InlineData("3024", 28)]
    public void The_page_lists_each_statement_of_an_RFC_once(string rfc, int statements)
    {
        var ids = ConformanceTable.Load().Rows.Where(row => row.Rfc == rfc).Select(row => row.Id).ToArray();

        Assert.Equal(statements, ids.Length);
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void Every_id_that_a_test_carries_is_a_statement_of_the_page()
    {
        var known = ConformanceTable.Load().Rows.Select(row => row.Id).ToHashSet();

        Assert.DoesNotContain(ConformanceTable.IdsInTests().Keys, id => !known.Contains(id));
    }

    [Fact]
    public void Status_and_tests_of_the_page_are_those_of_the_tests()
    {
        var expected = ConformanceTable.Load().Render(ConformanceTable.IdsInTests());
        if (Environment.GetEnvironmentVariable("DSMIP_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(ConformanceTable.Path, expected);
        }

        Assert.Equal(expected, File.ReadAllText(ConformanceTable.Path));
    }

    /// <summary>
    /// What the registration and revocation commands stand on; a test that is deleted or renamed shows here. Of 5846-4-03 the agents use UDP 5436;
    /// UDP 4191 is composed, sent and read, and gets its agents with Mobile IPv6.
    /// </summary>
    [Theory]
    [InlineData("5454-2.1-01 5454-2.1-02 5454-2.1-03 5454-2.2-01 5454-2.2-02 5454-2.2-03 5454-2.3-01 5454-2-01")]
    [InlineData("5454-3.1-01 5454-3.1-02 5454-3.2-01 5454-3.2-02 5454-3.2-03 5454-3.2-04")]
    [InlineData("5454-3.3-02 5454-3.3-03 5454-3.3-04 5454-3.3-05 5454-3.3-06 5454-3.3-07")]
    [InlineData("5454-3.5-01 5454-3.5-02 5454-3.5-03 5454-3.5-07 5454-3.7-01 5454-3.8-01 5454-3.8-02 5454-3.8-03 5454-4-03")]
    [InlineData("5846-4-01 5846-4-02 5846-4-03 5846-5-01 5846-5-02 5846-5-03 5846-5.1-01 5846-5.1-02 5846-5.1-03 5846-5.1-04 5846-5.1-05 5846-5.1-06 5846-5.1-11")]
    [InlineData("5846-5.2-01 5846-5.2-02 5846-6.1.1-01 5846-6.1.1-02 5846-6.1.1-03 5846-6.1.2-01 5846-6.1.2-02 5846-6.1.2-03")]
    [InlineData("5846-6.2.1-01 5846-6.2.1-02 5846-6.2.1-03 5846-6.2.1-04 5846-6.2.2-01 5846-6.2.2-02 5846-6.2.2-03 5846-6.3-01 5846-6.3-02 5846-6.3-03")]
    [InlineData("5846-8.1-01 5846-8.1-02 5846-8.1-03 5846-8.1-04 5846-8.1-05 5846-9.1-01 5846-9.1-02 5846-9.1-03 5846-11-01 5846-11-02 5846-13-02")]
    public void The_statements_that_both_commands_stand_on_are_done(string ids)
    {
        var status = ConformanceTable.Load().Rows.ToDictionary(row => row.Id, row => row.Status);

        Assert.All(ids.Split(' '), id => Assert.Equal("done", status[id]));
    }
}
