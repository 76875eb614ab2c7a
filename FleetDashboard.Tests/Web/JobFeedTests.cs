using FleetDashboard.Contracts;
using FleetDashboard.Tests.Support;
using FleetDashboard.Web.Clients;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace FleetDashboard.Tests.Web;

/// <summary>The jobs that all viewers share, and the requests that start them, over real HTTP.</summary>
public sealed class JobFeedTests : IAsyncLifetime
{
    private static readonly SignedInCaller Olga = new("8", "olga", Roles.Operator, "192.0.2.7");
    private FakeCollector _collector = default!;
    private WebApp _app = default!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private JobFeed Feed => _app.Services.GetRequiredService<JobFeed>();

    private ActionsClient Client => _app.Services.GetRequiredService<ActionsClient>();

    public async ValueTask InitializeAsync()
    {
        _collector = await FakeCollector.StartAsync(ActingFleet.Create());
        _app = WebApp.Start(_collector.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Fact]
    public async Task ManyViewers_ShareOneStream()
    {
        var job = FakeJobs.Running("shop");
        _collector.Jobs.Put(job);
        var seen = Enumerable.Range(0, 20).Select(_ => UntilAsync(view => view.Ended.Length == 1)).ToList();
        await UntilAsync(view => view.Active.Length == 1);

        _collector.Jobs.Put(FakeJobs.Over(job, JobStates.Succeeded, "It runs again."));
        var views = await Task.WhenAll(seen);

        Assert.All(views, view => Assert.Same(views[0].Ended[0], view.Ended[0]));
        Assert.Equal(1, _collector.OpenStreams);
    }

    [Fact]
    public async Task CollectorRestarts_TheEndOfAnInterruptedJobIsShown()
    {
        var job = FakeJobs.Running("shop");
        _collector.Jobs.Put(job);
        await UntilAsync(view => view.Active.Length == 1);

        _collector.Jobs.Forget(job);
        _collector.Cut();
        await UntilAsync(view => view.Active.Length == 0);
        _collector.Jobs.Put(FakeJobs.Over(job, JobStates.Interrupted, "The Collector stopped before the action ended."));

        var view = await UntilAsync(view => view.Ended.Length == 1);
        Assert.Equal(JobStates.Interrupted, view.Ended[0].Job.State);
    }

    [Fact]
    public async Task Job_Started_IsShownAtOnce()
    {
        var answer = await Client.StartAsync(ActionRequest.New(ActionNames.Restart, _collector.Url, "a/b c", null), Olga, Token);

        var taken = Assert.IsType<ActionResponse.Taken>(answer);
        Assert.Equal(taken.Job.Id, Assert.Single(Feed.Current.Active).Job.Id);
        Assert.True(_collector.Jobs.Posts.TryDequeue(out var post));
        Assert.Equal("/api/v1/apps/a%2Fb%20c/actions/restart", post.Path);
        Assert.Equal(
            ("8", "olga", Roles.Operator, "192.0.2.7"),
            (
                post.Token.Subject,
                post.Token.GetClaim(CollectorToken.NameClaim).Value,
                post.Token.GetClaim(CollectorToken.RoleClaim).Value,
                post.Token.GetClaim(CollectorToken.AddressClaim).Value
            )
        );
    }

    [Fact]
    public async Task Request_SentTwice_StartsOneJobWithTwoTokens()
    {
        var request = ActionRequest.New(ActionNames.Restart, _collector.Url, "shop", null);

        var first = Assert.IsType<ActionResponse.Taken>(await Client.StartAsync(request, Olga, Token));
        var second = Assert.IsType<ActionResponse.Taken>(await Client.StartAsync(request, Olga, Token));

        Assert.Equal(first.Job.Id, second.Job.Id);
        var posts = _collector.Jobs.Posts.ToArray();
        Assert.Equal(posts[0].Key, posts[1].Key);
        Assert.NotEqual(posts[0].Token.Id, posts[1].Token.Id);
    }

    [Fact]
    public async Task Responses_BecomeMessagesForTheUser()
    {
        Assert.Equal(new ActionResponse.Refused("No."), await AnswerAsync(Results.Problem("No.", statusCode: 403)));
        Assert.Equal(
            new ActionResponse.Busy("ops does it.", "7f"),
            await AnswerAsync(
                Results.Problem("ops does it.", statusCode: 409, extensions: new Dictionary<string, object?> { ["job"] = "7f" })
            )
        );
        Assert.Equal(
            new ActionResponse.Later("Too many.", TimeSpan.FromSeconds(7)),
            await AnswerAsync(Results.Problem("Too many.", statusCode: 429), "7")
        );
        Assert.Equal(
            new ActionResponse.Later("The trail cannot be written.", null),
            await AnswerAsync(Results.Problem("The trail cannot be written.", statusCode: 503))
        );
        Assert.IsType<ActionResponse.Lost>(await AnswerAsync(Results.StatusCode(500)));
    }

    [Fact]
    public async Task Response_Lost_IsReportedAndNotRetried()
    {
        _collector.Jobs.Answer = context =>
        {
            context.Abort();
            return Results.Empty;
        };

        Assert.IsType<ActionResponse.Lost>(
            await Client.StartAsync(ActionRequest.New(ActionNames.Restart, _collector.Url, "shop", null), Olga, Token)
        );

        Assert.Single(_collector.Jobs.Posts);
    }

    [Fact]
    public async Task Token_RejectedAsUsed_IsReplacedOnce()
    {
        _collector.Jobs.Answer = _ =>
            Results.Problem("The token is older than this run of the Collector: send a new one.", statusCode: 401);

        var refused = Assert.IsType<ActionResponse.Refused>(
            await Client.StartAsync(ActionRequest.New(ActionNames.Restart, _collector.Url, "shop", null), Olga, Token)
        );

        Assert.Contains("send a new one", refused.Sentence, StringComparison.Ordinal);
        var posts = _collector.Jobs.Posts.ToArray();
        Assert.Equal(2, posts.Length);
        Assert.NotEqual(posts[0].Token.Id, posts[1].Token.Id);
        Assert.Equal(posts[0].Key, posts[1].Key);
    }

    [Fact]
    public async Task Lines_OfAFinishedJob_AreShownToALaterViewer()
    {
        var job = FakeJobs.Over(FakeJobs.Running("shop"), JobStates.Failed, "It ended again at once.");
        _collector.Jobs.Put(job, "one", "two");
        var shown = (await UntilAsync(view => view.Ended.Length == 1)).Ended[0];

        await foreach (var lines in Feed.WatchLinesAsync(shown, Token))
        {
            if (lines.Length == 2)
            {
                Assert.Equal(["one", "two"], lines.Select(line => line.Text));
                return;
            }
        }
    }

    private async Task<ActionResponse> AnswerAsync(IResult result, string? retryAfter = null)
    {
        _collector.Jobs.Answer = context =>
        {
            if (retryAfter is not null)
            {
                context.Response.Headers.RetryAfter = retryAfter;
            }
            return result;
        };
        return await Client.StartAsync(ActionRequest.New(ActionNames.Restart, _collector.Url, "shop", null), Olga, Token);
    }

    private async Task<JobsView> UntilAsync(Func<JobsView, bool> wanted)
    {
        await foreach (var view in Feed.WatchAsync(Token))
        {
            if (wanted(view))
            {
                return view;
            }
        }
        throw new InvalidOperationException("The feed ended.");
    }
}
