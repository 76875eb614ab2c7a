using FleetDashboard.Web.Auth.Oidc;
using FleetDashboard.Web.Auth.Passkeys;
using FleetDashboard.Web.Auth.Sessions;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace FleetDashboard.Web.Auth;

/// <summary>Registers ASP.NET Core Identity over SQLite, the session cookie and the policies.</summary>
internal static class AccountsServices
{
    public static void AddAccounts(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<AccountsOptions>, AccountsOptionsValidator>();
        services.AddOptions<AccountsOptions>().BindConfiguration(AccountsOptions.SectionName).ValidateOnStart();
        services.AddDbContext<AccountsDb>(
            (provider, options) =>
                options.UseSqlite($"Data Source={provider.GetRequiredService<IOptions<WebDataOptions>>().Value.AccountsFile}")
        );
        services
            .AddIdentityCore<IdentityUser>(ConfigureIdentity)
            .AddRoles<IdentityRole>()
            .AddEntityFrameworkStores<AccountsDb>()
            .AddSignInManager();
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.ConfigureApplicationCookie(ConfigureCookie);
        services
            .AddOptions<SecurityStampValidatorOptions>()
            .Configure<IOptions<AccountsOptions>>(
                (stamp, accounts) =>
                {
                    stamp.ValidationInterval = accounts.Value.RevalidateEvery;
                    stamp.OnRefreshingPrincipal = SessionCookie.KeepSessionAsync;
                }
            );
        services.AddAntiforgery(options =>
            (options.Cookie.Name, options.Cookie.SecurePolicy) = ("fleet-form", CookieSecurePolicy.SameAsRequest)
        ); // Redirects add the path prefix themselves.
        services.AddAuthorization(Policies.Configure);

        var external = OidcOptions.IsWanted(builder.Configuration);
        services.AddSingleton(
            new SignInMethod(external ? builder.Configuration[$"{OidcOptions.SectionName}:{nameof(OidcOptions.Authority)}"] ?? "" : null)
        );
        if (external)
        {
            services.AddProvider();
        }
        services.AddHostedService<FirstOperator>();
        services.AddSingleton<SignInLimiter>();
        services.AddSingleton<FailedAttempts>();
        services.AddSingleton<KnownBrowser>();
        services.AddSingleton<StepUp>();
        services.AddSingleton<OwnSessions>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<SessionCheck>();
        services.AddSingleton<SessionCookie>();
        services.AddScoped<SignIn>();
        services.AddScoped<PasswordChange>();
        services.AddPasskeys();
        services.AddSingleton<UserAccounts>();
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, RevalidatingAccount>();
    }

    private static void ConfigureIdentity(IdentityOptions options)
    {
        // Length makes a password hard to guess. Rules such as "one digit, one symbol" only make it hard to remember.
        options.Password.RequiredLength = AccountsOptions.MinPasswordLength;
        options.Password.RequireDigit = false;
        options.Password.RequireLowercase = false;
        options.Password.RequireUppercase = false;
        options.Password.RequireNonAlphanumeric = false;
        options.Password.RequiredUniqueChars = 1;
        options.Stores.SchemaVersion = IdentitySchemaVersions.Version3; // the first schema with passkeys
    }

    private static void ConfigureCookie(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = SessionCookieName.Plain;
        options.CookieManager = new SessionCookieName();
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = SessionStore.LocalLifetime;
        options.SlidingExpiration = true;
        options.LoginPath = AccountRoutes.SignIn;
        options.LogoutPath = AccountRoutes.SignOut;
        options.AccessDeniedPath = AccountRoutes.NoAccess;
        options.ReturnUrlParameter = AccountRoutes.ReturnUrl;
        options.EventsType = typeof(SessionCookie);
    }
}

/// <summary>Addresses of the account pages.</summary>
internal static class AccountRoutes
{
    public const string SignIn = "/sign-in";
    public const string SignInFailed = "/sign-in/failed";
    public const string SignOut = "/sign-out";
    public const string SignedOut = "/signed-out";
    public const string BackChannelSignOut = "/sign-out/back-channel";
    public const string NoAccess = "/no-access";
    public const string ReturnUrl = "returnUrl";

    /// <summary>Query parameter that is set when the user clicked "Sign in". A page that only lost its session does not set it.</summary>
    public const string SignInRequested = "asked";
}
